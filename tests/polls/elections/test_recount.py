"""`manage.py recount` of an election: the bytes of its result, and none before its moment."""

import pytest
from django.core.management import CommandError, call_command

from polls.models import Candidate, ElectionResult
from polls.services.elections.certifying import certify_election
from polls.services.elections.moves import close_election
from tests.factories.community import member
from tests.factories.polls import PollFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(opened, vote, boss):
    """A closed election of eleven ballots; keyword arguments as the factory takes them."""

    def make(**fields):
        election = opened(roll=11, whole_votes=False, publish_ballots=True, **fields)
        ids = list(election.candidates.values_list("pk", flat=True))
        for number in range(11):
            vote(election, {"allocations": {ids[number % 3]: "2.5", ids[0]: number % 4}})
        return close_election(election=election, by=boss, reason="all are in")

    return make


def _page(client, election, name):
    return client.get(f"/elections/{election.slug}/{name}").content


def test_the_page_s_bytes_from_the_database_and_from_its_file(held, client, tmp_path, capsysbinary):
    election = held()
    published = _page(client, election, "results.json")
    sheet = tmp_path / "ballots.csv"
    sheet.write_bytes(_page(client, election, "ballots.csv"))
    call_command("recount", election.slug)
    call_command("recount", str(sheet))  # by the rules of the election it names
    (tmp_path / "rules.json").write_bytes(_page(client, election, "rules.json"))
    call_command("recount", str(sheet))
    told = capsysbinary.readouterr()
    assert told.out == published * 3
    assert told.err.decode().count(f"The same {len(published)} bytes as stored when") == 2


def test_another_count_than_was_stored_is_an_error(held, client, tmp_path, capsys):
    election = held()
    sheet = tmp_path / "ballots.csv"
    lines = _page(client, election, "ballots.csv").decode().splitlines(keepends=True)
    sheet.write_text("".join(lines[:-1]))
    with pytest.raises(CommandError, match="differs from what was stored when the election"):
        call_command("recount", str(sheet))
    content = election.result.content
    ElectionResult.objects.update(content=content | {"seats": 7})
    with pytest.raises(CommandError, match="differs"):
        call_command("recount", election.slug)
    ElectionResult.objects.all().delete()
    call_command("recount", election.slug)
    assert "Nothing is stored" in capsys.readouterr().err
    Candidate.objects.filter(election=election).update(is_on_ballot=False)
    with pytest.raises(
        CommandError, match=r"counted\. The ballot names somebody who is no candidate"
    ):
        call_command("recount", election.slug)


def test_nothing_is_printed_before_everybody_may_know(held, opened, client, tmp_path, capsysbinary):
    inspector = member()
    running = opened()
    for options in ([], ["--inspect"]):  # what is not sealed is counted by nobody
        with pytest.raises(CommandError, match="is open; there are no sealed ballots"):
            call_command("recount", running.slug, *options)
    election = held(results_at="certification", inspectors=[inspector])
    client.force_login(inspector)
    sheet = tmp_path / "ballots.csv"
    sheet.write_bytes(_page(client, election, "ballots.csv"))
    for name in (election.slug, str(sheet)):
        with pytest.raises(CommandError, match="is hidden from everyone until"):
            call_command("recount", name)
    assert capsysbinary.readouterr().out == b""
    for name in (election.slug, str(sheet)):
        call_command("recount", name, "--inspect")
    published = _page(client, election, "results.json")
    assert capsysbinary.readouterr().out == published * 2
    certify_election(election=election, by=inspector)
    call_command("recount", election.slug)
    assert capsysbinary.readouterr().out == published


def test_a_poll_of_the_same_name_is_said(held, capsys):
    election = held()
    poll = PollFactory(slug=election.slug)
    poll.delete()
    call_command("recount", election.slug)
    PollFactory(slug=election.slug)
    with pytest.raises(CommandError, match="poll is closed"):
        call_command("recount", election.slug)
    assert "The poll of that name; the election is taken with --election" in capsys.readouterr().err
    call_command("recount", election.slug, "--election")
    assert f'"election":"{election.slug}"' in capsys.readouterr().out
    with pytest.raises(CommandError, match="no election “none”"):
        call_command("recount", "none", "--election")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("election,ballot,1 A\n", "names no election"),
        ("election,ballot,1 A\nelsewhere,x,1\n", "“elsewhere”, which is not here"),
        ("name,ballot\n", "first column"),
        ('election,"ballot\n', "Line 1"),
        (b"\xff\xfe", "could not be read"),
    ],
)
def test_a_file_without_rules_that_names_nothing_here(tmp_path, text, said):
    sheet = tmp_path / "ballots.csv"
    sheet.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CommandError, match=said):
        call_command("recount", str(sheet))
