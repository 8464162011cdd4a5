import uuid

import django.db.models.deletion
from django.db import migrations, models

# Declarative partitions need the key in the primary key and no foreign key: an election has
# ballots when it has a partition, which its opening makes and nothing else.
TABLE = """
CREATE TABLE polls_secretballot (
  election_id bigint NOT NULL,
  id uuid NOT NULL,
  choices jsonb NOT NULL,
  employer varchar(120) NOT NULL,
  revote_hash varchar(64) NULL,
  PRIMARY KEY (election_id, id),
  CONSTRAINT one_secret_ballot_a_code UNIQUE (election_id, revote_hash)
) PARTITION BY LIST (election_id);
"""
# Whoever writes a ballot holds the election's row until the commit, so that a close waits for
# them and counts them; who comes after the close is refused. Sealed ballots never change.
GUARDS = """
CREATE FUNCTION polls_guard_secret_ballot() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  current_state text;
BEGIN
  SELECT state INTO current_state FROM polls_election WHERE id = NEW.election_id FOR SHARE;
  IF current_state IS DISTINCT FROM 'open' THEN
    RAISE EXCEPTION 'election % takes no ballots', NEW.election_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'secret_ballot_only_while_open';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER polls_secret_ballot_only_while_open
  BEFORE INSERT OR UPDATE ON polls_secretballot
  FOR EACH ROW EXECUTE FUNCTION polls_guard_secret_ballot();

CREATE FUNCTION polls_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME
    USING ERRCODE = 'check_violation', CONSTRAINT = 'only_ever_added';
END
$$;
CREATE TRIGGER polls_secret_ballot_is_kept
  BEFORE DELETE ON polls_secretballot
  FOR EACH ROW EXECUTE FUNCTION polls_refuse_change();
CREATE TRIGGER polls_election_log_is_kept
  BEFORE UPDATE OR DELETE ON polls_electionentry
  FOR EACH ROW EXECUTE FUNCTION polls_refuse_change();
"""
BACKWARDS = """
DROP TABLE polls_secretballot;
DROP TRIGGER polls_election_log_is_kept ON polls_electionentry;
DROP FUNCTION polls_guard_secret_ballot();
DROP FUNCTION polls_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("polls", "0004_elections")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(TABLE + GUARDS, BACKWARDS)],
            state_operations=[
                migrations.CreateModel(
                    name="SecretBallot",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "election_id",
                                "id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("choices", models.JSONField(verbose_name="choices")),
                        (
                            "employer",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="employer, coarsely"
                            ),
                        ),
                        ("revote_hash", models.CharField(editable=False, max_length=64, null=True)),
                        (
                            "election",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="polls.election",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "secret ballot",
                        "verbose_name_plural": "secret ballots",
                    },
                ),
                migrations.AddConstraint(
                    model_name="secretballot",
                    constraint=models.UniqueConstraint(
                        fields=("election", "revote_hash"), name="one_secret_ballot_a_code"
                    ),
                ),
            ],
        )
    ]
