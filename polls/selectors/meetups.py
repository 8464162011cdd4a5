"""What a meetup has of the group's voice."""

from typing import Any

from django.db.models import CharField, Value

from community.core.public_pages import kept
from meetups.models import Meetup
from meetups.selectors.desk import is_organized_by
from polls.models import Brainstorm, Poll

BRAINSTORMS, POLLS = "brainstorms", "polls"


def voice_of(meetup: Meetup, user: Any) -> frozenset[str]:
    """Which of `BRAINSTORMS` and `POLLS` the meetup has any of.

    Known for a few seconds, as the page for strangers is; its organizers look anew.
    """
    if is_organized_by(meetup, user):
        return _voice_of(meetup)
    return kept(f"voice|{meetup.pk}", lambda: _voice_of(meetup))


def _voice_of(meetup: Meetup) -> frozenset[str]:
    brainstorms = Brainstorm.objects.order_by().filter(meetup=meetup)
    polls = Poll.objects.order_by().filter(meetup=meetup)
    found = brainstorms.values_list(_word(BRAINSTORMS)).union(polls.values_list(_word(POLLS)))
    return frozenset(word for (word,) in found)


def _word(word: str) -> Value:
    return Value(word, output_field=CharField())
