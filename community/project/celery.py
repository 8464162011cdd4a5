"""The Celery app: a threads pool, because pyghmi must not be forked after use."""

from typing import Any

from celery import Celery
from celery.signals import worker_ready

app = Celery("stackers")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Safety nets: what they find is in the database, so a beat that is away only delays.
app.conf.beat_schedule = {
    "heartbeat": {"task": "community.beat", "schedule": 5.0, "options": {"expires": 5.0}},
    "mail": {"task": "community.send_due_mail", "schedule": 10.0, "options": {"expires": 10.0}},
    "answers": {"task": "community.drop_old_answers", "schedule": 3600.0},
    "offers": {"task": "meetups.lapse_offers", "schedule": 10.0, "options": {"expires": 10.0}},
    "reminders": {"task": "meetups.queue_reminders", "schedule": 60.0, "options": {"expires": 60}},
    "diets": {"task": "meetups.delete_dietary_notes", "schedule": 3600.0},
    "takeovers": {"task": "community.ripen_takeovers", "schedule": 3600.0},
    "polls": {"task": "polls.settle", "schedule": 5.0, "options": {"expires": 5.0}},
    "elections": {"task": "polls.settle_elections", "schedule": 5.0, "options": {"expires": 5.0}},
    "votes": {"task": "polls.remind", "schedule": 60.0, "options": {"expires": 60}},
    "voters": {
        "task": "polls.remind_of_elections",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "lab": {"task": "deploylab.reap", "schedule": 2.0, "options": {"expires": 2.0}},
}


@worker_ready.connect
def beat_at_once(**_: Any) -> None:
    """Say that a worker is there as soon as it is, not at the first beat."""
    app.send_task("community.beat")
