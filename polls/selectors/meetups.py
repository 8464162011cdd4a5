"""What a meetup has of the group's voice."""

from typing import Any

from community.core.public_pages import kept
from meetups.models import Meetup
from meetups.selectors.desk import is_organized_by
from polls.models import Brainstorm, Poll


def has_voice(meetup: Meetup, user: Any) -> bool:
    """Whether `meetup` has any brainstorm or poll.

    Known for a few seconds, as the page for strangers is; its organizers look anew.
    """
    if is_organized_by(meetup, user):
        return _has_voice(meetup)
    return kept(f"voice|{meetup.pk}", lambda: _has_voice(meetup))


def _has_voice(meetup: Meetup) -> bool:
    brainstorms = Brainstorm.objects.filter(meetup=meetup).values("pk")
    return brainstorms.union(Poll.objects.filter(meetup=meetup).values("pk")).exists()
