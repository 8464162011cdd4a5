"""The mails of a poll: each once, only to whom they are for, never with what is hidden."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress

from community.core import clock
from community.core.errors import ConflictError, TooManyError
from community.models import Mail, MailKind, MailOptOut
from community.services.outgoing import send_queued_mail
from polls.models import PollEntry
from polls.services.ballots import cast_ballot
from polls.services.moves import cancel_poll, close_poll, extend_poll, open_poll
from polls.services.polls import create_poll
from polls.services.reminders import queue_reminders, remind_voters
from polls.tasks import remind_voters as reminder_task
from tests.factories.community import ChapterFactory, UserFactory, member, organizer
from tests.factories.polls import PollFactory

pytestmark = pytest.mark.django_db


def sent(purpose, mailoutbox):
    """Send what is queued for `purpose`; the addresses it reached."""
    mailoutbox.clear()
    for mail in Mail.objects.filter(purpose=f"polls/{purpose}", state=Mail.State.QUEUED):
        send_queued_mail(str(mail.pk))
    return sorted(message.to[0] for message in mailoutbox)


def vote(poll, user):
    cast_ballot(poll=poll, choices={"ranking": [poll.options.first().pk]}, by=user)


def test_opening_tells_the_electorate_once(mailoutbox):
    boss, user = organizer(), member()
    member(ChapterFactory(slug="boston"))
    silent = member()
    MailOptOut.objects.create(user=silent, kind=MailKind.ANNOUNCEMENT)
    closes_at = clock.now() + dt.timedelta(days=3)
    poll = create_poll(by=boss, title="What matters", options=["A", "B"], closes_at=closes_at)
    assert not Mail.objects.exists()
    open_poll(poll=poll, by=boss)
    assert sent("opened", mailoutbox) == [user.email]
    message = mailoutbox[0]
    assert message.subject == "Vote: What matters"
    assert f"/polls/{poll.slug}/" in message.body
    assert "No more mails of this kind" in message.body
    assert Mail.objects.get(to=silent.email).state == Mail.State.UNWANTED


def test_addresses_without_an_account_are_told_too(mailoutbox):
    known = UserFactory()
    EmailAddress.objects.create(user=known, email="other@example.org", verified=True)
    create_poll(
        by=organizer(), title="T", options=["A", "B"], electorate="emails",
        emails=["Other@example.org", "new@example.org"], opens_at=clock.now(),
        closes_at=clock.now() + dt.timedelta(days=3),
    )  # fmt: skip
    assert sent("opened", mailoutbox) == sorted([known.email, "new@example.org"])


def test_the_reminder_goes_once_and_only_to_who_has_not_voted(mailoutbox, time_machine):
    poll = PollFactory(options=2, closes_at=clock.now() + dt.timedelta(days=3))
    voter, late, silent = member(), member(), member()
    vote(poll, voter)
    assert queue_reminders() == 0
    time_machine.move_to(poll.closes_at - dt.timedelta(hours=23, minutes=59))
    reminder_task()
    assert queue_reminders() == 0
    vote(poll, late)  # between the queueing and the sending
    assert sent("reminder", mailoutbox) == [silent.email]
    assert Mail.objects.get(to=late.email).state == Mail.State.UNWANTED
    assert [entry.event for entry in PollEntry.objects.all()] == ["reminder"]


def test_no_reminder_for_a_short_poll_or_one_that_is_over(mailoutbox, time_machine):
    now = clock.now()
    PollFactory(options=2, opens_at=now, closes_at=now + dt.timedelta(hours=48))
    over = PollFactory(options=2, opens_at=now, closes_at=now + dt.timedelta(hours=49))
    user = member()
    time_machine.move_to(now + dt.timedelta(hours=30))
    assert queue_reminders() == 1
    close_poll(poll=over, reason="r", by=organizer())
    assert sent("reminder", mailoutbox) == []
    assert Mail.objects.get(recipient=user).state == Mail.State.UNWANTED


def test_the_button_reminds_at_most_once_a_day(mailoutbox, time_machine):
    poll = PollFactory(options=2)
    boss, voter, silent = organizer(), member(), member()
    vote(poll, voter)
    assert remind_voters(poll=poll, by=boss) == 2
    with pytest.raises(TooManyError) as refusal:
        remind_voters(poll=poll, by=boss)
    assert 86_000 < refusal.value.retry_after <= 86_400
    assert sent("reminder", mailoutbox) == sorted([boss.email, silent.email])
    time_machine.move_to(clock.now() + dt.timedelta(hours=25))
    assert remind_voters(poll=poll, by=boss) == 2
    cancel_poll(poll=poll, reason="r", by=boss)
    with pytest.raises(ConflictError):
        remind_voters(poll=poll, by=boss)


def test_the_result_goes_to_those_who_voted(mailoutbox):
    poll = PollFactory(options=5, title="What matters", quorum=9)
    boss, voter = organizer(), member()
    member()
    vote(poll, voter)
    extend_poll(poll=poll, closes_at=poll.closes_at + dt.timedelta(days=1), reason="r", by=boss)
    close_poll(poll=poll, reason="r", by=boss)
    assert sent("closed", mailoutbox) == [voter.email]
    body = mailoutbox[0].body
    assert "1. Option 1: 100.0 %" in body
    assert "1 of 3 voted; the quorum of 9 was not reached" in body
    assert f"/polls/{poll.slug}/results/" in body
    assert "100.0 %" in str(mailoutbox[0].alternatives)


def test_who_voted_is_told_why_nothing_is_counted(mailoutbox):
    poll = PollFactory(options=2)
    voter = member()
    member()
    vote(poll, voter)
    cancel_poll(poll=poll, reason="The options were wrong.", by=organizer())
    assert sent("cancelled", mailoutbox) == [voter.email]
    assert "Why: The options were wrong." in mailoutbox[0].body
