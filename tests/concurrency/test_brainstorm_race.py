"""60 phones post, edit and reorder 500 cards at once, through the real server and its sockets."""

import asyncio
import contextlib
import threading
from functools import partial

import pytest
from django.db import IntegrityError

from community.core.errors import ConflictError
from community.core.threads import in_thread
from community.services.accounts import create_api_token
from polls.exceptions import BrainstormClosedError
from polls.models import Brainstorm, Idea, IdeaEvent
from polls.services import idea_log, sorting
from polls.services import ideas as posting
from polls.services import undo as undoing
from polls.services.brainstorms import close_brainstorm
from polls.services.ideas import post_idea
from polls.services.sorting import merge_idea
from polls.services.undo import undo_change
from tests.concurrency.phones import WORDS_OWN, Phone
from tests.concurrency.served import serving
from tests.concurrency.stampede import stampede
from tests.factories.community import member, organizer
from tests.factories.polls import BrainstormFactory

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

PHONES, CARDS = 60, 500
UNCHECKED = """
from polls.services import ideas
ideas._merged = lambda idea, text, revision: text
"""


def _prepared(count):
    brainstorm = BrainstormFactory(everyone_sorts=True)
    tokens = [create_api_token(user=member(), name="phone") for _ in range(count)]
    return brainstorm.slug, tokens


def _stored():
    cards = Idea.objects.order_by("position", "id")
    return list(cards.values_list("id", "position", "text", "revision"))


async def _write(phone, posts, enough, edits, moves):
    """One's cards first, then edits and moves mixed, of whatever the screen shows."""
    for _ in range(posts):
        await phone.post()
    await phone.until(enough)  # a screen with something on it
    for number in range(max(edits, moves)):
        if number < edits:
            await phone.edit()
        if number < moves:
            await phone.move()


async def _together(port, slug, tokens, cards, edits, moves):
    """All phones at once; they stop when each shows the last event."""
    phones = [Phone(number, port, slug, token) for number, token in enumerate(tokens)]
    joined = asyncio.Semaphore(0)
    async with asyncio.timeout(120):
        listening = [asyncio.create_task(phone.listen(joined)) for phone in phones]
        for _ in phones:
            await joined.acquire()
        share, rest = divmod(cards, len(phones))
        enough = min(cards, len(phones))
        await asyncio.gather(
            *(
                _write(phone, share + (phone.number < rest), enough, edits, moves)
                for phone in phones
            )
        )
        last = await in_thread(lambda: Brainstorm.objects.get().last_seq)
        await asyncio.gather(*(phone.until(last) for phone in phones))
        for task in listening:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
    return phones


def _lost(phones, stored):
    written = {f"w{phone.number}x{n}" for phone in phones for n in range(1, phone.written + 1)}
    return written - {word for row in stored for word in WORDS_OWN.findall(row[2])}


async def test_sixty_phones_and_five_hundred_cards():
    slug, tokens = await in_thread(_prepared, PHONES)
    with serving() as port:
        phones = await _together(port, slug, tokens, CARDS, edits=2, moves=1)
    stored = await in_thread(_stored)
    assert [phone.failed for phone in phones if phone.failed] == []
    assert (len(stored), _lost(phones, stored)) == (CARDS, set())
    assert [phone.gaps for phone in phones if phone.gaps] == []
    assert [phone.number for phone in phones if phone.screen() != stored] == []
    seqs = await in_thread(lambda: list(IdeaEvent.objects.order_by("seq").values_list("seq")))
    assert seqs == [(number,) for number in range(1, len(seqs) + 1)]
    assert len(seqs) >= CARDS + PHONES * 3
    assert sum(phone.conflicts for phone in phones) > 0  # some did want the same words


