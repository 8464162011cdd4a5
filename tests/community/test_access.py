"""Every page and call names its row of the permission table, and keeps to it."""

import pytest

from community.core.permissions import Access, Level, declared, level_of, may
from community.models import User
from community.project.permission_page import PAGE, addresses, render_permissions
from meetups.models import Meetup
from meetups.services.rsvps import Answer, answer_rsvp
from tests.factories.community import (
    ChapterFactory,
    UserFactory,
    bearer,
    member,
    organizer,
    participant,
)
from tests.factories.meetups import MeetupFactory

PATTERNS = list(addresses())
SAMPLE = {
    "<slug:slug>": "none", "<slug:name>": "none", "<slug:tag>": "none", "<int:pk>": "1",
    "<int:seq>": "1",
    "<uuid:pk>": "00000000-0000-4000-8000-000000000000",
}  # fmt: skip


def _url(path):
    for part, value in SAMPLE.items():
        path = path.replace(part, value)
    return "/" + path


def _rows():
    for path, callback in PATTERNS:
        view = getattr(callback, "view_class", None) or getattr(callback, "cls", None)
        names = [
            n for n in ("access", "read", "write") if isinstance(getattr(view, n, None), Access)
        ]
        yield path, view, {name: getattr(view, name) for name in names}


def test_every_address_names_its_row():
    assert [path for path, _, rows in _rows() if not rows] == []
    known = set(declared())
    assert all(set(rows.values()) <= known for _, _, rows in _rows())


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["anonymous", "member", "participant", "organizer"])
def test_the_doors_keep_to_the_table(client, who, settings):
    settings.DEMO = True
    makers = {"member": member, "participant": participant, "organizer": organizer}
    user = makers[who]() if who in makers else None
    if user:
        client.force_login(user)
    level = Level[who.upper()]
    checked = 0
    for path, view, rows in _rows():
        for name, access in rows.items():
            methods = {"read": ["get"], "write": ["post", "put", "patch"]}.get(
                name, ["get", "post"]
            )
            for method in methods:
                if not hasattr(view, method):
                    continue
                answer = getattr(client, method)(
                    _url(path), {}, content_type="application/json", headers={"host": "127.0.0.1"},
                    REMOTE_ADDR="127.0.0.1",
                )  # fmt: skip
                checked += 1
                if level >= access.least:
                    assert answer.status_code != 403 or access.name == "lab.boot", path
                elif user is None:
                    assert answer.status_code in {302, 401}, path
                else:
                    assert answer.status_code == 403, path
    assert checked > 50


def test_the_written_table_is_the_codes_own():
    assert PAGE.read_text(encoding="utf-8") == render_permissions()


@pytest.mark.django_db
def test_levels():
    austin = ChapterFactory()
    assert level_of(member(austin)) is Level.MEMBER
    assert level_of(participant(austin)) is Level.PARTICIPANT
    assert level_of(organizer(austin)) is Level.ORGANIZER
    assert level_of(User.objects.create_superuser("root@example.org")) is Level.ADMINISTRATOR
    gone = organizer(austin)
    gone.is_active = False
    assert level_of(gone) is Level.ANONYMOUS


@pytest.mark.django_db
def test_an_rsvp_to_a_hack_day_with_nodes_makes_a_participant():
    user = member()
    hack_day = MeetupFactory(kind="hack_day", has_lab=True)
    answer_rsvp(meetup=MeetupFactory(), answer=Answer(), by=user)
    assert level_of(user) is Level.MEMBER
    answer_rsvp(meetup=hack_day, answer=Answer(), by=user)
    assert level_of(user) is Level.PARTICIPANT
    answer_rsvp(meetup=hack_day, answer=Answer(status="not_going"), by=user)
    assert level_of(user) is Level.MEMBER


@pytest.mark.django_db
def test_tokens_stop_with_their_owner_and_when_revoked(client):
    user = member()
    headers = bearer(user)
    url = f"/api/v1/meetups/{MeetupFactory().slug}/rsvp/"
    assert client.get(url, headers=headers).status_code == 404  # known, and has not answered
    user.api_tokens.update(revoked_at=user.joined_at)
    assert client.get(url, headers=headers).status_code == 401
    other = member()
    headers = bearer(other)
    User.objects.filter(pk=other.pk).update(is_active=False)
    assert client.get(url, headers=headers).status_code == 401


def test_may_is_about_the_door():
    from django.contrib.auth.models import AnonymousUser

    open_door = Access("x", Level.ANONYMOUS, "")
    assert may(AnonymousUser(), open_door)
    assert not may(AnonymousUser(), Access("y", Level.MEMBER, ""))


@pytest.mark.django_db
def test_an_administrator_sees_what_only_organizers_see():
    """Also where the condition stands in an alternative: public ones, or one's own."""
    draft = MeetupFactory(is_published=False)
    root, boss = UserFactory(is_superuser=True), organizer(draft.chapter)
    for user in (root, boss):
        assert Meetup.objects.visible_to(user).get() == draft
    assert not Meetup.objects.visible_to(UserFactory()).exists()
