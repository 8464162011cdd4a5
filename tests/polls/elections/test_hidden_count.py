"""What is public between the count and the certificate does not tell the count."""

import hashlib
from itertools import combinations_with_replacement

import pytest

from polls.models import ElectionEntry
from polls.selectors.elections.results import receipts_of
from polls.selectors.elections.rules import rules_of
from polls.services.elections.moves import close_election
from polls.tally import election as tally
from polls.tally.election import canonical_bytes, count_election
from polls.tally.receipts import receipts_digest
from tests.factories.community import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def hidden(opened, vote, boss):
    """Three approve of somebody, and it is counted; an inspector has not signed yet."""

    def count():
        election = opened(method="approval", results_at="certification", inspectors=[member()])
        one, two, _ = election.candidates.order_by("pk")
        for choices in ([one.pk], [one.pk, two.pk], [one.pk]):
            vote(election, {"approved": choices})
        return close_election(election=election, by=boss)

    return count


def _guessed(monkeypatch, election):
    """Try every count there could be of so many ballots against the hash in the public log."""
    told = ElectionEntry.objects.get(election=election, event="counted").facts["result_sha256"]
    rules, receipts = rules_of(election), receipts_of(election)
    monkeypatch.setattr(tally, "receipts_digest", lambda _: receipts_digest(receipts))
    ids = [one["id"] for one in rules["candidates"]]
    papers = [[one for bit, one in enumerate(ids) if number >> bit & 1] for number in range(8)]
    for approved in combinations_with_replacement(papers, len(receipts)):
        ballots = [
            {"id": str(number), "choices": {"approved": paper}, "employer": ""}
            for number, paper in enumerate(approved)
        ]
        content = count_election(rules, ballots)
        if hashlib.sha256(canonical_bytes(content)).hexdigest() == told:
            return {row["id"]: row["votes"] for row in content["candidates"]}
    return None


def test_the_hash_in_the_log_cannot_be_guessed(monkeypatch, hidden):
    assert _guessed(monkeypatch, hidden()) is None


def test_control_a_hash_of_the_count_alone_is_guessed(monkeypatch, hidden):
    monkeypatch.setattr(tally, "ballots_digest", lambda _: "")
    assert sorted(_guessed(monkeypatch, hidden()).values()) == ["0", "1", "3"]
