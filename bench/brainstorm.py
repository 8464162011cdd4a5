"""A brainstorm with 60 at once: from a posted card to the others' screens, beside a bare server.

Every client has a socket and a key of its own; they post in turn at a steady pace. What counts is
the time from sending a card to each of the other clients' sockets, and the server's CPU time.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from typing import Any

import uvloop
from websockets.asyncio.client import connect

from bench.common import (
    UVICORN,
    cpu_seconds,
    free_port,
    own_database,
    percentile,
    report,
    running,
)
from bench.flows import ask

SLUG = "bench"
WARM_UP = 30  # cards before the measuring
JOINING = 10  # at once


class Room:
    """Clients at one brainstorm, and when each card came to each."""

    def __init__(self, port: int, tokens: list[str]) -> None:
        self.port, self.tokens = port, tokens
        self.sent: dict[str, tuple[int, float]] = {}  # words → who sent them, and when
        self.came: dict[str, list[float]] = {}
        self.answers: list[float] = []
        self.parsed: dict[str, list[str]] = {}
        self.joined = asyncio.Semaphore(0)
        self.missing = 0  # cards times screens
        self.complete = asyncio.Event()
        self.gate = asyncio.Semaphore(JOINING)

    async def watch(self, number: int) -> None:
        """One client's screen."""
        url = f"ws://127.0.0.1:{self.port}/ws/v1/brainstorms/{SLUG}/"
        headers = {"Authorization": f"Bearer {self.tokens[number]}"}
        async with self.gate:
            socket = await connect(
                url, additional_headers=headers, compression=None, max_queue=None, open_timeout=60
            )
            await socket.recv()
        self.joined.release()
        async for text in socket:
            now = time.monotonic()
            for words in self.words_in(str(text)):
                sender, _ = self.sent[words]
                if sender != number:
                    self.came[words].append(now)
                    self.missing -= 1
            if not self.missing:
                self.complete.set()

    def words_in(self, text: str) -> list[str]:
        """The words of a frame's cards; read once for all."""
        if text not in self.parsed:
            events = json.loads(text).get("events", ())
            self.parsed[text] = [event["idea"]["text"] for event in events]
        return self.parsed[text]

    async def post(self, number: int, words: str) -> None:
        """One client's card, over a connection of its own: who writes now and then has no other."""
        head = (
            f"POST /api/v1/brainstorms/{SLUG}/ideas/ HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Authorization: Bearer {self.tokens[number]}\r\nContent-Type: application/json"
        )
        began = time.monotonic()
        self.sent[words], self.came[words] = (number, began), []
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        status, _, text = await ask(reader, writer, head, json.dumps({"text": words}))
        writer.close()
        if status != 201:
            raise SystemExit(f"A card was refused: {status} {text[:200]}")
        self.answers.append(time.monotonic() - began)

    async def write(self, cards: int, rate: float, name: str) -> list[str]:
        """Post at the pace, each client in turn, and wait until all is on all screens."""
        began, posts, every = time.monotonic(), [], []
        self.missing = cards * (len(self.tokens) - 1)
        self.complete.clear()
        for number in range(cards):
            await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
            every.append(f"{name} {number}: rolling updates, upgrades and hot migrations")
            client = number % len(self.tokens)
            posts.append(asyncio.create_task(self.post(client, every[-1])))
        await asyncio.gather(*posts)
        async with asyncio.timeout(20):
            await self.complete.wait()
        return every


async def measure(
    server: subprocess.Popen[bytes], port: int, tokens: list[str], options: argparse.Namespace
) -> dict[str, Any]:
    room = Room(port, tokens)
    screens = [asyncio.create_task(room.watch(number)) for number in range(len(tokens))]
    async with asyncio.timeout(60):
        for _ in tokens:
            await room.joined.acquire()
    await room.write(WARM_UP, options.rate, "warm")
    room.answers.clear()
    before = cpu_seconds(server)
    cards = await room.write(int(options.rate * options.seconds), options.rate, "card")
    used = cpu_seconds(server) - before
    for screen in screens:
        screen.cancel()
    delays = [at - room.sent[words][1] for words in cards for at in room.came[words]]
    return {
        "p50_ms": round(percentile(delays, 50) * 1000, 1),
        "p95_ms": round(percentile(delays, 95) * 1000, 1),
        "answer_p95_ms": round(percentile(room.answers, 95) * 1000, 1),
        "cpu_ms_per_card": round(used / len(cards) * 1000, 1),
        "cpu_us_per_message": round(used / len(delays) * 1e6, 1),
        "messages": len(delays),
        "wrong": len(delays) - len(cards) * (len(tokens) - 1),
    }


def make_brainstorm(clients: int) -> list[str]:
    """A brainstorm, and the keys of as many members."""
    from community.core import clock  # after django.setup()
    from community.models import Chapter, User
    from community.services.accounts import create_api_token
    from polls.models import Brainstorm

    chapter, _ = Chapter.objects.get_or_create(
        slug="bench", defaults={"name": "Bench", "timezone": "UTC"}
    )
    Brainstorm.objects.create(chapter=chapter, slug=SLUG, title="Topics")
    tokens = []
    for number in range(clients):
        user = User.objects.create_user(f"b{number}@example.org", code_of_conduct_at=clock.now())
        user.memberships.create(chapter=chapter)
        tokens.append(create_api_token(user=user, name="bench"))
    return tokens


def run(application: str, tokens: list[str], options: argparse.Namespace) -> dict[str, Any]:
    port = free_port()
    with running([*UVICORN, "--port", str(port), application], port) as server:
        return uvloop.run(measure(server, port, tokens, options))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--clients", type=int, default=60)
    parser.add_argument("--rate", type=float, default=10.0, help="cards a second")
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    with own_database() as url:
        tokens = make_brainstorm(options.clients)
        os.environ["BENCH_BARE_DATABASE"] = url
        bare = run("bench.brainstorm_bare:application", tokens, options)
        ours = run("community.project.asgi:application", tokens, options)
    for name, result in (("bare", bare), ("ours", ours)):
        print(f"{name}: {result}", file=sys.stderr)
        if result["wrong"]:
            raise SystemExit(f"{name}: not every screen got every card once.")
    facts = {"clients": options.clients, "rate": options.rate}
    ratios = {
        "p95_ratio": round(ours["p95_ms"] / bare["p95_ms"], 1),
        "cpu_ratio": round(ours["cpu_ms_per_card"] / bare["cpu_ms_per_card"], 1),
    }
    report({"brainstorm": {"ours": ours, "bare": bare} | facts | ratios})


if __name__ == "__main__":
    main()
