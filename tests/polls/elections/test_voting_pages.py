"""The voter's pages, from the link to the list of receipts, and what they keep and do not keep."""

import re
import secrets

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.models import AuditEntry
from polls.models import Election, Inspector, RollEntry, SecretBallot
from polls.services.elections.certifying import certify_election
from polls.services.elections.moves import cancel_election, close_election, extend_election
from polls.services.elections.tokens import resend_token
from tests.factories.community import member
from tests.factories.polls import ElectionFactory
from tests.factories.rolls import token_of

pytestmark = pytest.mark.django_db
CODE = "a" * 24
RECEIPT = re.compile(r"<code>([a-z2-7]{32})</code>")


def url(election, page=""):
    return f"/elections/{election.slug}/{page}"


def opened_link(client, election, line=None):
    """The way into the ballot: the link of `line`, or of the first on the roll."""
    line = line or RollEntry.objects.filter(election=election).first()
    answer = client.get(url(election, f"vote/{token_of(line)}/"))
    assert (answer.status_code, answer["Location"]) == (303, url(election, "ballot/"))
    return line


def paper(election, *votes, code=CODE, **more):
    candidates = election.candidates.order_by("pk")
    named = zip(candidates, votes, strict=False)
    return {f"option-{one.pk}": str(given) for one, given in named} | {
        "option-revote_code": code,
        **more,
    }


def sent(client, election, *votes, **more):
    return client.post(url(election, "ballot/"), paper(election, *votes, **more))


def test_from_the_link_to_the_receipt_in_the_list(client, opened, boss):
    election = opened()
    line = opened_link(client, election)
    page = client.get(url(election, "ballot/")).content.decode()
    assert f"You vote as {line.email}." in page
    assert "Give all of them to one candidate" in page
    assert "What is secret, and what is not" in page
    first = RECEIPT.search(sent(client, election, 8).content.decode())[1]
    again = client.get(url(election, "ballot/")).content.decode()
    assert "You have voted." in again
    assert CODE not in again
    assert first not in again
    changed = sent(client, election, 3, 5).content.decode()
    second = RECEIPT.search(changed)[1]
    assert second != first
    assert SecretBallot.objects.filter(election=election).count() == 1
    assert client.get(url(election, "receipts/")).status_code == 403
    close_election(election=election, reason="r", by=boss)
    listed = client.get(url(election, "receipts/")).content.decode()
    assert second in listed
    assert first not in listed
    over = client.get(url(election, "ballot/")).content.decode()
    assert "Voting is over; no ballot can be cast or replaced." in over
    assert "Nothing was saved" not in over


def test_what_a_ballot_says_is_kept_nowhere_else(client, opened):
    election = opened()
    opened_link(client, election)
    before = AuditEntry.objects.count()
    receipt = RECEIPT.search(sent(client, election, 7, 1).content.decode())[1]
    kept = [str(session.get_decoded()) for session in Session.objects.all()]
    assert f"voter:{election.pk}" in "".join(kept)  # the link's line is there: it was read
    for secret in (receipt, CODE, "'7'"):
        assert secret not in "".join(kept)
    assert AuditEntry.objects.count() == before
    assert not any(name not in {"sessionid", "csrftoken"} for name in client.cookies)


def test_opening_the_link_changes_nothing(client, opened):
    """Mail scanners open it first; some ask for its head alone."""
    election = opened()
    line = RollEntry.objects.filter(election=election).first()
    token = token_of(line)
    before = list(RollEntry.objects.order_by("pk").values())
    for verb in (client.head, client.get, client.get):
        answer = verb(url(election, f"vote/{token}/"))
        assert answer.status_code == 303
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
    assert client.head(url(election, "ballot/")).status_code == 200
    assert list(RollEntry.objects.order_by("pk").values()) == before
    assert not SecretBallot.objects.exists()


