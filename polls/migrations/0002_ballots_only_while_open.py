from django.db import migrations

# Whoever writes a ballot holds the poll's row until the commit, so that a close, which changes
# that row, waits for them and counts them; who comes after the close is refused.
FORWARDS = """
CREATE FUNCTION polls_refuse_late_ballot() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  current_state text;
BEGIN
  SELECT state INTO current_state FROM polls_poll WHERE id = NEW.poll_id FOR SHARE;
  IF current_state IS DISTINCT FROM 'open' THEN
    RAISE EXCEPTION 'poll % takes no ballots', NEW.poll_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ballot_only_while_open';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER polls_ballot_only_while_open
  BEFORE INSERT OR UPDATE OF choices, poll_id ON polls_ballot
  FOR EACH ROW EXECUTE FUNCTION polls_refuse_late_ballot();
"""
BACKWARDS = """
DROP TRIGGER polls_ballot_only_while_open ON polls_ballot;
DROP FUNCTION polls_refuse_late_ballot();
"""


class Migration(migrations.Migration):
    dependencies = [("polls", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
