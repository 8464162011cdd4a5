"""Secret ballots for programs, as the contract has them: from the opening to the signatures."""

import pytest
from django.test import Client

from community.models import IdempotentAnswer
from polls.models import RollEntry, SecretBallot
from polls.services.elections.moves import open_election
from tests.contracts.calls import call, problem
from tests.factories.community import ChapterFactory, member, organizer
from tests.factories.polls import ElectionFactory
from tests.factories.rolls import token_of

pytestmark = pytest.mark.django_db
CODE, OTHER = "c" * 22, "d" * 22


@pytest.fixture
def boss():
    return organizer()


@pytest.fixture
def inspector():
    return member(name="Ina")


@pytest.fixture
def draft(inspector):
    return ElectionFactory(
        slug="board", inspectors=[inspector], results_at="certification", cap_max=1
    )


@pytest.fixture
def election(draft, boss):
    return open_election(election=draft, by=boss)


@pytest.fixture
def ballot(client, election):
    """Posts a ballot of the candidates' votes, in the order of their ids."""
    ids = list(election.candidates.order_by("pk").values_list("pk", flat=True))

    def post(*votes, token=None, user=None, code=CODE, through=client, **more):
        allocations = {str(pk): given for pk, given in zip(ids, votes, strict=False)}
        headers = {"X-Voter-Token": token} if token else {}
        body = {"allocations": allocations, "revote_code": code} | more
        return call(through, "post", "elections/board/ballot/", body, user, **headers)

    return post


@pytest.fixture
def lines(election):
    return list(RollEntry.objects.filter(election=election))


def test_from_the_opening_to_the_signatures(client, draft, boss, inspector):
    assert call(client, "get", "elections/board/results/").status_code == 404  # a draft
    opened = call(client, "post", "elections/board/open/", user=boss)
    assert (opened.status_code, opened.json()["state"]) == (200, "open")
    again = call(client, "post", "elections/board/open/", user=boss)
    assert (again.status_code, again.json()["state"]) == (200, "open")
    one, two, three = draft.candidates.order_by("pk")
    receipts = []
    for line, votes in zip(
        RollEntry.objects.filter(election=draft),
        ({one.pk: 8}, {one.pk: 1, two.pk: 7}, {str(two.pk): "3"}),
        strict=True,
    ):
        body = {"allocations": votes, "revote_code": CODE}
        token = {"X-Voter-Token": token_of(line)}
        answer = call(client, "post", "elections/board/ballot/", body, **token)
        assert (answer.status_code, set(answer.json())) == (200, {"receipt"})
        receipts.append(answer.json()["receipt"])
    problem(call(client, "get", "elections/board/results/"), 403, "results_hidden")
    early = call(client, "post", "elections/board/certify/", {}, inspector)
    assert early.status_code == 409
    body = {"reason": "All have voted"}
    closed = call(client, "post", "elections/board/close/", body, boss)
    assert (closed.status_code, closed.json()["state"]) == (200, "counted")
    for user in (None, boss, member()):
        problem(call(client, "get", "elections/board/results/", user=user), 403, "results_hidden")
    seen = call(client, "get", "elections/board/results/", user=inspector)
    assert (seen.status_code, seen.json()["state"]) == (200, "counted")
    problem(call(client, "post", "elections/board/certify/", {}, boss), 403, "forbidden")
    signed = call(client, "post", "elections/board/certify/", {"statement": "s"}, inspector)
    assert (signed.status_code, signed.json()["state"]) == (200, "certified")
    result = call(client, "get", "elections/board/results/").json()
    assert (result["ballots"], result["electorate"]) == (3, 3)
    assert result["receipts"] == sorted(receipts)
    assert call(client, "get", "elections/board/receipts/").json() == sorted(receipts)
    keys = {"id", "name", "affiliation", "votes", "voters", "seated", "reason"}
    assert all(keys <= set(row) for row in result["candidates"])
    counted = {row["id"]: (row["votes"], row["voters"], row["seated"]) for row in
               result["candidates"]}  # fmt: skip
    assert counted == {
        one.pk: ("9", 2, True), two.pk: ("10", 2, True), three.pk: ("0", 0, False),
    }  # fmt: skip
    events = [row["event"] for row in call(client, "get", "elections/board/log/").json()["results"]]
    assert events[-5:] == ["closed", "sealed", "counted", "signed", "certified"]


