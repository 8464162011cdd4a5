"""What a page says after an answer."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetups.models import Rsvp
from meetups.selectors.rsvps import waitlist_position


def said(rsvp: Rsvp) -> str:
    """One's answer, in a sentence."""
    if rsvp.status == Rsvp.Status.GOING and rsvp.guests:
        return ngettext(
            "You are counted in with %(guests)s guest. "
            "A mail with the calendar entry is on its way.",
            "You are counted in with %(guests)s guests. "
            "A mail with the calendar entry is on its way.",
            rsvp.guests,
        ) % {"guests": rsvp.guests}
    if rsvp.status == Rsvp.Status.GOING:
        return _("You are counted in. A mail with the calendar entry is on its way.")
    if rsvp.status == Rsvp.Status.WAITLISTED:
        return _(
            "It is full. You are number %(place)s on the waitlist and move up by yourself."
        ) % {"place": waitlist_position(rsvp)}
    return _("You are not going. Your place is free for someone else.")
