"""The agent's connection, cut from another thread at every moment of an exchange."""

import socketserver
import threading

import pytest

from deploylab.labsim.agent_link import Link, OverError

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 400\r\n\r\n"
ANSWER = HEAD + b"1" * 400


class _Chatty(socketserver.StreamRequestHandler):
    """Answers every request at once, on one connection."""

    def handle(self):
        while line := self.rfile.readline():
            if line in {b"\r\n", b"\n"}:
                self.wfile.write(ANSWER)


@pytest.fixture
def chatty():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Chatty) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_a_cut_amid_an_answer_ends_the_reader_cleanly(chatty):
    """http.client breaks when a response is closed under its reader; the cut must only wake it."""
    ends = []

    def ask(link):
        try:
            while True:
                link.insist("GET", "/")
        except BaseException as error:  # noqa: BLE001 - whatever ended the thread is the finding
            ends.append(error)

    for _round in range(300):
        link = Link(chatty)
        reader = threading.Thread(target=ask, args=(link,))
        reader.start()
        link.close()
        reader.join(10)
        assert not reader.is_alive()
        assert link._connection is None  # whoever came last closed it
    assert {type(error) for error in ends} == {OverError}
