"""The meetup's and the sites' places follow the RSVP rows, whatever wrote them.

As 0002 did for `going`; an offered place is held too, and a site may have a capacity of its own.
The check constraints refuse what would be too many.
"""

from django.db import migrations

DROP_OLD = """
DROP TRIGGER meetups_count_going ON meetups_rsvp;
DROP FUNCTION meetups_count_going();
DROP FUNCTION meetups_people(meetups_rsvp, text);
"""

CREATE = """
CREATE FUNCTION meetups_people(r meetups_rsvp, status text, mode text) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN r.status = $2 AND r.mode = $3 THEN 1 + r.guests ELSE 0 END
$$;

CREATE FUNCTION meetups_held(r meetups_rsvp) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN r.status IN ('going', 'offered') THEN 1 + r.guests ELSE 0 END
$$;

CREATE FUNCTION meetups_count_places() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    a meetups_rsvp := OLD;
    b meetups_rsvp := NEW;
    room integer;
    online integer;
    room_offered integer;
    online_offered_ integer;
BEGIN
    IF TG_OP = 'UPDATE' AND a.meetup_id <> b.meetup_id THEN
        RAISE EXCEPTION 'an RSVP never moves to another meetup';
    END IF;
    room := coalesce(meetups_people(b, 'going', 'in_person'), 0)
        - coalesce(meetups_people(a, 'going', 'in_person'), 0);
    online := coalesce(meetups_people(b, 'going', 'online'), 0)
        - coalesce(meetups_people(a, 'going', 'online'), 0);
    room_offered := coalesce(meetups_people(b, 'offered', 'in_person'), 0)
        - coalesce(meetups_people(a, 'offered', 'in_person'), 0);
    online_offered_ := coalesce(meetups_people(b, 'offered', 'online'), 0)
        - coalesce(meetups_people(a, 'offered', 'online'), 0);
    IF room <> 0 OR online <> 0 OR room_offered <> 0 OR online_offered_ <> 0 THEN
        UPDATE meetups_meetup
        SET going = going + room, online_going = online_going + online,
            offered = offered + room_offered, online_offered = online_offered + online_offered_
        WHERE id = coalesce(b.meetup_id, a.meetup_id);
    END IF;
    IF a.site_id IS NOT DISTINCT FROM b.site_id THEN
        IF meetups_held(a) <> meetups_held(b) AND b.site_id IS NOT NULL THEN
            UPDATE meetups_site SET going = going + meetups_held(b) - meetups_held(a)
            WHERE id = b.site_id;
        END IF;
    ELSE
        IF a.site_id IS NOT NULL AND meetups_held(a) > 0 THEN
            UPDATE meetups_site SET going = going - meetups_held(a) WHERE id = a.site_id;
        END IF;
        IF b.site_id IS NOT NULL AND meetups_held(b) > 0 THEN
            UPDATE meetups_site SET going = going + meetups_held(b) WHERE id = b.site_id;
        END IF;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER meetups_count_going
AFTER INSERT OR UPDATE OR DELETE ON meetups_rsvp
FOR EACH ROW EXECUTE FUNCTION meetups_count_places();

UPDATE meetups_site SET going = (
    SELECT coalesce(sum(1 + guests), 0) FROM meetups_rsvp
    WHERE site_id = meetups_site.id AND status = 'going'
);
"""


class Migration(migrations.Migration):
    dependencies = [("meetups", "0003_a_group_needs")]
    operations = [migrations.RunSQL(DROP_OLD), migrations.RunSQL(CREATE)]
