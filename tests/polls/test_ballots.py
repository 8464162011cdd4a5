"""Ballots: one a person, in one shape, refused with a sentence that names what is wrong."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from community.core import clock
from community.services.personal import erase_account, personal_data
from polls.exceptions import InvalidBallotError, NotInElectorateError, PollClosedError
from polls.models import Ballot, PollOption, PollVoter
from polls.services import ballots as service
from polls.services.ballots import cast_ballot, withdraw_ballot
from polls.services.moves import close_poll
from tests.factories.community import ChapterFactory, member, organizer
from tests.factories.polls import PollFactory

pytestmark = pytest.mark.django_db


def poll_with(method, **fields):
    poll = PollFactory(options=4, method=method, **fields)
    return poll, list(poll.options.values_list("pk", flat=True))


SHAPES = {
    "ranked": ("ranking", lambda ids: [ids[2], ids[0]], lambda ids: [ids[2], ids[0]]),
    "score": (
        "scores",
        lambda ids: {str(ids[0]): 0, str(ids[1]): 5},
        lambda ids: {str(ids[0]): 0, str(ids[1]): 5},
    ),
    "approval": ("approved", lambda ids: [ids[3], ids[1]], lambda ids: [ids[1], ids[3]]),
    "dots": (
        "dots",
        lambda ids: {str(ids[0]): 2, str(ids[1]): 0, ids[2]: 3},
        lambda ids: {str(ids[0]): 2, str(ids[2]): 3},
    ),
}


@pytest.mark.parametrize("method", sorted(SHAPES))
def test_each_method_takes_its_own_shape_and_no_other(method):
    poll, ids = poll_with(method)
    user = member()
    key, given, stored = SHAPES[method]
    cast_ballot(poll=poll, choices={key: given(ids)}, by=user)
    assert Ballot.objects.get().choices == {key: stored(ids)}
    for other, (name, made, _) in SHAPES.items():
        if other != method:
            for choices in ({name: made(ids)}, {key: given(ids), name: made(ids)}):
                with pytest.raises(InvalidBallotError) as refusal:
                    cast_ballot(poll=poll, choices=choices, by=user)
                assert key in refusal.value.sentence
    assert Ballot.objects.get().choices == {key: stored(ids)}


A, B, C, D, ALIEN = "A", "B", "C", "D", "ALIEN"
WRONG = [
    ("ranked", [], "at least one"),
    ("ranked", [A, ALIEN], "no option"),
    ("ranked", [A, B, A], "“Option 1” is there twice"),
    ("ranked", [A, A, A, A], "“Option 1” is there 4 times"),
    ("ranked", [A, B, C, D], "“Option 4” is one too many"),
    ("ranked", [True], "no option “True”"),
    ("ranked", [1.0], "no option “1.0”"),
    ("ranked", ["A"], "no option “A”"),
    ("ranked", [None], "no option"),
    ("ranked", [[A]], "no option"),
    ("ranked", {A: 1}, "is a list"),
    ("ranked", "12", "is a list"),
    ("ranked", None, "is a list"),
    ("score", {}, "at least one"),
    ("score", {A: 6}, "“Option 1” has “6”"),
    ("score", {B: -1}, "“Option 2” has “-1”"),
    ("score", {A: True}, "“Option 1” has “True”"),
    ("score", {A: 2.5}, "“Option 1” has “2.5”"),
    ("score", {A: "3"}, "“Option 1” has “3”"),
    ("score", {A: None}, "“Option 1”"),
    ("score", {ALIEN: 3}, "no option"),
    ("score", {"x": 3}, "no option “x”"),
    ("score", {"0": 3}, "no option “0”"),
    ("score", [A], "a number for each"),
    ("approval", [], "at least one"),
    ("approval", [A, A], "“Option 1” is there twice"),
    ("approval", [ALIEN], "no option"),
    ("approval", {A: True}, "is a list"),
    ("dots", {}, "at least one"),
    ("dots", {A: 0}, "at least one"),
    ("dots", {A: 4, B: 2}, "That is “6” dots, and you have 5"),
    ("dots", {A: 10**30}, "and you have 5"),
    ("dots", {A: 7, B: -2}, "“Option 2” has fewer than no dots"),
    ("dots", {A: 1.0}, "“Option 1” has “1.0”"),
    ("dots", {A: False}, "“Option 1” has “False”"),
    ("dots", {ALIEN: 1}, "no option"),
]


def _real(given, ids):
    """The wrong choices with real ids for the letters."""
    names = dict(zip((A, B, C, D), ids, strict=True))
    names[ALIEN] = PollOption.objects.exclude(pk__in=ids).first().pk
    if isinstance(given, dict):
        return {str(names.get(key, key)): value for key, value in given.items()}
    if isinstance(given, list):
        is_text = given == ["A"]  # a name where an id belongs
        return [
            names.get(one, one) if isinstance(one, str) and not is_text else one for one in given
        ]
    return given


@pytest.mark.parametrize(("method", "given", "sentence"), WRONG)
def test_what_is_no_ballot_is_refused_and_the_one_before_stays(method, given, sentence):
    PollFactory(options=1)
    poll, ids = poll_with(method, most_ranked=3)
    user = member()
    key, good, stored = SHAPES[method]
    cast_ballot(poll=poll, choices={key: good(ids)}, by=user)
    with pytest.raises(InvalidBallotError, match=sentence) as refusal:
        cast_ballot(poll=poll, choices={key: _real(given, ids)}, by=user)
    assert list(refusal.value.extra["errors"]) == [key]
    assert refusal.value.sentence.endswith("Nothing was saved.")
    assert Ballot.objects.get().choices == {key: stored(ids)}


@pytest.mark.parametrize("choices", [None, [], "x", 5, {}, {"other": []}])
def test_what_is_no_object_is_no_ballot(choices):
    poll, _ = poll_with("ranked")
    with pytest.raises(InvalidBallotError):
        cast_ballot(poll=poll, choices=choices, by=member())


def test_the_later_one_counts_and_there_is_one():
    poll, ids = poll_with("ranked")
    user = member()
    cast_ballot(poll=poll, choices={"ranking": ids[:2]}, by=user)
    first = Ballot.objects.get()
    cast_ballot(poll=poll, choices={"ranking": ids[2:]}, by=user)
    second = Ballot.objects.get()
    assert (second.pk, second.cast_at) == (first.pk, first.cast_at)
    assert second.changed_at > first.changed_at
    assert second.choices == {"ranking": ids[2:]}
    assert withdraw_ballot(poll=poll, by=user) is True
    assert withdraw_ballot(poll=poll, by=user) is False
    assert not Ballot.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"state": "draft", "opens_at": None}, "not open yet"),
        ({"state": "draft"}, "It opens at"),
        ({"state": "cancelled"}, "was cancelled"),
        ({"state": "closed"}, "is closed"),
    ],
)
def test_only_while_it_is_open(fields, sentence):
    now = clock.now()
    fields = dict(fields)
    if fields["state"] == "draft":
        fields.setdefault("opens_at", now + dt.timedelta(hours=1))
    if fields["state"] == "closed":
        fields["closed_at"] = now
    poll, ids = poll_with("ranked", **fields)
    user = member()
    with pytest.raises(PollClosedError, match=sentence):
        cast_ballot(poll=poll, choices={"ranking": ids[:1]}, by=user)
    with pytest.raises(PollClosedError, match=sentence):
        withdraw_ballot(poll=poll, by=user)


def test_only_the_electorate_votes():
    poll, ids = poll_with("ranked")
    for user in (member(ChapterFactory(slug="boston")), organizer(ChapterFactory(slug="boston"))):
        with pytest.raises(NotInElectorateError):
            cast_ballot(poll=poll, choices={"ranking": ids[:1]}, by=user)
    assert not Ballot.objects.exists()


def test_the_database_refuses_what_the_service_forgot(monkeypatch):
    """A ballot that was on its way when the poll closed."""
    poll, ids = poll_with("ranked")
    close_poll(poll=poll, reason="r", by=organizer())
    monkeypatch.setattr(service, "check_takes_ballots", lambda _: None)
    with pytest.raises(PollClosedError, match="is closed"):
        cast_ballot(poll=poll, choices={"ranking": ids[:1]}, by=member())
    with pytest.raises(IntegrityError, match="takes no ballots"), transaction.atomic():
        Ballot.objects.create(
            poll=poll, voter=member(), choices={}, cast_at=clock.now(), changed_at=clock.now()
        )


def test_control_without_the_trigger_it_would_be_stored(monkeypatch):
    poll, ids = poll_with("ranked")
    close_poll(poll=poll, reason="r", by=organizer())
    monkeypatch.setattr(service, "check_takes_ballots", lambda _: None)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE polls_ballot DISABLE TRIGGER polls_ballot_only_while_open")
    cast_ballot(poll=poll, choices={"ranking": ids[:1]}, by=member())
    assert Ballot.objects.count() == 1  # the transaction of the test brings the trigger back


def test_one_takes_ones_ballots_along_and_leaves_none_behind():
    boss, user = organizer(), member(name="Sue")
    done, ids = poll_with("ranked")
    cast_ballot(poll=done, choices={"ranking": ids[:2]}, by=user)
    close_poll(poll=done, reason="r", by=boss)
    running, others = poll_with("dots")
    cast_ballot(poll=running, choices={"dots": {str(others[0]): 1}}, by=user)
    PollVoter.objects.create(poll=PollFactory(electorate="emails"), email=user.email)
    told = personal_data(by=user)
    assert [row["choices"] for row in told["ballots"]] == [
        {"ranking": ids[:2]}, {"dots": {str(others[0]): 1}},
    ]  # fmt: skip
    assert told["ballots"][0]["options"] == {str(ids[0]): "Option 1", str(ids[1]): "Option 2"}
    assert len(told["voter_lists"]) == 1
    erase_account(email=user.email, by=user)
    # What was counted stays counted, as nobody's; an open one would let them vote twice.
    assert list(Ballot.objects.values_list("poll", "voter")) == [(done.pk, None)]
    assert not PollVoter.objects.exists()
