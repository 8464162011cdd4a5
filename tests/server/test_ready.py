import socket
import threading
import time

import pytest

from community.project.server.ready import ReadyProbe, base_url, probe_host


@pytest.fixture
def answering():
    """A server that gives prepared answers, one per connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    answers = []

    def serve():
        while answers:
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(answers.pop(0))

    thread = threading.Thread(target=serve, daemon=True)
    yield listener.getsockname()[1], answers, thread
    listener.close()


def test_ready_only_after_a_200(answering):
    port, answers, thread = answering
    answers += [b"HTTP/1.1 503 No\r\n\r\n{'worker': 'silent'}", b"HTTP/1.1 200 OK\r\n\r\n{}"]
    thread.start()
    probe, seen = ReadyProbe("127.0.0.1", port), set()
    deadline = time.monotonic() + 5
    while not probe.ask():
        seen.add(probe.last_answer)
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert "HTTP/1.1 503 No {'worker': 'silent'}" in seen


def test_nobody_there_is_not_ready():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        probe = ReadyProbe("127.0.0.1", held.getsockname()[1])
        assert probe.ask() is False
    assert "refused" in probe.last_answer


def test_addresses():
    assert base_url("127.0.0.1", 8000) == "http://127.0.0.1:8000"
    assert base_url("::1", 80) == "http://[::1]:80"
    assert base_url("0.0.0.0", 80) == f"http://{socket.gethostname()}:80"  # noqa: S104
    assert probe_host("0.0.0.0") == "127.0.0.1"  # noqa: S104
