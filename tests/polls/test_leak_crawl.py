"""Before its moment nobody reads anything of a poll's or an election's result, wherever they go.

A crawl as a browser does it: every address the site has, filled with the poll's neighbourhood, and
every link found on the way; then the sockets, the mails, the trails and the exports.
"""

import hashlib
import html
import json
import re
import uuid
from collections import Counter, deque
from decimal import Decimal
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from itertools import permutations

import pytest
from channels.testing import WebsocketCommunicator
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.test import Client

from community.core.threads import in_thread
from community.models import AuditEntry, Mail, User
from community.project.asgi import application
from community.project.organizers import grant_organizers
from community.project.permission_page import addresses
from community.services.accounts import organizers_group
from community.services.outgoing import send_queued_mail
from polls.models import Ballot, Priority, RollEntry
from polls.selectors import results
from polls.selectors.elections import results as election_results
from polls.selectors.elections.rules import ballots_of, rules_of
from polls.selectors.polls import options_for
from polls.services.ballots import cast_ballot
from polls.services.elections.ballots import cast_ballot as cast_secretly
from polls.services.elections.moves import close_election, open_election
from polls.services.ideas import post_idea
from polls.services.moves import close_poll
from polls.services.news import announce_poll
from polls.services.reminders import remind_voters
from polls.tally.election import count_election
from tests.factories.community import bearer, member, organizer
from tests.factories.deploylab import NodeFactory, deploy
from tests.factories.meetups import MeetupFactory
from tests.factories.polls import (
    BrainstormFactory,
    ElectionFactory,
    PollFactory,
    PriorityListFactory,
)

# The same code again and again, for everyone: measured elsewhere, twice as fast without.
pytestmark = pytest.mark.no_cover

TITLES = ("Aardvark", "Bandicoot", "Capybara")  # in the order they were written
ROLES = ("stranger", "member", "voter", "organizer", "administrator")
# Of a percentage, of a digest; a ballot and the order are worked out from what was voted.
ROUND = {"0.0", "50.0", "100.0"}
MOST_QUERIES = 3  # of one path, so that a calendar or a filter does not go on for ever
LINK = re.compile(r"(?:href|action)=[\"']([^\"'#]+)")
NO_SEED = hashlib.sha256(b"").hexdigest()  # an election's own is sealed while it is open
HOST = "127.0.0.1"  # the demo, whose outbox is open, answers no other


