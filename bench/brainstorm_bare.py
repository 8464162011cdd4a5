"""The thing to compare with: one row inserted through psycopg, then sent to every socket.

An ASGI application of its own, through the same server; it knows neither people nor rights.
"""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]

screens: set[Send] = set()
writing = asyncio.Lock()
_line: list[psycopg.AsyncConnection[Any]] = []


async def _store(text: str) -> int:
    if not _line:
        url = os.environ["BENCH_BARE_DATABASE"]
        _line.append(await psycopg.AsyncConnection.connect(url, autocommit=True))
        await _line[0].execute("CREATE TABLE bare_card (id bigserial PRIMARY KEY, text text)")
    found = await _line[0].execute("INSERT INTO bare_card (text) VALUES (%s) RETURNING id", [text])
    return int((await found.fetchone())[0])


async def _post(receive: Receive, send: Send) -> None:
    text = json.loads((await receive())["body"])["text"]
    async with writing:
        seq = await _store(text)
        event = {"seq": seq, "kind": "posted", "idea": {"id": seq, "text": text}}
        frame = json.dumps({"type": "events", "events": [event]})
        await asyncio.gather(*(show({"type": "websocket.send", "text": frame}) for show in screens))
    answer = json.dumps({"id": seq}).encode()
    headers = [(b"content-length", str(len(answer)).encode())]
    await send({"type": "http.response.start", "status": 201, "headers": headers})
    await send({"type": "http.response.body", "body": answer})


async def _screen(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.send", "text": '{"type": "snapshot"}'})
    screens.add(send)
    try:
        while (await receive())["type"] != "websocket.disconnect":
            pass
    finally:
        screens.discard(send)


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Posting over HTTP, screens over sockets."""
    await (_post if scope["type"] == "http" else _screen)(receive, send)
