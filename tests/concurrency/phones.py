"""Simulated phones at one brainstorm: each a socket, a key of its own and what it shows."""

import asyncio
import json
import random
import re

from websockets.asyncio.client import connect

WORDS_OWN = re.compile(r"w\d+x\d+")  # every word a phone writes is the only one of its kind


async def ask(port, token, verb, path, body):
    """Status and document of an answer, over a connection of its own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    data = json.dumps(body).encode()
    head = (
        f"{verb} /api/v1/{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        f"Connection: close\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    writer.write(head.encode() + data)
    answer = await reader.read()
    writer.close()
    head, _, document = answer.partition(b"\r\n\r\n")
    return int(head.split(b" ", 2)[1]), json.loads(document or b"null")


class Phone:
    """Shows what the socket says, and nothing else; writes over the API."""

    def __init__(self, number, port, slug, token):
        self.number, self.slug, self.port, self.token = number, slug, port, token
        self.random = random.Random(number)
        self.shown = {}  # id → card, as the events tell
        self.seq = self.written = self.conflicts = 0
        self.gaps, self.failed = [], []
        self.edited = False
        self.news = asyncio.Event()

    async def listen(self, joined):
        """Follow the stream until cancelled."""
        url = f"ws://127.0.0.1:{self.port}/ws/v1/brainstorms/{self.slug}/"
        headers = {"Authorization": f"Bearer {self.token}"}
        async with connect(
            url, additional_headers=headers, compression=None, max_queue=None, open_timeout=60
        ) as socket:
            async for text in socket:
                message = json.loads(text)
                if message["type"] == "snapshot":
                    joined.release()
                for event in message.get("events", ()):
                    if event["seq"] != self.seq + 1:
                        self.gaps.append((self.seq, event["seq"]))
                    self.seq = event["seq"]
                    self.shown[event["idea"]["id"]] = event["idea"]
                self.news.set()

    async def ask(self, verb, path, body):
        return await ask(self.port, self.token, verb, path, body)

    async def until(self, seq):
        """Wait for the event of that number."""
        while self.seq < seq:
            self.news.clear()
            await self.news.wait()

    def word(self):
        """A word nobody else writes."""
        self.written += 1
        return f"w{self.number}x{self.written}"

    async def post(self):
        path = f"brainstorms/{self.slug}/ideas/"
        status, body = await self.ask("POST", path, {"text": self.word()})
        if status != 201:
            self.failed.append((status, body))

    async def edit(self):
        """Put a word in front of, or behind, a card on the screen, or in the place of its last.

        The first time all take the same card and the same place, so that they do collide. Who is
        told that the same words were changed meanwhile puts both together and sends again.
        """
        cards = list(self.shown.values())
        card = cards[0] if not self.edited else self.random.choice(cards)
        words, mine = card["text"].split(), self.word()
        place = self.random.randrange(3) if self.edited else 2
        self.edited = True
        text = " ".join([mine, *words] if place == 0 else [*words, mine])
        if place == 2:  # written into the last word: two who do so collide
            text = f"{card['text']}{mine}"
        path, revision = f"brainstorms/{self.slug}/ideas/{card['id']}/", card["revision"]
        for _ in range(60):
            status, body = await self.ask("PATCH", path, {"text": text, "revision": revision})
            if status != 409:
                break
            self.conflicts += 1
            text = f"{body['idea']['text']} {mine}"
            revision = body["idea"]["revision"]
        if status != 200:
            self.failed.append((status, body))

    async def move(self):
        cards = self.random.sample(list(self.shown), 2)
        path = f"brainstorms/{self.slug}/ideas/{cards[0]}/move/"
        status, body = await self.ask("POST", path, {"before": cards[1]})
        if status != 200:
            self.failed.append((status, body))

    def screen(self):
        """The cards as this phone shows them: in order, with their words."""
        cards = sorted(self.shown.values(), key=lambda card: (card["position"], card["id"]))
        return [(card["id"], card["position"], card["text"], card["revision"]) for card in cards]
