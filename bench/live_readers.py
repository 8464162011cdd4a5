"""One process of readers: many sockets, each checked to get every event once and in order.

Says on standard output `joined`, after the last event a line of JSON, and then keeps its sockets
open until its standard input ends.
"""

import asyncio
import json
import sys
import time

from websockets.asyncio.client import ClientConnection, connect

parsed: dict[str, tuple[int, int, float]] = {}
JOINING = 50


def facts_of(text: str) -> tuple[int, int, float]:
    """First and last number and time of writing of a frame; read once for all readers."""
    if text not in parsed:
        message = json.loads(text)
        events = message["events"] if message["type"] == "events" else []
        numbers = [event["seq"] for event in events]
        if numbers != list(range(numbers[0], numbers[0] + len(numbers)) if numbers else []):
            raise SystemExit(f"a gap inside a frame: {numbers}")
        stamp = events[-1]["text"].split(" ", 1)[0] if events else ""
        sent = float(stamp) if stamp.replace(".", "", 1).isdigit() else 0.0
        parsed[text] = (numbers[0], numbers[-1], sent) if numbers else (0, 0, 0.0)
    return parsed[text]


class Readers:
    def __init__(self, url: str, last: int) -> None:
        self.url, self.last = url, last
        self.joined = 0
        self.frames = 0
        self.wrong = 0
        self.delays: list[float] = []
        self.open: list[ClientConnection] = []
        self.gate = asyncio.Semaphore(JOINING)

    async def read(self) -> None:
        async with self.gate:
            socket = await connect(self.url, compression=None, max_queue=None, open_timeout=120)
            await socket.recv()
        self.joined += 1
        self.open.append(socket)  # stays open: closing is not what is measured
        seq = 0
        while seq < self.last:
            text = await socket.recv()
            now = time.monotonic()
            begin, end, sent = facts_of(str(text))
            if not end:
                continue
            if begin != seq + 1:
                self.wrong += 1
                return
            seq = end
            if sent:
                self.frames += 1
                self.delays.append(now - sent)

    def sample(self) -> list[float]:
        """Some of the delays, enough for percentiles."""
        ranked = sorted(round(delay, 4) for delay in self.delays)
        return ranked[:: max(1, len(ranked) // 2000)]

    async def run(self, count: int) -> None:
        tasks = [asyncio.create_task(self.read()) for _ in range(count)]
        while self.joined < count:
            await asyncio.sleep(0.1)
            for task in tasks:
                if task.done():
                    task.result()
        print("joined", flush=True)
        results = await asyncio.gather(*tasks, return_exceptions=True)
        broken = [repr(result) for result in results if result is not None]
        print(
            json.dumps(
                {
                    "frames": self.frames,
                    "wrong": self.wrong,
                    "broken": broken[:3],
                    "finished": count - len(broken) - self.wrong,
                    "delays": self.sample(),
                }
            ),
            flush=True,
        )
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    url, count, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    asyncio.run(asyncio.wait_for(Readers(url, last).run(count), 300))