async def test_control_without_the_revision_words_are_lost():
    slug, tokens = await in_thread(_prepared, PHONES)
    with serving(UNCHECKED) as port:
        phones = await _together(port, slug, tokens, PHONES // 4, edits=1, moves=0)
    assert _lost(phones, await in_thread(_stored)) != set()


def _without_lock(monkeypatch):
    monkeypatch.setattr(idea_log, "lock_brainstorm", lambda pk: Brainstorm.objects.get(pk=pk))
    monkeypatch.setattr(idea_log, "hold_account", lambda _: None)  # one person's calls take turns


def _a_card_of(by):
    brainstorm = BrainstormFactory()
    return brainstorm, post_idea(brainstorm=brainstorm, text="x", by=by)


def test_two_who_undo_the_same_change_at_once():
    by = member()
    _, card = _a_card_of(by)
    event = IdeaEvent.objects.select_related("brainstorm", "idea").get()
    answers = stampede([partial(undo_change, event=event, by=by)] * 2, width=2)
    (refused,) = [answer for answer in answers if isinstance(answer, Exception)]
    assert (type(refused), refused.code) == (ConflictError, "already_undone")
    assert IdeaEvent.objects.filter(idea=card, kind="undone").count() == 1


def test_control_without_the_lock_the_second_undoing_breaks(monkeypatch):
    """Both get past the question; what is left then is the constraint, and an error."""
    by = member()
    _a_card_of(by)
    event = IdeaEvent.objects.select_related("brainstorm", "idea").get()
    gate = threading.Barrier(2)
    restore = undoing._restore

    def both_at_once(*args):
        gate.wait(timeout=10)
        return restore(*args)

    _without_lock(monkeypatch)
    monkeypatch.setattr(undoing, "_restore", both_at_once)
    answers = stampede([partial(undo_change, event=event, by=by)] * 2, width=2)
    (refused,) = [answer for answer in answers if isinstance(answer, Exception)]
    assert isinstance(refused, IntegrityError)


def test_no_card_comes_after_the_close():
    boss, people = organizer(), [member() for _ in range(6)]
    brainstorm = BrainstormFactory()
    last = []

    def close():
        last.append(close_brainstorm(brainstorm=brainstorm, by=boss).last_seq)

    posts = [partial(post_idea, brainstorm=brainstorm, text="x", by=by) for by in people * 4]
    answers = stampede([*posts[:6], close, *posts[6:]], width=7)
    refused = [answer for answer in answers if isinstance(answer, Exception)]
    assert {type(answer) for answer in refused} <= {BrainstormClosedError}
    brainstorm.refresh_from_db()
    written = len(posts) - len(refused)
    assert [brainstorm.last_seq] == last == [written]
    assert IdeaEvent.objects.count() == Idea.objects.count() == written


def test_control_without_the_lock_one_does(monkeypatch):
    brainstorm = BrainstormFactory()
    asked, closed = threading.Event(), threading.Event()

    def meanwhile(_brainstorm):
        asked.set()
        closed.wait(timeout=10)

    def close():
        asked.wait(timeout=10)
        last_seq = close_brainstorm(brainstorm=brainstorm, by=boss).last_seq
        closed.set()
        return last_seq

    _without_lock(monkeypatch)
    monkeypatch.setattr(posting, "_check_room", meanwhile)
    boss, by = organizer(), member()
    post = partial(post_idea, brainstorm=brainstorm, text="x", by=by)
    _, last_seq = stampede([post, close], width=2)
    assert (last_seq, IdeaEvent.objects.get().seq) == (0, 1)


def test_two_cards_merged_into_each_other_at_once():
    boss, by = organizer(), member()
    brainstorm, a = _a_card_of(by)
    for _ in range(5):
        a = post_idea(brainstorm=brainstorm, text="a", by=by)
        b = post_idea(brainstorm=brainstorm, text="b", by=by)
        merges = [
            partial(merge_idea, idea=a, into=b, by=boss),
            partial(merge_idea, idea=b, into=a, by=boss),
        ]
        answers = stampede(merges, width=2)
        (refused,) = [answer for answer in answers if isinstance(answer, Exception)]
        assert (type(refused), refused.code) == (ConflictError, "not_a_card")
        assert Idea.objects.filter(pk__in=[a.pk, b.pk], parent=None).count() == 1


def test_control_without_the_lock_the_second_merging_breaks(monkeypatch):
    """Both get past the question; only that two changes cannot have one number stops the second."""
    boss, by = organizer(), member()
    brainstorm, a = _a_card_of(by)
    b = post_idea(brainstorm=brainstorm, text="b", by=by)
    gate, put_under = threading.Barrier(2), sorting._put_under

    def both_at_once(*args):
        gate.wait(timeout=10)
        return put_under(*args)

    _without_lock(monkeypatch)
    monkeypatch.setattr(sorting, "_put_under", both_at_once)
    merges = [
        partial(merge_idea, idea=a, into=b, by=boss),
        partial(merge_idea, idea=b, into=a, by=boss),
    ]
    (refused,) = [one for one in stampede(merges, width=2) if isinstance(one, Exception)]
    assert isinstance(refused, IntegrityError)
