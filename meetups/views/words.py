"""What a page says after an answer."""

from django.utils.translation import gettext as _

from meetups.models import Rsvp
from meetups.selectors.rsvps import waitlist_position


def said(rsvp: Rsvp) -> str:
    """One's answer, in a sentence."""
    if rsvp.status == Rsvp.Status.GOING:
        return _("You are counted in. A mail with the calendar entry is on its way.")
    if rsvp.status == Rsvp.Status.WAITLISTED:
        return _(
            "It is full. You are number %(place)s on the waitlist and move up by yourself."
        ) % {"place": waitlist_position(rsvp)}
    return _("You are not going. Your place is free for someone else.")
