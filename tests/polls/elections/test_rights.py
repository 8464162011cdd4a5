"""Who gets what of an election, in each of its states: the table is `rights.txt`, for people.

The addresses come from the code, so one that the table does not know fails the test; every request
is undone before the next.
"""

import re
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from community.models import User
from community.project.permission_page import addresses
from polls.models import Campaign, Candidate, Inspector, RollEntry, RollRequest
from polls.services.elections.ballots import cast_ballot
from polls.services.elections.certifying import certify_election
from polls.services.elections.moves import close_election, open_election
from tests.factories.community import ChapterFactory, member, organizer
from tests.factories.polls import ElectionFactory
from tests.factories.rolls import token_of

# The same code again and again, for everyone: measured elsewhere, twice as fast without.
pytestmark = pytest.mark.no_cover

TABLE = Path(__file__).with_name("rights.txt")
STATES = ("draft", "open", "counted", "certified")
ROLES = (
    "anonymous", "member", "elsewhere", "voter", "candidate", "inspector", "organizer",
    "organizer elsewhere", "administrator",
)  # fmt: skip
VERBS = ("get", "post", "put", "patch", "delete")
SIGNS = {200: "+", 201: "+", 202: "+", 204: "+", 302: ">", 303: ">", 401: "!", 403: "-",
         404: "?", 409: "~", 422: "^"}  # fmt: skip
STEP = {"<str:step>": "endorse", "<str:token>": "guessed"}


class World:
    """An election in `state`, and a browser for everyone who looks at it."""

    def __init__(self, state):
        self.boss, self.inspector, self.stands = organizer(), member(name="Ina"), member()
        self.election = ElectionFactory(
            slug="board", inspectors=[self.inspector], results_at="certification",
            candidates=2, asks_employer=True,
        )  # fmt: skip
        Candidate.objects.filter(pk=self._first(Candidate).pk).update(account=self.stands)
        Campaign.objects.create(election=self.election, title="Together")
        RollRequest.objects.create(election=self.election, account=member(), text="I joined in May")
        self.browsers = {role: self._browser(role) for role in ROLES}
        for step in STATES[1 : STATES.index(state) + 1]:
            getattr(self, f"_{step}")()

    def _first(self, model):
        return model.objects.filter(election=self.election).order_by("pk").first()

    def _browser(self, role):
        elsewhere = ChapterFactory(slug="dallas")
        makers = {
            "member": member,
            "elsewhere": lambda: member(elsewhere),
            "candidate": lambda: self.stands,
            "inspector": lambda: self.inspector,
            "organizer": lambda: self.boss,
            "organizer elsewhere": lambda: organizer(elsewhere),
            "administrator": lambda: User.objects.create_superuser("root@example.org"),
        }
        browser = Client()
        if role in makers:
            browser.force_login(makers[role]())
        return browser

    def _open(self):
        self.election = open_election(election=self.election, by=self.boss)
        link = f"/elections/board/vote/{token_of(self._first(RollEntry))}/"
        assert self.browsers["voter"].get(link).status_code == 303

    def _counted(self):
        line = RollEntry.objects.filter(election=self.election).last()
        choices = {"allocations": {}}
        cast_ballot(election=self.election, entry=line, choices=choices, revote_code="c" * 22)
        self.election = close_election(election=self.election, reason="r", by=self.boss)

    def _certified(self):
        self.election = certify_election(election=self.election, by=self.inspector)

    def path(self, pattern):
        """`pattern` with this election in its places."""
        kinds = {"candidates": Candidate, "campaigns": Campaign, "inspectors": Inspector,
                 "requests": RollRequest, "roll": RollEntry}  # fmt: skip
        model = next((kinds[word] for word in kinds if f"/{word}/" in pattern), RollEntry)
        places = {"<slug:slug>": "board", "<int:pk>": str(self._first(model).pk)} | STEP
        return "/" + re.sub(r"<\w+:\w+>", lambda found: places[found[0]], pattern)


def calls():
    """Every address of elections with each verb that it answers."""
    for pattern, callback in addresses():
        if pattern.removeprefix("api/v1/").startswith("elections/"):
            view = getattr(callback, "view_class", None) or callback.cls
            yield from ((verb, pattern) for verb in VERBS if hasattr(view, verb))


def sign(answer):
    """The status as one sign; to sign in first is the same on a page and in a call."""
    if answer.status_code == 302 and answer["Location"].startswith("/accounts/login/"):
        return SIGNS[401]
    return SIGNS.get(answer.status_code, str(answer.status_code))


def answered(world, number, verb, pattern):
    """What each role gets, as one sign each; nothing of it stays."""
    path, signs = world.path(pattern), ""
    for place, browser in enumerate(world.browsers.values()):
        with transaction.atomic():
            sent = {"data": {}, "content_type": "application/json"} if "api/" in pattern else {}
            # Each from a place of its own: the limits on guessing are another test's.
            address = f"10.{place}.{number // 250}.{number % 250}"
            answer = getattr(browser, verb)(path, **sent, REMOTE_ADDR=address)
            signs += sign(answer)
            transaction.set_rollback(True)
    return signs


def written():
    """The table as it is written: for each call the signs by state."""
    table = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        cells = line.split()
        if cells and cells[0].lower() in VERBS:
            table[cells[0].lower(), cells[1]] = dict(zip(STATES, cells[2:], strict=True))
    return table


@pytest.mark.django_db
@pytest.mark.parametrize("state", STATES)
def test_everyone_gets_what_the_table_says(state):
    world, table = World(state), written()
    found = {
        (verb, f"/{pattern}"): answered(world, number, verb, pattern)
        for number, (verb, pattern) in enumerate(calls())
    }
    said = {call: signs[state] for call, signs in table.items()}
    assert found == said


def test_a_result_is_the_inspectors_alone_until_it_is_certified():
    """Read off the table itself: it must not be wrong where it counts most."""
    table = written()
    for page in ("results/", "results.json", "ballots.csv"):
        signs = table["get", f"/elections/<slug:slug>/{page}"]
        assert "+" not in signs["draft"] + signs["open"]
        assert [r for r, s in zip(ROLES, signs["counted"], strict=True) if s == "+"] == [
            "inspector"
        ]
    assert set(table["get", "/elections/<slug:slug>/results/"]["certified"]) == {"+"}
    for call, signs in table.items():
        if "/run/" in call[1] or call[1].endswith(("/open/", "/close/", "/cancel/", "/extend/")):
            for role, own in zip(ROLES, signs["open"], strict=True):
                if call[0] == "post" and role not in {"organizer", "administrator"}:
                    assert own in "!-", (call, role)
