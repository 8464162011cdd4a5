"""Voters with personal links who vote over HTTP, and what must hold of the election afterwards."""

import asyncio
import http.client
import io
import json
import random
import re
import time

from django.core import mail
from django.core.management import call_command

from bench.flows import ask
from community.models import Mail
from community.services.outgoing import send_queued_mail
from polls import states
from polls.models import Election, RollEntry, SecretBallot
from polls.selectors.elections.results import receipts_of
from polls.services.elections.log import broken_line

IN_A_PATH = re.compile(r"/vote/([\w-]{43})/")


def links_by_mail(election):
    """Hand over the queued mails of an election; the tokens that arrived."""
    mail.outbox = []
    queued = Mail.objects.filter(thread=f"election:{election.pk}", state=Mail.State.QUEUED)
    for pk in queued.filter(purpose="polls/election_link").values_list("pk", flat=True):
        send_queued_mail(str(pk))
    tokens = [IN_A_PATH.findall(message.body)[0] for message in mail.outbox]
    mail.outbox = []
    return tokens


class Voter:
    """Somebody with a link, a way to divide their votes, and the receipt that came."""

    def __init__(self, number, token, candidates, votes):
        chance = random.Random(number)
        self.token, self.code = token, f"voter-{number}-{chance.getrandbits(128):032x}"
        quarters = {}
        for one in chance.choices(candidates, k=chance.randint(0, votes)):
            quarters[one] = quarters.get(one, 0) + 4 - chance.randint(0, 2)
        self.choices = {
            "allocations": {str(one): str(amount / 4) for one, amount in quarters.items()}
        }
        self.receipt = self.refusal = None
        self.seconds = 0.0

    async def vote(self, lines, port, slug):
        """Send the ballot over a kept connection."""
        head = (
            f"POST /api/v1/elections/{slug}/ballot/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"X-Voter-Token: {self.token}\r\nContent-Type: application/json"
        )
        began = time.perf_counter()
        status, _, text = await ask(
            *lines, head, json.dumps({**self.choices, "revote_code": self.code})
        )
        self.seconds = time.perf_counter() - began
        document = json.loads(text)
        if status == 200:
            self.receipt = document["receipt"]
        else:
            self.refusal = document["code"]


async def all_vote(port, slug, voters, *, width=8):
    """The voters' ballots, `width` at once."""
    waiting = list(reversed(voters))

    async def one_connection():
        lines = await asyncio.open_connection("127.0.0.1", port)
        while waiting:
            await waiting.pop().vote(lines, port, slug)
        lines[1].close()

    await asyncio.gather(*(one_connection() for _ in range(width)))


def _read(port, path):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    line.request("GET", path)
    answer = line.getresponse()
    content = answer.read()
    line.close()
    assert answer.status == http.HTTPStatus.OK, content[:400]
    return content


def check(election, voters, port):
    """What was counted is what was taken: by number, by receipt and by byte."""
    election = Election.objects.get(pk=election.pk)
    assert election.state == states.COUNTED
    assert election.closed_at == election.closes_at
    assert broken_line(election) is None
    receipts = sorted(voter.receipt for voter in voters if voter.receipt)
    assert {voter.refusal for voter in voters if not voter.receipt} <= {"election_closed"}
    assert receipts_of(election) == receipts
    ballots = SecretBallot.objects.filter(election=election).count()
    voted = RollEntry.objects.filter(election=election, has_voted=True).count()
    assert (ballots, voted, election.result.ballots) == (len(receipts),) * 3
    assert json.loads(_read(port, f"/api/v1/elections/{election.slug}/receipts/")) == receipts
    published = _read(port, f"/elections/{election.slug}/results.json")
    told = io.StringIO()
    call_command("recount", election.slug, stdout=told, stderr=io.StringIO())
    assert told.getvalue().encode() == published
    return receipts
