"""A whole election over HTTP: links by mail, ballots from many clients, a close by the clock.

`script/bench election` does the same with 5,000 voters and 2,000 ballots.
"""

import asyncio

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.core import clock
from community.models import Mail
from polls.models import Election
from polls.services.elections.moves import open_election
from polls.tasks import settle_elections
from tests.concurrency.served import serving
from tests.concurrency.voters import Voter, all_vote, check, links_by_mail
from tests.factories.community import organizer
from tests.factories.polls import ElectionFactory

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

VOTERS, CANDIDATES, BALLOTS, LATE = 200, 27, 60, 12


def _opened(roll):
    election = ElectionFactory(candidates=CANDIDATES, roll=roll, seats=8, whole_votes=False)
    boss = organizer(election.chapter)
    with CaptureQueriesContext(connection) as captured:
        election = open_election(election=election, by=boss)
    return election, len(captured)


def _close_amid(port, election, voters):
    """The last of them vote while the clock closes the election."""

    def close():
        Election.objects.filter(pk=election.pk).update(closes_at=clock.now())
        settle_elections()
        connection.close()

    async def together():
        await asyncio.gather(all_vote(port, election.slug, voters), asyncio.to_thread(close))

    asyncio.run(together())


def test_an_election_of_two_hundred_voters_from_the_links_to_the_recount():
    _, few = _opened(roll=3)
    election, many = _opened(roll=VOTERS)
    assert many == few
    assert Mail.objects.filter(thread=f"election:{election.pk}").count() == VOTERS
    tokens = links_by_mail(election)
    assert len(set(tokens)) == VOTERS
    paper = list(election.candidates.values_list("pk", flat=True))
    voters = [Voter(n, token, paper, 8) for n, token in enumerate(tokens[:BALLOTS])]
    with serving() as port:
        asyncio.run(all_vote(port, election.slug, voters[:-LATE]))
        _close_amid(port, election, voters[-LATE:-1])
        asyncio.run(all_vote(port, election.slug, voters[-1:]))
        receipts = check(election, voters, port)
    assert voters[-1].refusal == "election_closed"
    assert len(receipts) >= BALLOTS - LATE