class World:
    """An open poll of which seven have decided the order, and all that stands around it."""

    def __init__(self):
        grant_organizers()
        self.organizer = organizer()
        self.organizer.groups.add(organizers_group())
        self.administrator = User.objects.create_superuser("root@example.org")
        self.stranger = None
        self.meetup = MeetupFactory()
        around = {"chapter": self.meetup.chapter, "meetup": self.meetup}
        self.brainstorm = BrainstormFactory(**around)
        self.poll = PollFactory(brainstorm=self.brainstorm, purpose="topics", **around)
        for place, title in enumerate(TITLES):
            self.poll.options.create(title=title, position=place)
        self._cards()
        self.list = PriorityListFactory(chapter=self.meetup.chapter, brainstorm=self.brainstorm)
        self.issue = Priority.objects.create(list=self.list, position=1, rank=1, title="Issue")
        self._vote()
        self._people_whose_own_order_is_another()
        self._mails()

    def _cards(self):
        for option in self.poll.options.all():
            card = post_idea(brainstorm=self.brainstorm, text="A card", by=self.organizer)
            option.ideas.add(card)
            self.card = card

    def _vote(self):
        a, b, c = self.poll.options.order_by("pk").values_list("pk", flat=True)
        self.option, self.decided = c, [c, a, b]
        for _ in range(5):
            cast_ballot(poll=self.poll, choices={"ranking": [c, a, b]}, by=member())
        for _ in range(2):
            self.voter = member()
            cast_ballot(poll=self.poll, choices={"ranking": [a, c, b]}, by=self.voter)

    def _people_whose_own_order_is_another(self):
        """Each voter reads the options in an order of their own: it must not be the result's."""
        self.member = member()
        for user in (self.member, self.voter, self.organizer, self.administrator):
            while self.own_order(user) == self.result_order:
                user.uuid = uuid.uuid4()
                user.save(update_fields=["uuid"])

    def own_order(self, user):
        return [option.title for option in options_for(self.poll, user)]

    def _mails(self):
        announce_poll(self.poll, by=None)
        remind_voters(poll=self.poll, by=self.organizer)
        for mail in Mail.objects.all():
            send_queued_mail(str(mail.pk))

    def elect(self):
        """An election that waits for its inspector's signature, and one of which some have voted.

        Of 997 votes each, with hundredths, so that no other number of the site is one of theirs.
        """
        self.inspector = member()
        rules = {
            "chapter": self.meetup.chapter, "votes_per_voter": 997, "whole_votes": False, "roll": 4,
            "results_at": "certification", "inspectors": [self.inspector],
        }  # fmt: skip
        self.counted, running = ElectionFactory(**rules), ElectionFactory(**rules)
        RollEntry.objects.create(
            election=running, email=self.voter.email, account=self.voter, reason="a member"
        )
        self.counted, running = (
            open_election(election=one, by=self.organizer) for one in (self.counted, running)
        )
        for election in (self.counted, running):
            a, b, _ = election.candidates.order_by("pk")
            votes = [Decimal(one) for one in ("613.37", "571.41", "996.22")]
            for line, most in zip(election.roll.order_by("pk"), votes, strict=False):
                given = {str(b.pk): str(most), str(a.pk): str(997 - most)}
                choices = {"allocations": given}
                cast_secretly(election=election, entry=line, choices=choices, revote_code="c" * 22)
        told = [
            count_election(rules_of(one) | {"lot_seed_hash": NO_SEED}, ballots_of(one))
            for one in (self.counted, running)
        ]
        self.counted = close_election(election=self.counted, reason="r", by=self.organizer)
        for content in told:
            first = content["candidates"][0]
            assert (first["votes"], first["percent_of_votes"]) == ("2181.00", "72.92")
        # No time of day has 72 seconds.
        self.signs |= {"72.92", "613.37", "571.41"}

    @property
    def result_order(self):
        return [TITLES[2], TITLES[0], TITLES[1]]

    @cached_property
    def signs(self):
        """What a text says only where something of the count or of a ballot got out."""
        counted = results.counted(self.poll, results.ballots_of(self.poll))
        percents = {str(row["percent"]) for row in counted["options"]} - ROUND
        assert "85.7" in percents
        assert [row["id"] for row in counted["options"]] == self.decided
        return {counted["digest"], str(self.decided), *percents}

    def says(self, text):
        """The signs of the result in `text`."""
        text = html.unescape(text)
        plain = re.sub(r"(?<=[\[,])\s*|\s*(?=\])", " ", text).replace("[ ", "[").replace(" ]", "]")
        found = {sign for sign in self.signs if sign in text or sign in plain}
        places = {title: text.find(title) for title in TITLES}
        if min(places.values()) >= 0 and sorted(TITLES, key=places.get) == self.result_order:
            found.add("order")
        return found


def filled(world):
    """Every address of the site, with what belongs to the poll in its places."""
    slugs = {
        "polls": world.poll.slug, "brainstorms": world.brainstorm.slug,
        "meetups": world.meetup.slug, "priorities": world.list.slug,
        "chapters": world.meetup.chapter.slug, "elections": world.counted.slug,
    }  # fmt: skip
    candidate = world.counted.candidates.first()
    numbers = {"ideas": world.card.pk, "priorities": world.issue.pk, "elections": candidate.pk}
    mail = Mail.objects.first().pk
    for pattern, _ in addresses():
        kind = pattern.removeprefix("api/v1/").partition("/")[0]
        number = numbers["ideas"] if "/ideas/" in pattern else numbers.get(kind, world.option)
        values = {
            "slug": slugs.get(kind, world.meetup.chapter.slug), "str": "none", "int": number,
            "uuid": mail if "/mails/" in pattern else uuid.uuid4(),
        }  # fmt: skip
        yield "/" + re.sub(r"<(\w+):\w+>", lambda place, v=values: str(v[place[1]]), pattern)


