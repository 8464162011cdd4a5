"""The whole server in a process tree of its own, its API, and its processes by what they are."""

import datetime as dt
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from http import HTTPStatus
from pathlib import Path
from typing import Any

import psutil

from community.project.server.instance import find_free_port

ROOT = Path(__file__).resolve().parents[2]
SERVER = [sys.executable, "-P", "-m", "community.project.server"]
NOT_OURS = {"DATABASE_URL", "REDIS_URL", "SITE_URL", "LAB_SITE_URL", "DEMO", "DATA_DIR"}
ENV = {k: v for k, v in os.environ.items() if k not in NOT_OURS} | {"PYTHONPATH": str(ROOT)}
# A word of each program's command line.
WORDS = {
    "worker": "celery -A community.project.celery worker",
    "web": "uvicorn",
    "valkey": "valkey-server",
}
ENDED = {"successful", "partial", "failed", "error", "cancelled"}


class LiveSite:
    """`python -m community.project.server server`, as a person starts it."""

    def __init__(self, data: Path, nodes: int) -> None:
        self.data = data
        self.port = find_free_port(taken=set())
        self.said: list[str] = []
        began = time.monotonic()
        self.process = subprocess.Popen(
            [*SERVER, "server", "--port", str(self.port), "--data", str(data),
             "--nodes", str(nodes)],
            env=ENV,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )  # fmt: skip
        for line in self.process.stdout:
            self.said.append(line.rstrip("\n"))
            if line.startswith("Ready: "):
                break
        else:
            raise AssertionError("\n".join(self.said))
        self.started_in = time.monotonic() - began
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self.token = ""

    def _listen(self) -> None:
        for line in self.process.stdout:
            self.said.append(line.rstrip("\n"))

    def stop(self) -> None:
        """End everything as Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(30)
        finally:
            self.process.kill()
            self.process.wait()
            self._listener.join(10)
            self.process.stdout.close()

    def sign_in(self, email: str) -> None:
        """Take an API token of a participant."""
        made = subprocess.run(
            [*SERVER, "manage", "--data", str(self.data), "create_api_token", email,
             "--create-user", "--participant"],
            env=ENV,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )  # fmt: skip
        self.token = made.stdout.split()[-1]

    def program(self, name: str) -> psutil.Process:
        """The running process that is `name`: worker, web or valkey."""
        for child in psutil.Process(self.process.pid).children():
            try:
                if WORDS[name] in " ".join(child.cmdline()):
                    return child
            except psutil.NoSuchProcess:
                continue
        raise AssertionError(f"{name} does not run")

    # --- the API ---------------------------------------------------------------------------

    def call(self, method: str, path: str, body: Any = None, *, within: float = 20.0) -> Any:
        """The answer's JSON; asked again while nobody answers, as a careful program does."""
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": uuid.uuid4().hex,
        }
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers=headers,
        )
        until = time.monotonic() + within
        while True:
            try:
                with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                with error:
                    said = error.read()[:500]
                if error.code < HTTPStatus.INTERNAL_SERVER_ERROR or time.monotonic() > until:
                    raise AssertionError(f"{error.code} {said!r}") from error
            except (OSError, http.client.HTTPException):
                if time.monotonic() > until:
                    raise
            time.sleep(0.1)

    def page(self, path: str) -> int:
        """The status of a page, asked once."""
        url = f"http://127.0.0.1:{self.port}/{path}"
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)

    def deploy(self, blueprint: str, count: int, **parameters: Any) -> str:
        """Reserve `count` nodes and deploy onto them; the deployment's id."""
        end = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
        wish = {"count": count, "ends_at": end.isoformat()}
        reservation = self.call("POST", "reservations/", wish)["id"]
        body = {"reservation": reservation, "blueprint": blueprint, "parameters": parameters}
        return str(self.call("POST", "deployments/", body)["id"])

    def facts(self, deployment: str) -> dict[str, Any]:
        """The deployment as it is now."""
        found: dict[str, Any] = self.call("GET", f"deployments/{deployment}/")
        return found

    def wait_for(self, deployment: str, is_so: Any, *, seconds: float) -> dict[str, Any]:
        """The deployment's facts once `is_so(facts)`."""
        until = time.monotonic() + seconds
        while not is_so(facts := self.facts(deployment)):
            assert time.monotonic() < until, (facts, self.said[-20:])
            time.sleep(0.1)
        return facts

    def end_of(self, deployment: str, *, seconds: float = 60.0) -> dict[str, Any]:
        """Its facts when it has ended; the nodes are handed back."""
        facts = self.wait_for(deployment, lambda facts: facts["state"] in ENDED, seconds=seconds)
        self.call("POST", f"reservations/{facts['reservation']}/release/")
        return facts

    def events(self, deployment: str) -> list[dict[str, Any]]:
        """The whole record."""
        found: list[dict[str, Any]] = []
        while True:
            after = found[-1]["seq"] if found else 0
            path = f"deployments/{deployment}/events/?after={after}&limit=5000"
            page = self.call("GET", path)["events"]
            if not page:
                return found
            found += page