def test_the_same_code_replaces_and_a_lost_answer_is_asked_for_again(ballot, lines):
    token = token_of(lines[0])
    first = ballot(8, token=token)
    assert ballot(8, token=token).json() == first.json()
    changed = ballot(1, 7, token=token)
    assert changed.json() != first.json()
    problem(ballot(0, 0, 8, token=token, code=OTHER), 409, "already_voted")
    assert SecretBallot.objects.count() == 1
    assert ballot(1, 7, token=token).json() == changed.json()


@pytest.mark.parametrize(
    ("votes", "more"),
    [
        ((9,), {}),
        ((4, 4, 1), {}),
        ((-1,), {}),
        ((0.5,), {}),
        ((1,), {"code": "short"}),
        ((1,), {"code": None}),
        ((1,), {"approved": []}),
    ],
)
def test_what_is_beyond_the_allowance(ballot, lines, votes, more):
    answer = problem(ballot(*votes, token=token_of(lines[0]), **more), 422, "invalid_ballot")
    assert answer["detail"].endswith("Nothing was saved.")
    assert not SecretBallot.objects.exists()
    assert not RollEntry.objects.filter(has_voted=True).exists()


def test_by_the_session_or_the_account(client, ballot, election, lines):
    voter = member()
    RollEntry.objects.create(election=election, email=voter.email, reason="r", account=voter)
    assert ballot(8, user=voter).status_code == 200
    problem(ballot(8, user=member()), 403, "not_on_roll")
    problem(ballot(8), 403, "not_on_roll")
    client.get(f"/elections/board/vote/{token_of(lines[0])}/")
    assert ballot(8).status_code == 200
    lines[0].refresh_from_db()
    assert lines[0].has_voted


def test_a_foreign_page_cannot_vote_with_the_link_that_was_opened(ballot, lines):
    browser = Client(enforce_csrf_checks=True)
    browser.get(f"/elections/board/vote/{token_of(lines[0])}/")
    assert ballot(8, through=browser).status_code == 403
    assert not SecretBallot.objects.exists()
    assert ballot(8, through=browser, token=token_of(lines[0])).status_code == 200


def test_tokens_that_are_guessed_or_foreign(ballot, boss, lines):
    foreign = open_election(election=ElectionFactory(slug="other"), by=boss)
    token = token_of(RollEntry.objects.filter(election=foreign).first())
    problem(ballot(8, token=token), 403, "invalid_token")
    for number in range(19):
        problem(ballot(8, token=f"guess-{number}"), 403, "invalid_token")
    assert ballot(8, token=token_of(lines[0])).status_code == 429
    assert not SecretBallot.objects.exists()


def test_nothing_is_kept_under_an_idempotency_key(client, election, lines):
    """The row would hold the receipt beside the account, and the digest of the ballot."""
    voter = member()
    RollEntry.objects.create(election=election, email=voter.email, reason="r", account=voter)
    body = {"allocations": {}, "revote_code": CODE}
    key = {"Idempotency-Key": "once"}
    path = "elections/board/ballot/"
    assert call(client, "post", path, body, voter, **key).status_code == 200
    assert not IdempotentAnswer.objects.exists()
    address = {"email": lines[0].email}
    call(client, "post", "elections/board/roll/link/", address, voter, **key)
    IdempotentAnswer.objects.all().delete()
    asked = {"text": "I joined in May"}
    outside = member()
    call(client, "post", "elections/board/roll/requests/", asked, outside, **key)
    assert IdempotentAnswer.objects.count() == 1  # control: other calls do keep their answers


def test_before_and_after(client, draft, boss, ballot_of_nobody):
    problem(ballot_of_nobody(organizer()), 409, "election_closed")
    open_election(election=draft, by=boss)
    body = {"reason": "r"}
    assert call(client, "post", "elections/board/close/", body, boss).status_code == 200
    problem(ballot_of_nobody(None), 409, "election_closed")
    again = call(client, "post", "elections/board/close/", body, boss)
    assert again.status_code == 409


@pytest.fixture
def ballot_of_nobody(client):
    body = {"allocations": {}, "revote_code": CODE}
    return lambda user: call(client, "post", "elections/board/ballot/", body, user)


def test_whose_chapter_it_is(client, election):
    elsewhere = organizer(ChapterFactory(slug="dallas"))
    for move in ("open", "close", "extend", "cancel", "nominate"):
        body = {"reason": "r", "closes_at": "2099-01-01T00:00:00Z"}
        for user, status in ((elsewhere, 403), (member(), 403), (None, 401)):
            answer = call(client, "post", f"elections/board/{move}/", body, user)
            assert answer.status_code == status, (move, status)
    election.refresh_from_db()
    assert election.state == "open"
