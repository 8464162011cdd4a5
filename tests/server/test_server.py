"""The whole server, as a person starts it."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import pytest

from community.project.server.instance import find_free_port

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-P", "-m", "community.project.server"]
NOT_OURS = {"DATABASE_URL", "REDIS_URL", "SITE_URL", "LAB_SITE_URL", "DEMO", "DATA_DIR"}
ENV = {k: v for k, v in os.environ.items() if k not in NOT_OURS} | {"PYTHONPATH": str(ROOT)}


@pytest.fixture
def start(data):
    port = find_free_port(taken=set())
    options = ["--port", str(port), "--data", str(data), "--empty", "--nodes", "0"]
    started = []

    def start_server():
        process = subprocess.Popen(
            [*COMMAND, "server", *options],
            env=ENV,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line == f"Ready: http://127.0.0.1:{port}/\n":
                return process, port
        pytest.fail("".join(lines))

    yield start_server
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.chaos
def test_start_manage_kill_start_stop(start, data):
    process, port = start()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
        assert answer.status == 200
    managed = subprocess.run(
        [*COMMAND, "manage", "--data", str(data), "showmigrations", "sessions"],
        env=ENV,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert managed.stdout == "sessions\n [X] 0001_initial\n"

    everyone = psutil.Process(process.pid).children(recursive=True)
    assert len(everyone) > 6  # guardian, postgres and its own, valkey, worker, beat, web
    process.kill()
    assert psutil.wait_procs(everyone, timeout=10)[1] == []

    process, port = start()
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert output.splitlines()[-2:] == ["Stopping …", "Stopped."]
    assert time.monotonic() - began < 20
