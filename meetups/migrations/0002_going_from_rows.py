"""`going` and `online_going` follow the RSVP rows, whatever wrote them.

With the check constraints on the meetup the database itself refuses an oversold room: it holds
for the admin, for SQL by hand, and for code that forgot its lock.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION meetups_people(r meetups_rsvp, mode text) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN r.status = 'going' AND r.mode = $2 THEN 1 + r.guests ELSE 0 END
$$;

CREATE FUNCTION meetups_count_going() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    room integer := 0;
    online integer := 0;
    meetup bigint;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.meetup_id <> NEW.meetup_id THEN
        RAISE EXCEPTION 'an RSVP never moves to another meetup';
    END IF;
    IF TG_OP <> 'INSERT' THEN
        meetup := OLD.meetup_id;
        room := room - meetups_people(OLD, 'in_person');
        online := online - meetups_people(OLD, 'online');
    END IF;
    IF TG_OP <> 'DELETE' THEN
        meetup := NEW.meetup_id;
        room := room + meetups_people(NEW, 'in_person');
        online := online + meetups_people(NEW, 'online');
    END IF;
    IF room <> 0 OR online <> 0 THEN
        UPDATE meetups_meetup
        SET going = going + room, online_going = online_going + online
        WHERE id = meetup;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER meetups_count_going
AFTER INSERT OR UPDATE OR DELETE ON meetups_rsvp
FOR EACH ROW EXECUTE FUNCTION meetups_count_going();
"""

DROP = """
DROP TRIGGER meetups_count_going ON meetups_rsvp;
DROP FUNCTION meetups_count_going();
DROP FUNCTION meetups_people(meetups_rsvp, text);
"""


class Migration(migrations.Migration):
    dependencies = [("meetups", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
