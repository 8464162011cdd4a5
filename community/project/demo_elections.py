"""The demo's elections: one to vote in, and one that is certified, with all that it shows then.

Both are illustrations, and say so; nothing of them is of 2012.
"""

import datetime as dt
import secrets
from typing import Any

from community.core import clock
from community.models import Chapter, Mail, User
from polls.models import Candidate, Election, RollEntry
from polls.services.elections.ballots import cast_ballot
from polls.services.elections.certifying import certify_election
from polls.services.elections.moves import close_election, open_election
from polls.services.elections.setup import create_election
from polls.tally.cap import affiliation_key

OPEN_DAYS = 7
INSPECTOR = "second@example.org"
RACKS, MESA, CEDAR = "Northwind Racks", "Blue Mesa Hosting", "Cedar Creek College"
RULES: dict[str, Any] = {
    "seats": 3,
    "votes_per_voter": 8,
    "cap_max": 1,
    "asks_employer": True,
    "publish_ballots": True,
    "results_at": Election.ResultsAt.CERTIFICATION,
}
PLANNERS = (
    ("Ada Alder", RACKS, "Runs the storage evenings."),
    ("Ben Birch", RACKS, "Brings the switch, and takes it home again."),
    ("Cleo Cedar", MESA, "Wants every meetup written up by the next morning."),
    ("Dan Dogwood", CEDAR, "Has a room for forty, on weekdays."),
    ("Elm Everett", "", "Came to every meetup of the last year."),
)
LAST_BOARD = (
    ("Flora Fir", RACKS, ""),
    ("Gus Gum", RACKS, ""),
    ("Hazel Hart", MESA, ""),
    ("Ivo Ivy", CEDAR, ""),
    ("June Juniper", "", ""),
)
# What each voter gives the five candidates above, in their order, by where the voter works.
BALLOTS = {
    RACKS: ("44000", "53000", "43100", "35000", "26000", "52010"),
    "other": ("21320", "02411", "12320", "00800", "01223", "20240"),
    "undisclosed": ("11221", "00008"),
}
DID_NOT_VOTE = 4


def load_demo_elections(people: dict[str, User]) -> None:
    """Make them; `people` are the demo's accounts by address."""
    boss = people["organizer@example.org"]
    _open(boss, [*people, *(f"voter-{number}@example.org" for number in range(1, 9))])
    _certified(boss, people[INSPECTOR])


def _open(boss: User, emails: list[str]) -> Election:
    """One to vote in; everyone on its roll finds their link in the outbox."""
    return _election(
        boss,
        "Practice: who plans next year's meetups",
        PLANNERS,
        emails,
        slug="practice-planners",
        body="the planning team",
        about="An illustration, not of 2012: candidates and companies are made up. Vote as any "
        "of the people on its roll: the demo's outbox has a personal link for each of them.",
    )


def _certified(boss: User, inspector: User) -> None:
    """One that is over: its result, its log and its files can be looked at."""
    said = [(company, votes) for company, ballots in BALLOTS.items() for votes in ballots]
    emails = [f"member-{number}@example.org" for number in range(1, len(said) + DID_NOT_VOTE + 1)]
    election = _election(
        boss,
        "Practice: last year's board",
        LAST_BOARD,
        emails,
        slug="practice-board",
        body="the practice board",
        about="An illustration, not of 2012: people and companies are made up, and all of it was "
        "voted, sealed, counted and certified in the moment in which this demo was made.",
    )
    entries = RollEntry.objects.filter(election=election).order_by("pk")
    candidates = list(Candidate.objects.filter(election=election).order_by("pk"))
    for entry, (company, votes) in zip(entries, said, strict=False):
        given = zip(candidates, votes, strict=True)
        cast_ballot(
            election=election,
            entry=entry,
            choices={"allocations": {str(one.pk): number for one, number in given if number > "0"}},
            revote_code=secrets.token_urlsafe(24),
            employer=affiliation_key(company),
        )
    election = close_election(election=election, by=boss, reason="Everyone who wished has voted.")
    certify_election(
        election=election, by=inspector, statement="I counted the sealed ballots again."
    )
    # Links that are dead already, and a result of people who are made up: no news to anyone.
    Mail.objects.filter(thread=f"election:{election.pk}").delete()


def _election(boss: User, title: str, people: Any, emails: list[str], **fields: Any) -> Election:
    election = create_election(
        by=boss,
        chapter=Chapter.objects.get(slug="austin"),
        title=title,
        candidates=[
            {"name": name, "affiliation": company, "profile": profile}
            for name, company, profile in people
        ],
        inspectors=[INSPECTOR],
        electorate=[{"email": email, "reason": "on the demo's roll"} for email in emails],
        closes_at=clock.now() + dt.timedelta(days=OPEN_DAYS),
        eligibility="Who is on the demo's roll.",
        **RULES,
        **fields,
    )
    return open_election(election=election, by=boss)
