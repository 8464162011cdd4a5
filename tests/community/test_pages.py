import re

import pytest

from community.models import ApiToken, Mail, Membership, User
from tests.factories.community import ChapterFactory, member

pytestmark = pytest.mark.django_db


def test_health_names_each_part(client):
    assert client.get("/healthz").json() == {"process": "ok"}
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (
        503,
        {"database": "ok", "broker": "ok", "worker": "not seen yet"},
    )
    from community.services.health import record_heartbeat

    record_heartbeat()
    assert client.get("/readyz").status_code == 200


def test_signing_in_by_a_code_from_the_mail(client, settings):
    settings.DEMO = True
    ChapterFactory()
    user = member(password="long-enough-1")
    client.post("/accounts/login/code/", {"email": user.email}, headers={"host": "127.0.0.1"})
    text = Mail.objects.get(to=user.email).text
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{2,})\s*$", text, re.MULTILINE).group(1)
    answer = client.post(
        "/accounts/login/code/confirm/", {"code": code}, headers={"host": "127.0.0.1"}
    )
    assert answer.status_code == 302
    assert client.get("/me/", headers={"host": "127.0.0.1"}).status_code == 200


def test_signing_up_gives_a_place_in_the_first_chapter(client, settings):
    settings.DEMO = True
    chapter = ChapterFactory()
    client.post(
        "/accounts/signup/",
        {"email": "New@Example.org", "password1": "a-long-pass-phrase"},
        headers={"host": "127.0.0.1"},
    )
    user = User.objects.get(email__iexact="new@example.org")
    assert Membership.objects.get(user=user).chapter == chapter


def test_a_token_is_shown_once_and_stored_as_a_hash(client):
    client.force_login(member())
    page = client.post("/me/tokens/", {"name": "laptop"}).content.decode()
    token = ApiToken.objects.get()
    shown = [word for word in re.findall(r"[\w-]{43}", page) if len(word) == 43]
    from community.core.secretbox import digest

    assert token.digest in {digest(word) for word in shown}
    (shown,) = [word for word in shown if digest(word) == token.digest]
    assert shown not in client.get("/me/").content.decode()
    client.post(f"/me/tokens/{token.pk}/revoke/")
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert client.post("/me/tokens/", {"name": " "}).status_code == 422
    assert ApiToken.objects.count() == 1


def test_the_theme_is_kept_and_the_way_back_stays_at_home(client):
    answer = client.post("/theme/", {"theme": "dark", "next": "https://evil.example/"})
    assert (answer.url, answer.cookies["theme"].value) == ("/", "dark")
    assert b'data-theme="dark"' in client.get("/").content
    client.post("/theme/", {"theme": "neon"})
    assert b'data-theme="dark"' in client.get("/").content


def test_drafts_and_unknown_pages_are_ours(client):
    answer = client.get("/meetups/none/")
    assert answer.status_code == 404
    assert b"site.css" in answer.content


def test_the_api_describes_itself(client):
    schema = client.get("/api/schema/", headers={"accept": "application/json"})
    assert schema.status_code == 200
    for path in ("/api/v1/meetups/", "/api/v1/reservations/", "/api/v1/deployments/{id}/events/"):
        assert path in schema.content.decode(), path
    assert client.get("/api/docs/").status_code == 200
