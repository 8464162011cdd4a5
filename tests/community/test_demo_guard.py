import pytest
from django.core.management import CommandError, call_command

from community.core import clock
from community.core.checks import check_demo, check_secrets
from community.core.middleware import is_loopback
from community.models import Mail
from community.project.demo_season import ACCOUNTS
from tests.factories.community import UserFactory

HERE = {"headers": {"host": "127.0.0.1:8000"}}


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("10.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - what is refused
        ("localhost.evil.example", False),
        ("", False),
    ],
)
def test_what_counts_as_this_machine(host, is_ours):
    assert is_loopback(host) is is_ours


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/healthz", "/outbox/", "/api/v1/outbox/", "/boot/ipxe"])
def test_the_demo_answers_this_machine_alone(client, settings, path):
    settings.DEMO = True
    settings.ALLOWED_HOSTS = ["*"]
    assert client.get(path, **HERE).status_code == 200
    assert client.get(path, REMOTE_ADDR="192.0.2.7", **HERE).status_code == 403
    assert client.get(path, headers={"host": "rebound.example"}).status_code == 403


@pytest.mark.django_db
def test_without_the_demo_there_is_no_outbox(client):
    Mail.objects.create(key="k", purpose="p", to="a@example.org", subject="s", due_at=clock.now())
    assert client.get("/outbox/").status_code == 404
    assert client.get("/api/v1/outbox/").status_code == 404


def test_the_demo_refuses_another_address(settings):
    settings.DEMO = True
    settings.BIND_HOST = "0.0.0.0"  # noqa: S104 - what is refused
    assert [problem.id for problem in check_demo()] == ["stackers.E003"]
    settings.BIND_HOST = "127.0.0.1"
    assert check_demo() == []


def test_production_needs_keys_and_no_demo(settings):
    assert check_secrets() == []
    settings.DEMO = True
    settings.CREDENTIALS_KEYS = ["short"]
    assert [problem.id for problem in check_secrets()] == ["stackers.E004", "stackers.E005"]


@pytest.mark.django_db
def test_the_demo_is_not_loaded_beside_other_accounts():
    UserFactory()
    with pytest.raises(CommandError, match="accounts of its own"):
        call_command("prepare_instance", "--demo")
    assert not Mail.objects.exists()


@pytest.mark.django_db
def test_the_demo_loads_whole_and_twice_the_same(client, settings):
    settings.DEMO = True
    call_command("prepare_instance", "--demo")
    call_command("prepare_instance", "--demo")
    for path in ("/", "/meetups/", "/meetups/next-meetup/", "/meetups/hack-day/", "/archive/"):
        assert client.get(path, **HERE).status_code == 200
    for email in ACCOUNTS:
        assert client.login(email=email, password="stackers-2012")
    listed = client.get("/api/v1/outbox/?to=PARTICIPANT@example.org", **HERE).json()
    purposes = {row["purpose"] for row in listed["results"]}
    assert purposes == {"meetups/rsvp_going", "polls/closed", "polls/election_link"}
