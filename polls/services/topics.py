"""Winners of a topic poll become planned topics of meetups to come."""

from django.db import transaction

from community.core import clock
from community.core.errors import ConflictError, InvalidError
from community.models import User
from meetups.models import Meetup, Topic
from meetups.services.agenda import plan_topic
from meetups.services.chapters import chapter_for
from polls import states
from polls.models import Poll, PollEntry, PollOption
from polls.services.moves import lock_poll


@transaction.atomic
def plan_option(*, option: PollOption, meetup: Meetup, by: User) -> Topic:
    """Make `option` of a closed topic poll a planned topic of `meetup`; once for each option.

    The poll's row is held, so that two who click at once make one topic. Raises ForbiddenError,
    InvalidError for another chapter's meetup, ConflictError.
    """
    poll = lock_poll(option.poll)
    chapter_for(by, poll.chapter)
    _check(poll, meetup)
    option = PollOption.objects.select_related("topic__meetup").get(pk=option.pk)
    if option.topic is not None:
        raise ConflictError(
            f"“{option}” is a topic of “{option.topic.meetup}” already. Nothing was changed.",
            code="already_planned",
        )
    option.topic = plan_topic(meetup=meetup, text=option.title, by=by)
    option.save(update_fields=["topic"])
    # Everyone reads the log, and a draft's title is not theirs yet.
    where = f"“{meetup.title[:80]}”" if meetup.is_published else "a meetup to come"
    sentence = f"“{option.title[:80]}” became a topic of {where}."
    PollEntry.objects.create(poll=poll, event="topic", at=clock.now(), by=by, sentence=sentence)
    return option.topic


def _check(poll: Poll, meetup: Meetup) -> None:
    if poll.purpose != Poll.Purpose.TOPICS:
        raise ConflictError("This poll is not about topics of meetups.", code="no_topic_poll")
    if poll.state != states.CLOSED:
        raise ConflictError("Topics are planned once the poll is closed.", code="wrong_state")
    if meetup.chapter_id != poll.chapter_id:
        raise InvalidError(
            "Choose a meetup of the same chapter.", errors={"meetup": ["another chapter's"]}
        )
