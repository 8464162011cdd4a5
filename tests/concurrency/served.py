"""The site itself on the tests' database, in a process of its own."""

import contextlib
import http.client
import os
import subprocess
import sys
import time
from urllib.parse import quote

import pytest
from django.db import connection

from community.project.server.instance import find_free_port

SERVE = """
import sys, uvicorn
from community.project.asgi import application
{changes}
uvicorn.run(application, port=int(sys.argv[1]), log_level="warning", access_log=False,
            ws="websockets-sansio", ws_per_message_deflate=False)
"""


@contextlib.contextmanager
def serving(changes=""):
    """The port of the server; `changes` is Python it runs first, to take a mechanism out."""
    at, port = connection.settings_dict, find_free_port(taken=set())
    url = f"postgres://{quote(at['USER'])}:{quote(at['PASSWORD'])}@{at['HOST']}:{at['PORT']}"
    env = os.environ | {
        "DATABASE_URL": f"{url}/{at['NAME']}",
        "DJANGO_SETTINGS_MODULE": "community.project.settings",
        "DEMO": "0",
    }
    command = [sys.executable, "-P", "-c", SERVE.format(changes=changes), str(port)]
    with subprocess.Popen(command, env=env) as process:
        try:
            wait_for(port)
            yield port
        finally:
            process.terminate()


def wait_for(port):
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            answer = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            answer.request("GET", "/healthz")
            answer.getresponse().read()
            answer.close()
            return
        time.sleep(0.1)
    pytest.fail("the server did not come up")