def crawl(world, user, *, start):
    """What each address says: those of `start`, and all that one comes to from them by links."""
    client = Client(HTTP_HOST=HOST)
    if user is not None:
        client.force_login(user)
    waiting, seen, queries = deque(start), set(start), Counter()
    found = {}
    while waiting:
        address = waiting.popleft()
        answer = client.get(address)
        assert answer.status_code != 500, address
        text = b"".join(answer).decode(errors="replace")
        if signs := world.says(text):
            found[address] = signs
        links = LINK.findall(text) if "html" in answer.get("Content-Type", "") else []
        for written in [*links, answer.get("Location", "")]:
            link = followed(address, html.unescape(written))
            path, _, query = link.partition("?")
            queries[path] += bool(query)
            if link and link not in seen and queries[path] <= MOST_QUERIES:
                seen.add(link)
                waiting.append(link)
    return found, seen


def followed(address, link):
    """Where a link leads within the site; the admin's lists are the same in every order."""
    link = address.partition("?")[0] + link if link.startswith("?") else link
    if link.startswith("/admin/"):
        link = link.partition("?")[0]
        return "" if link.endswith("/add/") else link
    return "" if link.startswith(("//", "/static/", "/accounts/")) or link[:1] != "/" else link


@pytest.fixture
def world(db, settings):
    settings.DEMO = True
    world = World()
    world.elect()
    return world


@pytest.mark.parametrize("role", ROLES)
def test_every_page_call_and_export(world, role):
    start = ["/", "/admin/", *filled(world)]
    found, seen = crawl(world, getattr(world, role), start=start)
    assert found == {}
    assert f"/polls/{world.poll.slug}/results/" in seen
    assert f"/elections/{world.counted.slug}/results/" in seen
    assert f"/elections/{world.counted.slug}/log/" in seen
    assert len(seen) > len(start)
    is_staff = role in {"organizer", "administrator"}
    assert (f"/admin/polls/poll/{world.poll.pk}/history/" in seen) == is_staff


def test_control_without_the_gate_the_crawl_finds_it(world, monkeypatch):
    monkeypatch.setattr(results, "check_results_open", lambda _: None)
    poll = world.poll.slug
    found, _ = crawl(world, world.stranger, start=["/", *filled(world)])
    assert set(found) == {
        f"/polls/{poll}/results/", f"/polls/{poll}/results.csv", f"/polls/{poll}/results.json",
        f"/api/v1/polls/{poll}/results/",
    }  # fmt: skip
    assert all({"85.7", "order"} <= signs for signs in found.values())
    ballots = [f"/polls/{poll}/ballots.json", f"/api/v1/polls/{poll}/ballots/"]
    found, _ = crawl(world, world.organizer, start=ballots)
    assert set(ballots) <= set(found)
    assert all(str(world.decided) in found[address] for address in ballots)


def test_control_without_their_gate_the_crawl_finds_elections(world, monkeypatch):
    slug = world.counted.slug
    pages = {f"/elections/{slug}/results/", f"/elections/{slug}/results.json",
             f"/api/v1/elections/{slug}/results/"}  # fmt: skip
    found, _ = crawl(world, world.inspector, start=["/", f"/elections/{slug}/inspect/"])
    assert set(found) > {f"/elections/{slug}/inspect/", f"/elections/{slug}/ballots.csv"}
    with monkeypatch.context() as patch:
        patch.setattr(election_results, "may_read_results", lambda *_: True)
        found, _ = crawl(world, world.stranger, start=["/", *pages])
    assert {page for page in found if slug in page} == pages


def test_mails_and_trails_of_elections(world):
    for mail in Mail.objects.filter(state=Mail.State.QUEUED):
        send_queued_mail(str(mail.pk))
    mails = Mail.objects.filter(thread=f"election:{world.counted.pk}", state=Mail.State.SENT)
    assert mails.exists()  # the inspector is asked to look at it
    said = [mail.subject + mail.text + mail.html + str(mail.about) for mail in Mail.objects.all()]
    said += [f"{entry.subject} {entry.detail}" for entry in AuditEntry.objects.all()]
    said += [str(line.facts) for line in world.counted.log.all()]
    assert [text for text in said if world.says(text)] == []


