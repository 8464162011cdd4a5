"""A worker killed with -9 in the middle of a mail: none is lost, and what is uncertain says so."""

import asyncio
import contextlib
import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import threading
from urllib.parse import quote

import pytest
from aiosmtpd.controller import Controller
from django.db import connection

from community.core import clock
from community.models import Mail
from community.project.server.instance import find_free_port
from community.services import outgoing
from meetups.services.rsvps import Answer, answer_rsvp
from tests.factories.community import member
from tests.factories.meetups import MeetupFactory

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]

SEND = """
import sys, django
django.setup()
from community.services import outgoing
if "unmarked" in sys.argv:
    outgoing._mark_handed = lambda mail: None
outgoing.send_queued_mail(sys.argv[1])
"""


class Server:
    """A mail server that takes everything; a stuck one is silent after it has a mail's text."""

    def __init__(self, *, is_stuck):
        self.is_stuck, self.received, self.reached = is_stuck, [], threading.Event()

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the interface's
        self.received.append(envelope.content.decode())
        if self.is_stuck:
            self.reached.set()
            await asyncio.sleep(60)
        return "250 taken"


class SilentServer:
    """Takes the connection and never says a word: nothing has been handed over yet."""

    def __init__(self, listener):
        self.received, self.reached = [], threading.Event()
        self._thread = threading.Thread(target=self._accept, args=[listener], daemon=True)
        self._thread.start()

    def _accept(self, listener):
        connection, _ = listener.accept()
        with connection:
            self.reached.set()
            connection.recv(1)  # until the one who waits for a greeting is dead


@pytest.fixture
def smtp(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    with contextlib.ExitStack() as closing:

        def start(*, is_stuck=False, is_silent=False):
            settings.EMAIL_PORT = find_free_port(taken=set())
            if is_silent:
                listener = socket.create_server(("127.0.0.1", settings.EMAIL_PORT))
                closing.callback(listener.close)
                return SilentServer(listener)
            server = Server(is_stuck=is_stuck)
            controller = Controller(server, hostname="127.0.0.1", port=settings.EMAIL_PORT)
            controller.start()
            closing.callback(controller.stop)
            return server

        yield start


def kill_a_worker_at(server, settings, mail, *words):
    """Send `mail` from a process of its own, and kill that when the server has got so far."""
    at = connection.settings_dict
    url = (
        f"postgres://{quote(at['USER'])}:{quote(at['PASSWORD'])}@{at['HOST']}:{at['PORT']}"
        f"/{at['NAME']}"
    )
    env = os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "community.project.settings",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(settings.EMAIL_PORT),
        "DEMO": "0",
    }
    with subprocess.Popen(
        [sys.executable, "-P", "-c", SEND, str(mail.pk), *words], env=env
    ) as process:
        assert server.reached.wait(30)
        process.send_signal(signal.SIGKILL)
    mail.refresh_from_db()
    assert mail.state == "sending"
    Mail.objects.update(claimed_at=clock.now() - dt.timedelta(minutes=4))
    outgoing.free_dead_claims()
    mail.refresh_from_db()


@pytest.fixture
def mail():
    answer_rsvp(meetup=MeetupFactory(), answer=Answer(), by=member())
    return Mail.objects.get()


def test_killed_before_the_server_was_spoken_to_it_is_sent_once(smtp, settings, mail):
    server = smtp(is_silent=True)
    kill_a_worker_at(server, settings, mail)
    assert (mail.state, mail.was_uncertain) == ("queued", False)
    second = smtp()
    assert outgoing.send_due_mail() == 1
    mail.refresh_from_db()
    assert (mail.state, len(server.received) + len(second.received)) == ("sent", 1)


def test_killed_after_the_servers_yes_it_is_uncertain_and_sent_under_the_same_id(
    smtp, settings, mail
):
    server = smtp(is_stuck=True)
    kill_a_worker_at(server, settings, mail)
    assert (mail.state, mail.was_uncertain) == ("uncertain", True)
    second = smtp()
    assert outgoing.send_due_mail() == 1
    mail.refresh_from_db()
    assert (mail.state, mail.was_uncertain) == ("sent", True)
    for text in (*server.received, *second.received):
        assert f"Message-ID: {mail.message_id}" in text
    assert (len(server.received), len(second.received)) == (1, 1)


def test_control_without_the_mark_nobody_would_know(smtp, settings, mail):
    server = smtp(is_stuck=True)
    kill_a_worker_at(server, settings, mail, "unmarked")
    assert len(server.received) == 1  # the server has it, and nothing says that it may
    assert (mail.state, mail.was_uncertain) == ("queued", False)
