"""Elections held elsewhere: their results, reminders, and the one of 2012 against its files."""

import copy
import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import AnonymousUser

from community.core import clock
from community.core.errors import ConflictError, ForbiddenError, InvalidError
from community.models import Mail
from community.services.mail import UnwantedError, write_mail
from meetups.exceptions import RecordedError
from meetups.services.season import load_season
from polls.models import Campaign, Candidate, Election, OutsideResult
from polls.selectors.elections.information import feed_lines
from polls.selectors.elections.results import are_results_out
from polls.services.elections.candidates import enter_candidate, nominate_candidate
from polls.services.elections.member_reminders import due_word, queue_member_reminders
from polls.services.elections.outside import enter_outside_results
from polls.services.elections.setup import change_election
from polls.services.elections.words import change_words
from tests.factories.community import member, organizer
from tests.factories.elections import DAY, external, nominating
from tests.meetups.season_files import BOARD, DOCUMENTS, FILES, SEASON, write

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def boss():
    return organizer()


def enter(election, boss, rows, source="The inspectors' page"):
    return enter_outside_results(election=election, rows=rows, source=source, by=boss)


def test_a_result_with_its_source(boss):
    election = external(boss)
    rob = enter_candidate(election=election, by=boss, name="Rob")
    assert not are_results_out(election)
    rows = [
        {"candidate": rob, "rank": 1, "votes": Decimal("2195.00"), "is_seated": True},
        {"name": "Monty", "affiliation": "HP", "is_seated": None},
    ]
    enter(election, boss, rows)
    assert are_results_out(election)
    monty = election.candidates.get(name="Monty")
    assert (monty.outside_result.votes, monty.outside_result.is_seated) == (None, None)
    line = election.log.order_by("number").last()
    assert line.facts == {"rows": 2, "source": "The inspectors' page"}
    assert [entry.is_result for entry in feed_lines()] == [True, False]
    enter(election, boss, rows[:1], source="A better page")
    assert OutsideResult.objects.get().candidate == rob


@pytest.mark.parametrize(
    "row",
    [
        {"rank": -1}, {"votes": Decimal(-1)}, {"percent_of_votes": Decimal("100.01")},
        {"votes": Decimal("1.001")}, {"voters": -3}, {"reason": "x" * 201},
    ],
)  # fmt: skip
def test_rows_that_make_no_sense_change_nothing(boss, row):
    election = external(boss)
    rob = enter_candidate(election=election, by=boss, name="Rob")
    with pytest.raises(InvalidError):
        enter(election, boss, [{"name": "New"}, {"candidate": rob, **row}])
    assert not OutsideResult.objects.exists()
    assert election.candidates.count() == 1


def test_who_may_not_and_what_may_not(boss):
    election = external(boss)
    rob = enter_candidate(election=election, by=boss, name="Rob")
    for wrong in ([{"name": "A"}, {"name": "a"}], [{"name": ""}]):
        with pytest.raises((InvalidError, ConflictError)):
            enter(election, boss, wrong)
    with pytest.raises(InvalidError):
        enter(election, boss, [{"candidate": rob}] * 2)
    with pytest.raises(InvalidError):
        enter(election, boss, [{"candidate": rob}], source=" ")
    with pytest.raises(ForbiddenError):
        enter(election, member(), [{"candidate": rob}])
    with pytest.raises(ConflictError):
        enter(nominating(boss), boss, [{"name": "A"}])
    assert not OutsideResult.objects.exists()


def test_each_reminder_goes_once_and_after_the_end_none(boss, monkeypatch):
    reader = member()
    now = clock.now()
    election = external(boss, opens_at=now + 3 * DAY, closes_at=now + 8 * DAY)
    said = {}
    for hours in range(0, 9 * 24, 6):
        word = due_word(election, now + hours * HOUR)
        said.setdefault(word, hours)
    assert said == {"": 0, "soon": 48, "open": 72, "ends": 168}
    for hours, word in ((49, "soon"), (73, "open"), (169, "ends"), (200, "")):
        monkeypatch.setattr(clock, "now", lambda hours=hours: now + hours * HOUR)
        assert queue_member_reminders() == (2 if word else 0)
        assert queue_member_reminders() == 0
        if word:
            mail = Mail.objects.get(key=f"election:{election.pk}:{word}:{reader.pk}")
            write_mail(mail)
            assert "does not know whether you have voted" in mail.text
    with pytest.raises(UnwantedError):  # it is over: what was not sent yet is not sent any more
        write_mail(mail)


