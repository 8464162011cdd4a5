"""Two numbers that count on with what a meetup's page shows, whoever changed it.

`page_version` counts everything; `content_version` leaves out who comes, so that what is said of
the meetup need not be said anew with every answer.
"""

from django.db import migrations, models

PARTS = ("session", "topic", "minutesitem", "recording", "sponsorship", "site")

CREATE = """
CREATE FUNCTION meetups_count_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_answers CONSTANT text[] := ARRAY[
        'going', 'online_going', 'offered', 'online_offered', 'page_version'
    ];
BEGIN
    NEW.page_version := OLD.page_version + 1;
    IF to_jsonb(NEW) - of_answers <> to_jsonb(OLD) - of_answers THEN
        NEW.content_version := OLD.content_version + 1;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER meetups_count_version BEFORE UPDATE ON meetups_meetup
FOR EACH ROW EXECUTE FUNCTION meetups_count_version();

CREATE FUNCTION meetups_neighbours_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE meetups_meetup SET content_version = content_version + 1 WHERE id IN (
        SELECT moved_to_id FROM meetups_topic WHERE meetup_id = NEW.id
        UNION SELECT meetup_id FROM meetups_topic WHERE moved_to_id = NEW.id
        UNION SELECT id FROM meetups_meetup WHERE same_as_id = NEW.id
        UNION SELECT NEW.same_as_id
    );
    RETURN NULL;
END
$$;

CREATE TRIGGER meetups_neighbours_changed AFTER UPDATE ON meetups_meetup FOR EACH ROW
WHEN (
    (OLD.is_published, OLD.title, OLD.slug) IS DISTINCT FROM
    (NEW.is_published, NEW.title, NEW.slug)
)
EXECUTE FUNCTION meetups_neighbours_changed();

CREATE FUNCTION meetups_waitlist_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE meetups_meetup SET page_version = page_version WHERE id = NEW.meetup_id;
    RETURN NULL;
END
$$;

CREATE FUNCTION meetups_part_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE meetups_meetup SET content_version = content_version + 1
    WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.meetup_id ELSE NEW.meetup_id END;
    RETURN NULL;
END
$$;

CREATE TRIGGER meetups_waitlist_changed AFTER UPDATE ON meetups_rsvp FOR EACH ROW
WHEN (OLD.status = 'waitlisted' OR NEW.status = 'waitlisted')
EXECUTE FUNCTION meetups_waitlist_changed();

CREATE TRIGGER meetups_waitlist_joined AFTER INSERT ON meetups_rsvp FOR EACH ROW
WHEN (NEW.status = 'waitlisted') EXECUTE FUNCTION meetups_waitlist_changed();
""" + "".join(
    f"""
CREATE TRIGGER meetups_part_changed AFTER INSERT OR UPDATE OR DELETE ON meetups_{part}
FOR EACH ROW EXECUTE FUNCTION meetups_part_changed();
"""
    for part in PARTS
)

DROP = "".join(f"DROP TRIGGER meetups_part_changed ON meetups_{part};" for part in PARTS) + """
DROP TRIGGER meetups_waitlist_joined ON meetups_rsvp;
DROP TRIGGER meetups_waitlist_changed ON meetups_rsvp;
DROP FUNCTION meetups_waitlist_changed();
DROP TRIGGER meetups_neighbours_changed ON meetups_meetup;
DROP FUNCTION meetups_neighbours_changed();
DROP FUNCTION meetups_part_changed();
DROP TRIGGER meetups_count_version ON meetups_meetup;
DROP FUNCTION meetups_count_version();
"""


class Migration(migrations.Migration):
    dependencies = [("meetups", "0004_places_from_rows")]
    operations = [
        migrations.AddField(
            model_name="meetup",
            name="page_version",
            field=models.PositiveBigIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="meetup",
            name="content_version",
            field=models.PositiveBigIntegerField(default=0, editable=False),
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