def test_the_ballot_is_kept_by_no_cache(client, opened):
    election = opened()
    for answer in (client.get(url(election, "ballot/")), sent(client, election, 1)):
        assert "no-store" in answer["Cache-Control"]
    opened_link(client, election)
    for answer in (
        client.get(url(election, "ballot/")),
        sent(client, election, 9),
        sent(client, election, 1),
    ):
        assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("votes", "status", "said"),
    [
        ((5, 4), 422, "The ballot gives 9 votes of 8. Nothing was saved."),
        ((9,), 422, "You have 8 votes in all."),
        ((-1,), 422, "A number from 0 to 8."),
        ((1.5,), 422, "Whole votes only."),
        (("many",), 422, "A number from 0 to 8."),
        ((), 200, "Your ballot is in"),  # nobody is good enough: an abstention that counts
    ],
)
def test_what_the_page_says_to_a_ballot(client, opened, votes, status, said):
    election = opened()
    opened_link(client, election)
    answer = sent(client, election, *votes)
    page = answer.content.decode()
    assert answer.status_code == status
    assert said in page
    if status == 422:
        assert "Nothing was saved." in page  # at the top too, where one sees it first
        assert not SecretBallot.objects.exists()


def test_two_tabs_and_a_wrong_code(client, opened):
    election = opened()
    opened_link(client, election)
    one, other = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    assert sent(client, election, 1, code=one).status_code == 200
    answer = sent(client, election, 0, 8, code=other)
    assert answer.status_code == 409
    assert "That ballot stands." in answer.content.decode()
    assert SecretBallot.objects.get(election=election).choices["allocations"] == {
        str(election.candidates.order_by("pk").first().pk): "1"
    }
    assert sent(client, election, 8, code="short").status_code == 422


def test_who_has_no_way_in(client, opened, boss):
    election = opened()
    stranger = client.get(url(election, "ballot/"))
    assert "Open the personal link that was mailed to you" in stranger.content.decode()
    assert sent(client, election, 1).status_code == 403
    answer = client.get(url(election, "vote/guessed/"))
    assert answer.status_code == 403
    assert "This link is not valid for this election" in answer.content.decode()
    other = opened(slug="other")
    foreign = token_of(RollEntry.objects.filter(election=other).first())
    assert client.get(url(election, f"vote/{foreign}/")).status_code == 403
    line = opened_link(client, election)
    resend_token(election=election, entry=line, by=boss)
    assert sent(client, election, 1).status_code == 403  # the older link is dead in its tabs, too
    client.force_login(member())
    page = client.get(url(election, "ballot/")).content.decode()
    assert "neither your account nor its addresses are on the roll" in page


def test_after_twenty_guesses_even_a_good_link_waits(client, opened):
    election = opened()
    line = RollEntry.objects.filter(election=election).first()
    for _ in range(20):
        assert client.get(url(election, f"vote/{secrets.token_urlsafe(8)}/")).status_code == 403
    answer = client.get(url(election, f"vote/{token_of(line)}/"))
    assert answer.status_code == 429
    assert "Try again in an hour" in answer.content.decode()


def test_a_link_can_be_forgotten_on_a_device_of_others(client, opened):
    election = opened()
    opened_link(client, election)
    assert "Forget my link in this browser" in sent(client, election, 8).content.decode()
    client.post(url(election, "ballot/leave/"))
    assert "You vote as" not in client.get(url(election, "ballot/")).content.decode()
    voter = member()
    RollEntry.objects.create(election=election, email=voter.email, reason="r", account=voter)
    client.force_login(voter)
    own = client.get(url(election, "ballot/")).content.decode()
    assert f"You vote as {voter.email}." in own
    assert "Forget my link" not in own


@pytest.mark.parametrize("method", ["approval", "stv", "schulze"])
def test_other_methods_without_scripts(client, opened, method):
    election = opened(method=method, votes_per_voter=1)
    opened_link(client, election)
    assert sent(client, election, 1, 2).status_code == 200
    a, b, _ = election.candidates.order_by("pk").values_list("pk", flat=True)
    assert (
        SecretBallot.objects.get(election=election).choices
        == {
            "approval": {"approved": [a, b]},
            "stv": {"ranking": [a, b]},
            "schulze": {"ranking": [[a], [b]]},
        }[method]
    )
    level = sent(client, election, 1, 1)
    assert level.status_code == (422 if method == "stv" else 200)


