"""Two requests of many signed-in people, a page and its form: ours beside a plain Django site's.

The plain site (`bench/plain.py`) has its own session, account and CSRF middleware, and nothing that
is not needed to show a form and store its answer.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit, urlunsplit

import psycopg

from bench.common import UVICORN, cpu_seconds, free_port, percentile, running

CONNECTIONS = 8


class Flow(NamedTuple):
    """A page, the address its form goes to, and what is sent."""

    page: str
    post: str
    form: dict[str, str]


async def ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str, body: str = ""
) -> tuple[int, str, str]:
    """One request on a kept connection: status, head and body of the answer."""
    writer.write(f"{head}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
    answer = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    lengths = [
        int(line.split(":")[1])
        for line in answer.lower().splitlines()
        if line.startswith("content-length:")
    ]
    content = (await reader.readexactly(lengths[0])).decode() if lengths else ""
    return int(answer.split()[1]), answer, content


async def answer_all(port: int, flow: Flow, sessions: list[str]) -> list[float]:
    """Every member's flow, a few at once; the seconds each took."""
    took: list[float] = []
    waiting = list(sessions)

    async def one_connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while waiting:
            cookie = f"sessionid={waiting.pop()}"
            began = time.perf_counter()
            host = f"HTTP/1.1\r\nHost: 127.0.0.1:{port}"
            status, head, _ = await ask(
                reader, writer, f"GET {flow.page} {host}\r\nCookie: {cookie}"
            )
            token = head.split("csrftoken=")[1].split(";")[0]
            assert status == 200, head
            status, head, text = await ask(
                reader,
                writer,
                f"POST {flow.post} {host}\r\nCookie: {cookie}; csrftoken={token}\r\n"
                f"X-CSRFToken: {token}\r\nContent-Type: application/x-www-form-urlencoded",
                urlencode(flow.form),
            )
            assert status == 302, (head, text[:400])
            took.append(time.perf_counter() - began)
        writer.close()

    await asyncio.gather(*(one_connection() for _ in range(CONNECTIONS)))
    return took


def measure(application: str, flow: Flow, sessions: list[str], **env: str) -> dict[str, float]:
    port = free_port()
    warm, rest = sessions[: CONNECTIONS * 2], sessions[CONNECTIONS * 2 :]
    with running([*UVICORN, "--port", str(port), application], port, **env) as server:
        asyncio.run(answer_all(port, flow, warm))
        before, began = cpu_seconds(server), time.monotonic()
        took = asyncio.run(answer_all(port, flow, rest))
        spent = time.monotonic() - began
        return {
            "flows_per_s": round(len(took) / spent, 1),
            "cpu_ms": round((cpu_seconds(server) - before) / len(took) * 1000, 2),
            "p50_ms": round(percentile(took, 50) * 1000, 1),
            "p99_ms": round(percentile(took, 99) * 1000, 1),
        }


def sessions_of(count: int, make: Callable[[int], Any]) -> list[str]:
    """A signed-in session for each of `count` people made by `make`."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    keys = []
    for number in range(count):
        user, store = make(number), SessionStore()
        store[SESSION_KEY] = str(user.pk)
        store[BACKEND_SESSION_KEY] = user.bench_backend
        store[HASH_SESSION_KEY] = user.get_session_auth_hash()
        store.save()
        keys.append(store.session_key)
    return keys


def our_members(count: int) -> list[str]:
    """Sessions of so many new members of the demo's chapter."""
    from community.core import clock
    from community.models import Chapter, User

    chapter = Chapter.objects.get(slug="austin")

    def make(number: int) -> User:
        user = User.objects.create_user(f"m{number}@example.org", code_of_conduct_at=clock.now())
        user.memberships.create(chapter=chapter)
        user.bench_backend = "allauth.account.auth_backends.AuthenticationBackend"
        return user

    return sessions_of(count, make)


@contextmanager
def bare_database():
    before = os.environ["DATABASE_URL"]
    name = f"bench_bare_{os.getpid()}"
    url = urlunsplit(urlsplit(before)._replace(path=f"/{name}"))
    with psycopg.connect(before, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield url
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def statements_of(flow: Flow, session: str) -> int:
    """How many SQL statements our flow runs, page and answer together."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1"})
    client.cookies["sessionid"] = session
    with CaptureQueriesContext(connection) as captured:
        client.get(flow.page)
        client.post(flow.post, flow.form)
    connection.close()
    return len(captured)


def ours(flow: Flow, sessions: list[str]) -> dict[str, float]:
    """Our site's flows."""
    return measure("community.project.asgi:application", flow, sessions)


def plain(flow: Flow, people: int) -> dict[str, float]:
    """The plain site's flows, in a database of its own."""
    with bare_database() as url:
        environment = {"BENCH_BARE_DATABASE": url, "BENCH_PEOPLE": str(people)}
        made = subprocess.run(
            [sys.executable, "-P", "-m", "bench.plain"],
            env=os.environ | environment, stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
        return measure("bench.plain:application", flow, made.stdout.split(), **environment)


def compared(
    our: dict[str, float], bare: dict[str, float], *, statements: int, people: int
) -> dict[str, Any]:
    """Both sides and their ratios."""
    return {
        "ours": our,
        "bare": bare,
        "statements": statements,
        "people": people,
        "rate_ratio": round(our["flows_per_s"] / bare["flows_per_s"], 2),
        "cpu_ratio": round(our["cpu_ms"] / bare["cpu_ms"], 2),
    }