def test_what_the_announcement_said_is_not_said_again(boss):
    external(boss)
    assert queue_member_reminders() == 0


def test_the_undecided_are_reminded_before_the_deadline(boss, monkeypatch):
    election = nominating(boss, left=3 * DAY)
    rob, ann = member(), member()
    nominate_candidate(election=election, by=ann, email=rob.email)
    nominate_candidate(election=election, by=ann)
    now = clock.now()
    assert queue_member_reminders() == 0
    monkeypatch.setattr(clock, "now", lambda: now + 2.5 * DAY)
    Candidate.objects.update(created_at=now)
    assert [queue_member_reminders(), queue_member_reminders()] == [1, 0]
    letter = Mail.objects.get(purpose="polls/election_closing")
    write_mail(letter)
    assert letter.recipient == rob


class TestThe2012Election:
    def rows(self):
        models = (Election, Campaign, Candidate, OutsideResult)
        return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}

    def test_it_says_what_the_files_print_and_no_more(self):
        season = load_season(FILES)
        election = Election.objects.get(season=season)
        zone = ZoneInfo(election.chapter.timezone)
        assert (election.title, election.seats, election.votes_per_voter, election.cap_max) == (
            "OpenStack Foundation board, 2012", 8, 8, 2,
        )  # fmt: skip
        assert election.opens_at.astimezone(zone) == dt.datetime(2012, 8, 20, tzinfo=zone)
        assert election.closes_at.astimezone(zone) == dt.datetime(2012, 8, 25, tzinfo=zone)
        assert election.has_days_only
        printed = DOCUMENTS[SEASON]["board_election"]
        assert printed["delivery"][1:] in election.how_to_vote
        assert printed["eligibility"][1:] in election.eligibility
        campaign = election.campaigns.get()
        assert sorted(one.name for one in campaign.candidates.all()) == [
            "Joseph B George", "Rob Hirschfeld",
        ]  # fmt: skip
        for said in (*printed["joint_statement"]["record"], "Mirantis"):
            assert said in campaign.record
        results = {
            row.candidate.name: row
            for row in OutsideResult.objects.filter(candidate__election=election)
        }
        for row in DOCUMENTS[BOARD]["result_rows_known"]:
            name = row["candidate"].replace("Joseph George", "Joseph B George")
            known = results[name]
            assert str(known.votes) == row["votes"]
            assert (known.rank, known.voters, known.is_seated) == (
                row["rank"], row["voters"], row["seated"],
            )  # fmt: skip
            assert known.own_employer_percent == row.get("percent_of_its_voters_from_own_employer")
            assert known.is_inferred == row.get("seated_is_inferred", False)
        gentle = results["Anne Gentle"]
        assert (gentle.votes, gentle.rank, gentle.is_seated) == (None, None, False)
        assert len(results) == 6
        assert all(source in election.result_source for source in DOCUMENTS[BOARD]["sources"])

    def test_twice_changes_nothing_and_a_changed_file_just_that(self, tmp_path):
        load_season(FILES)
        before = self.rows()
        load_season(FILES)
        assert self.rows() == before
        documents = copy.deepcopy(DOCUMENTS)
        documents[BOARD]["others_not_seated_by_the_cap"] = ["Anne Gentle"]
        load_season(write(tmp_path, documents))
        assert set(Candidate.objects.values_list("name", flat=True)) == {
            row["name"] for row in before["Candidate"]
        } - {"Thierry Carrez"}
        documents[BOARD]["rules"]["seats"] = None
        load_season(write(tmp_path, documents))
        assert not Election.objects.exists()

    def test_it_stays_as_it_was_printed_and_is_seen_by_everyone(self, client):
        season = load_season(FILES)
        election = Election.objects.get(season=season)
        with pytest.raises(RecordedError):
            change_election(election=election, by=(boss := organizer(election.chapter)), seats=1)
        with pytest.raises(RecordedError):
            change_words(candidate=election.candidates.first(), by=boss, profile="Better")
        assert election in Election.objects.visible_to(AnonymousUser())
        page = client.get(f"/elections/{election.slug}/").content.decode()
        assert "20 August 2012 to 24 August 2012" in page
        assert "They run together; each is elected alone." in page
        assert "not known" in page
        assert "inferred" in page
        assert (
            f'href="/elections/{election.slug}/"'
            in client.get(f"/archive/{season.slug}/").content.decode()
        )
        assert queue_member_reminders() == 0
