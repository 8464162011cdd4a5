import threading

import pytest
from asgiref.sync import iscoroutinefunction
from channels.testing import ApplicationCommunicator
from django.core.handlers.asgi import ASGIHandler

from community.project.asgi import application
from community.project.handler import OneThreadHandler

pytestmark = pytest.mark.django_db(transaction=True)


def _threads(monkeypatch):
    """The threads in which the session's middleware looks at a request and at its answer."""
    from django.contrib.sessions.middleware import SessionMiddleware

    seen = []
    for name in ("process_request", "process_response"):
        original = getattr(SessionMiddleware, name)

        def noted(self, *args, original=original):
            seen.append(threading.current_thread())
            return original(self, *args)

        monkeypatch.setattr(SessionMiddleware, name, noted)
    return seen


async def _status(app, path):
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }
    request = ApplicationCommunicator(app, scope)
    await request.send_input({"type": "http.request", "body": b""})
    status = (await request.receive_output(timeout=10))["status"]
    while (await request.receive_output(timeout=10)).get("more_body"):
        pass
    await request.wait(timeout=10)
    return status


async def test_middleware_and_view_run_in_one_thread_beside_the_event_loop(monkeypatch):
    seen = _threads(monkeypatch)
    assert await _status(application, "/meetups/") == 200
    assert len(seen) == 2
    assert len(set(seen)) == 1
    assert seen[0] is not threading.current_thread()


async def test_a_page_that_is_not_there_is_answered_too():
    assert await _status(application, "/nothing-here/") == 404


def test_control_djangos_own_chain_changes_threads_for_each_step():
    assert iscoroutinefunction(ASGIHandler()._middleware_chain)
    assert not iscoroutinefunction(OneThreadHandler()._middleware_chain)
