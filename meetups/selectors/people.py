from typing import NamedTuple

from django.db.models import Count, F, QuerySet, Sum, Window
from django.db.models.functions import RowNumber

from community.models import Mail
from meetups.models import Meetup, Rsvp


def people_of(meetup: Meetup, status: str = "") -> QuerySet[Rsvp]:
    """The answers to `meetup`, by name, those of `status` alone where one is given.

    `turn` is the place on the waitlist of who is waitlisted and means nothing for others.
    """
    rsvps = Rsvp.objects.filter(meetup=meetup)
    if status:
        rsvps = rsvps.filter(status=status)
    turn = Window(
        RowNumber(),
        partition_by=[F("status"), F("mode")],
        order_by=[F("waitlisted_at").asc(), F("id").asc()],
    )
    return (
        rsvps.select_related("user", "site", "check_in", "meetup__chapter")
        .annotate(turn=turn)
        .order_by("user__name", "user__email")
    )


def mails_of(meetup: Meetup) -> QuerySet[Mail]:
    """The mails about `meetup`, the latest first; those that hold a code stay out of sight."""
    return Mail.objects.filter(thread=f"meetup:{meetup.pk}", is_secret=False).order_by(
        "-created_at", "pk"
    )


class StatusCount(NamedTuple):
    """A status, its word, and the parties and people that have it."""

    status: str
    word: str
    parties: int
    people: int


def status_counts(meetup: Meetup) -> list[StatusCount]:
    """Every status that somebody has, in the order of the words."""
    rows = (
        Rsvp.objects.filter(meetup=meetup)
        .order_by()
        .values_list("status")
        .annotate(parties=Count("id"), people=Sum(F("guests") + 1))
    )
    found = {status: (parties, people) for status, parties, people in rows}
    return [
        StatusCount(status.value, str(status.label), *found[status.value])
        for status in Rsvp.Status
        if status.value in found
    ]
