"""The gate: by state, for one's own ballot, and what everyone gets after the close.

That it holds everywhere is what test_leak_crawl.py walks.
"""

import json

import pytest
from django.core.management import CommandError, call_command

from community.models import User
from community.project.organizers import grant_organizers
from community.services.accounts import organizers_group
from polls.exceptions import ResultsHiddenError
from polls.models import Ballot, Poll, PollResult
from polls.selectors import results
from polls.services.ballots import cast_ballot
from polls.services.moves import cancel_poll, close_poll
from tests.factories.community import bearer, member, organizer
from tests.factories.meetups import MeetupFactory
from tests.factories.polls import PollFactory

pytestmark = pytest.mark.django_db
VOTERS = 7


@pytest.fixture
def poll():
    meetup = MeetupFactory()
    poll = PollFactory(options=3, meetup=meetup, chapter=meetup.chapter)
    second = list(poll.options.all())[1]
    for _ in range(VOTERS):
        cast_ballot(poll=poll, choices={"ranking": [second.pk]}, by=member())
    return poll


def roles():
    grant_organizers()
    boss = organizer()
    boss.groups.add(organizers_group())
    root = User.objects.create_superuser("root@example.org")
    return {"stranger": None, "member": member(), "organizer": boss, "administrator": root}


def test_after_the_close_everyone_reads_the_same(client, poll):
    close_poll(poll=poll, reason="r", by=organizer())
    told = [
        client.get(f"/api/v1/polls/{poll.slug}/results/", headers=bearer(user) if user else {})
        for user in roles().values()
    ]
    assert {answer.status_code for answer in told} == {200}
    assert len({answer.content for answer in told}) == 1
    assert told[0].json()["options"][0]["title"] == "Option 2"


def test_ones_own_ballot_is_ones_own(client, poll):
    voter = Ballot.objects.first().voter
    url = f"/api/v1/polls/{poll.slug}/ballot/"
    assert client.get(url, headers=bearer(voter)).json()["ranking"]
    for other in (member(), organizer(), User.objects.create_superuser("root@example.org")):
        assert client.get(url, headers=bearer(other)).status_code == 404
        detail = client.get(f"/api/v1/polls/{poll.slug}/", headers=bearer(other)).json()
        assert detail["your_ballot"] is None
        assert detail["ballots"] == VOTERS


def test_the_gate_by_state(poll):
    for read in (results.poll_results, results.poll_outcome, results.poll_ballots):
        with pytest.raises(ResultsHiddenError):
            read(poll)
    cancelled = cancel_poll(poll=poll, reason="r", by=organizer())
    with pytest.raises(ResultsHiddenError, match="cancelled"):
        results.poll_results(cancelled)


def test_recount_gives_the_same_bytes(poll, capsys):
    with pytest.raises(CommandError, match="hidden"):
        call_command("recount", poll.slug)
    close_poll(poll=poll, reason="r", by=organizer())
    call_command("recount", poll.slug)
    told = capsys.readouterr().out
    stored = PollResult.objects.get().content
    assert told.strip() == json.dumps(stored, sort_keys=True, separators=(",", ":"))
    with pytest.raises(CommandError, match="no poll"):
        call_command("recount", "none")
    PollResult.objects.update(content=stored | {"ballots": 8})
    with pytest.raises(CommandError, match="differs"):
        call_command("recount", poll.slug)


def test_recount_of_a_file(poll, client, tmp_path, capsys):
    close_poll(poll=poll, reason="r", by=organizer())
    client.force_login(organizer())
    document = client.get(f"/polls/{poll.slug}/ballots.json").content
    assert b"voter" not in document
    path = tmp_path / "ballots.json"
    path.write_bytes(document)
    call_command("recount", str(path))
    assert json.loads(capsys.readouterr().out) == PollResult.objects.get().content
    path.write_text("{}")
    with pytest.raises(CommandError, match="no file of ballots"):
        call_command("recount", str(path))


def test_the_ballots_are_given_out_in_an_order_that_tells_nothing():
    poll = PollFactory(options=2)
    one, two = poll.options.values_list("pk", flat=True)
    for order in ([two, one], [one, two], [two], [one]):
        cast_ballot(poll=poll, choices={"ranking": order}, by=member())
    close_poll(poll=poll, reason="r", by=organizer())
    poll = Poll.objects.get()
    first = results.poll_ballots(poll)
    Ballot.objects.update(cast_at=poll.opens_at)
    assert first == results.poll_ballots(poll)
    assert first == sorted(first, key=lambda ballot: json.dumps(ballot, separators=(",", ":")))