def test_mails_and_trails(world):
    mails = Mail.objects.filter(state=Mail.State.SENT)
    said = [mail.subject + mail.text + mail.html + str(mail.about) for mail in mails]
    said += [f"{entry.subject} {entry.detail}" for entry in AuditEntry.objects.all()]
    said += [entry.object_repr + entry.change_message for entry in LogEntry.objects.all()]
    assert len(mails) == 4  # the member and the organizer, invited and reminded
    assert [text for text in said if world.says(text)] == []
    told = AuditEntry.objects.filter(subject=f"poll {world.poll.slug}")
    assert {entry.actor for entry in told} == {world.organizer}  # no line says who voted, or when
    voters = set(Ballot.objects.values_list("voter__email", flat=True))
    reminded = Mail.objects.filter(purpose="polls/reminder").values_list("to", flat=True)
    assert voters.isdisjoint(reminded)


def test_who_has_voted_is_in_no_list_of_mails(world, client):
    close_poll(poll=world.poll, reason="r", by=world.organizer)
    told = Mail.objects.filter(purpose__in=["polls/closed", "polls/reminder"])
    assert told.filter(to=world.voter.email).exists()
    for user in (world.organizer, world.administrator):
        client.force_login(user)
        for query in ("", "?q=poll", "?purpose=polls/closed", f"?q={world.voter.email}"):
            text = client.get(f"/admin/community/mail/{query}", headers={"host": HOST})
            rows = set(re.findall(r"/admin/community/mail/([0-9a-f-]{36})/", text.content.decode()))
            assert rows.isdisjoint(map(str, told.values_list("pk", flat=True))), query
            assert rows or query  # the invitations are there
        mail = told.first()
        assert mail is not None
        page = f"/admin/community/mail/{mail.pk}/change/"
        assert mail.to not in client.get(page, headers={"host": HOST}).content.decode()


def sockets(world):
    """Every socket there is, with the poll's neighbours in its address."""
    slugs = {"brainstorms": world.brainstorm.slug, "meetups": world.meetup.slug}
    for app in apps.get_app_configs():
        if find_spec(f"{app.name}.routing") is None:
            continue
        routing = import_module(f"{app.name}.routing")
        for entry in getattr(routing, "websocket_urlpatterns", ()):
            pattern = str(entry.pattern)
            slug = slugs.get(pattern.split("/")[2], "")
            yield re.sub(r"<uuid:\w+>", str(world.deployment), pattern.replace("<slug:slug>", slug))


async def heard(path, user):
    headers = [(b"host", HOST.encode())]
    if user is not None:
        headers.append(
            (b"authorization", (await in_thread(bearer, user))["Authorization"].encode())
        )
    socket = WebsocketCommunicator(application, f"/{path}?after=0", headers=headers)
    await socket.connect(timeout=10)
    said = []
    while not await socket.receive_nothing(timeout=0.15):
        said.append(await socket.receive_output(timeout=5))
    await socket.disconnect(timeout=10)
    return said


@pytest.mark.django_db(transaction=True)
async def test_every_socket():
    world = await in_thread(World)
    await in_thread(NodeFactory)
    world.deployment = (await in_thread(deploy)).pk
    said = {}
    for path in await in_thread(lambda: list(sockets(world))):
        for role in ("stranger", "voter", "administrator"):
            said[path, role] = json.dumps(await heard(path, getattr(world, role)))
    leaked = {key for key, text in said.items() if await in_thread(world.says, text)}
    assert leaked == set()
    card = f"ws/v1/brainstorms/{world.brainstorm.slug}/"
    assert "A card" in said[card, "stranger"]  # it was read at all


@pytest.mark.django_db
def test_control_the_signs_are_seen():
    world = World()
    for text in ("85.7 %", f"[{', '.join(map(str, world.decided))}]", str(world.decided)):
        assert world.says(text)
    assert world.says(json.dumps(world.decided, separators=(",", ":")))
    seen = [order for order in permutations(TITLES) if world.says(" ".join(order))]
    assert seen == [tuple(world.result_order)]