def test_the_run_page_in_every_state(client, boss, chapter):
    inspector = member()
    draft = ElectionFactory(chapter=chapter, roll=0, results_at="certification")
    client.force_login(boss)

    def page():
        return client.get(url(draft, "run/")).content.decode()

    assert "The roll is empty." in page()
    refused = client.post(url(draft, "run/open/"), follow=True).content.decode()
    assert "Nothing was opened." in refused
    for number in range(3):
        RollEntry.objects.create(election=draft, email=f"v{number}@example.org", reason="r")
    Inspector.objects.create(election=draft, account=inspector, name="Ina")
    assert "Open voting now" in page()
    opened = client.post(url(draft, "run/open/"), follow=True).content.decode()
    assert "0 of 3 have voted" in opened
    assert client.post(url(draft, "run/extend/"), {"reason": ""}).status_code == 422
    assert client.post(url(draft, "run/cancel/"), {"reason": ""}).status_code == 422
    closed = client.post(url(draft, "run/close/"), {"reason": "r"}, follow=True).content.decode()
    assert "has not signed" in closed
    assert "Close it early" not in closed
    certify_election(election=draft, by=inspector)
    assert "See the result" in page()
    other = ElectionFactory(chapter=chapter)
    cancel_election(election=other, reason="Nobody stood", by=boss)
    gone = client.get(url(other, "run/")).content.decode()
    assert "Cancelled; nothing is counted." in gone
    assert "<h1>No result here</h1>" in client.get(url(other, "results/")).content.decode()


def test_more_time_is_said_at_once(client, opened, boss):
    election = opened()
    opened_link(client, election)
    later = election.closes_at.replace(year=election.closes_at.year + 1)
    extend_election(election=election, closes_at=later, reason="r", by=boss)
    assert str(later.year) in client.get(url(election)).content.decode()


def cost(client, address):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_pages_ask_as_often_for_three_as_for_one(client, opened, boss, vote):
    """Ballot and run page by candidates and roll, results and receipts by ballots, too."""
    costs = []
    for rows in (1, 3):
        inspector = member()
        election = opened(
            candidates=rows, roll=rows, inspectors=[inspector], results_at="certification"
        )
        ids = [str(one.pk) for one in election.candidates.all()]
        opened_link(client, election)
        found = {"ballot": cost(client, url(election, "ballot/"))}
        for line in RollEntry.objects.filter(election=election):
            vote(election, {"allocations": dict.fromkeys(ids, "1")}, entry=line)
        client.force_login(boss)
        found["run"] = cost(client, url(election, "run/"))
        election = close_election(election=election, reason="r", by=boss)
        client.force_login(inspector)
        found["inspect"] = cost(client, url(election, "inspect/"))
        election = certify_election(election=election, by=inspector)
        client.logout()
        found["results"] = cost(client, url(election, "results/"))
        found["receipts"] = cost(client, url(election, "receipts/"))
        found["log"] = cost(client, url(election, "log/"))
        costs.append(found)
    assert Election.objects.filter(state="certified").count() == 2
    assert costs[0] == costs[1]
    assert costs[0] == {
        "ballot": 4, "run": 6, "inspect": 11, "results": 4, "receipts": 2, "log": 3,
    }  # fmt: skip


def test_a_new_close_is_read_in_the_group_s_zone(client, opened, boss):
    election = opened()
    client.force_login(boss)
    fields = {"closes_at": "2199-07-01T12:00", "reason": "rain"}
    answer = client.post(url(election, "run/extend/"), fields)
    assert answer.status_code == 302
    election.refresh_from_db()
    assert election.closes_at.isoformat() == "2199-07-01T17:00:00+00:00"  # noon in Chicago
