"""Where the winners of a topic poll go."""

from typing import Any

from meetups.models import Meetup
from meetups.selectors.meetups import upcoming_meetups
from polls.models import Poll, PollOption


def meetups_for_topics(poll: Poll, user: Any) -> list[Meetup]:
    """Coming meetups of the poll's chapter, the next first; those without a date at the end."""
    coming = upcoming_meetups(user).filter(chapter=poll.chapter_id, is_cancelled=False)
    return list(coming[:24])


def next_without_topic(meetups: list[Meetup], options: list[PollOption]) -> Meetup | None:
    """The next of `meetups` that has no topic from these options; the next one where all have."""
    taken = {option.topic.meetup_id for option in options if option.topic is not None}
    free = [meetup for meetup in meetups if meetup.pk not in taken]
    return next(iter(free or meetups), None)
