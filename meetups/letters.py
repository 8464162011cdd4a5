"""What the meetups app's mails say."""

from typing import Any

from community.services.mail import CalendarPart, Letter
from meetups.ical import meetup_calendar
from meetups.models import Rsvp

METHODS = {Rsvp.Status.GOING: "REQUEST", Rsvp.Status.NOT_GOING: "CANCEL"}
TEMPLATES = {
    Rsvp.Status.GOING: "meetups/rsvp_going",
    Rsvp.Status.WAITLISTED: "meetups/rsvp_waitlisted",
    Rsvp.Status.NOT_GOING: "meetups/rsvp_not_going",
}


def about_rsvp(rsvp: Rsvp) -> dict[str, Any]:
    """The answer as it is confirmed; a later one has a letter of its own."""
    return {
        "rsvp": rsvp.pk,
        "status": rsvp.status,
        "guests": rsvp.guests,
        "revision": rsvp.revision,
    }


def rsvp_letter(about: dict[str, Any]) -> Letter:
    """The confirmation of an answer, with its calendar entry or the entry's withdrawal."""
    rsvp = Rsvp.objects.select_related("meetup__venue", "user").get(pk=about["rsvp"])
    rsvp.status, rsvp.guests = about["status"], about["guests"]
    rsvp.revision = about["revision"]
    method = METHODS.get(Rsvp.Status(rsvp.status))
    calendar = None
    if method:
        calendar = CalendarPart(meetup_calendar(rsvp.meetup, method=method, rsvp=rsvp), method)
    return Letter({"rsvp": rsvp, "meetup": rsvp.meetup}, calendar)
