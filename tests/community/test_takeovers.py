"""A silent chapter: who may ask to lead it, who may object, and what happens when nobody does."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from community.core import clock
from community.core.errors import ForbiddenError, InvalidError
from community.exceptions import TakeoverError
from community.models import AuditEntry, Mail, Membership, Takeover, User
from community.selectors.chapters import is_silent, takeover_refusal
from community.services.audit import record
from community.services.mail import write_mail
from community.services.takeovers import (
    ask_takeover,
    object_to_takeover,
    ripen_takeover,
    ripen_takeovers,
    withdraw_takeover,
)
from community.tasks import ripen_takeovers as task
from tests.factories.community import ChapterFactory, UserFactory, bearer, member, organizer

pytestmark = pytest.mark.django_db


def ago(days):
    return clock.now() - dt.timedelta(days=days)


def since(user, days):
    Membership.objects.filter(user=user).update(since=ago(days))
    return user


def silent_chapter():
    chapter = ChapterFactory()
    boss = since(organizer(chapter, last_login=ago(100)), 400)
    return chapter, boss, since(member(chapter, name="Max"), 40)


def signs(boss, chapter, sign):
    """Let the organizer give a sign of life 89 days ago."""
    if sign == "sign-in":
        User.objects.filter(pk=boss.pk).update(last_login=ago(89))
    elif sign == "deed":
        record("changed", "a thing", by=boss, chapter=chapter)
        AuditEntry.objects.update(at=ago(89))
    elif sign == "program":
        bearer(boss)
        boss.api_tokens.update(last_used_at=ago(89))
    elif sign == "new organizer":
        since(organizer(chapter), 89)


@pytest.mark.parametrize("sign", ["sign-in", "deed", "program", "new organizer"])
def test_one_sign_of_one_organizer_is_enough(sign):
    chapter, boss, user = silent_chapter()
    since(organizer(chapter, last_login=ago(200)), 300)
    assert (is_silent(chapter), takeover_refusal(chapter, user)) == (True, "")
    signs(boss, chapter, sign)
    assert not is_silent(chapter)
    with pytest.raises(TakeoverError, match="are there"):
        ask_takeover(chapter=chapter, reason="x", by=user)


@pytest.mark.parametrize(
    ("who", "days", "refusal"),
    [
        ("member", 31, ""),
        ("member", 30, ""),
        ("member", 29, "for 30 days"),
        ("stranger", 99, "Only members"),
        ("organizer", 99, "organize Austin already"),
    ],
)
def test_who_may_ask(who, days, refusal):
    chapter, boss, _ = silent_chapter()
    makers = {
        "member": lambda: since(member(chapter), days),
        "stranger": lambda: since(member(ChapterFactory(slug="boston")), days),
        "organizer": lambda: boss,
    }
    user = makers[who]()
    assert refusal in takeover_refusal(chapter, user)
    if not refusal:
        assert ask_takeover(chapter=chapter, reason="x", by=user).state == "asked"
    else:
        with pytest.raises(TakeoverError, match=refusal):
            ask_takeover(chapter=chapter, reason="x", by=user)


def test_a_chapter_without_organizers_is_silent():
    chapter = ChapterFactory()
    user = since(member(chapter), 40)
    gone = organizer(chapter, is_active=False, last_login=clock.now())
    assert gone.pk
    assert takeover_refusal(chapter, user) == ""


def test_all_organizers_and_the_asker_are_told_once():
    chapter, boss, user = silent_chapter()
    other = since(organizer(chapter), 200)
    with pytest.raises(InvalidError):
        ask_takeover(chapter=chapter, reason=" ", by=user)
    made = ask_takeover(chapter=chapter, reason="Nobody answers.", by=user)
    assert made.ripens_at - made.asked_at >= dt.timedelta(days=13, hours=23)
    mails = {mail.to: mail for mail in Mail.objects.all()}
    assert mails.keys() == {boss.email, other.email, user.email}
    for mail in mails.values():
        write_mail(mail)
    assert "Max asks to lead Austin" in mails[boss.email].text
    assert "You asked to lead Austin" in mails[user.email].text
    assert "Nobody answers." in mails[other.email].text


def test_two_askers_one_takeover():
    chapter, _, user = silent_chapter()
    second = since(member(chapter), 40)
    first = ask_takeover(chapter=chapter, reason="x", by=user)
    with pytest.raises(TakeoverError, match="asked already"):
        ask_takeover(chapter=chapter, reason="y", by=second)
    # the database alone, without the kind sentence
    with pytest.raises(IntegrityError, match="one_open_takeover_a_chapter"), transaction.atomic():
        Takeover.objects.create(chapter=chapter, by=second, reason="y", ripens_at=clock.now())
    assert list(Takeover.objects.all()) == [first]


def test_one_objection_ends_it():
    chapter, boss, user = silent_chapter()
    made = ask_takeover(chapter=chapter, reason="x", by=user)
    with pytest.raises(ForbiddenError):
        object_to_takeover(takeover=made, by=user)
    ended = object_to_takeover(takeover=made, by=boss)
    assert (ended.state, ended.decided_by) == ("objected", boss)
    with pytest.raises(TakeoverError, match="decided meanwhile"):
        object_to_takeover(takeover=made, by=boss)
    Takeover.objects.update(ripens_at=ago(1))
    assert ripen_takeovers() == 0
    assert Membership.objects.get(user=user).role == "member"
    with pytest.raises(TakeoverError, match="are there"):  # the objection was a sign of life
        ask_takeover(chapter=chapter, reason="x", by=user)


def test_it_ripens_once_and_not_early():
    chapter, boss, user = silent_chapter()
    made = ask_takeover(chapter=chapter, reason="x", by=user)
    task()
    assert Membership.objects.get(user=user).role == "member"
    Takeover.objects.update(ripens_at=ago(0))
    task()
    user.refresh_from_db()
    made.refresh_from_db()
    assert (Membership.objects.get(user=user).role, user.is_staff) == ("organizer", True)
    assert (made.state, made.decided_by) == ("done", None)
    assert Membership.objects.get(user=boss).role == "organizer"
    before = (Mail.objects.count(), AuditEntry.objects.count())
    Membership.objects.filter(user=user).update(role="member")
    task()
    assert ripen_takeover(made.pk) is False
    assert (Mail.objects.count(), AuditEntry.objects.count()) == before
    assert Membership.objects.get(user=user).role == "member"


def test_who_is_gone_does_not_come_to_lead():
    chapter, _, user = silent_chapter()
    made = ask_takeover(chapter=chapter, reason="x", by=user)
    Takeover.objects.update(ripens_at=ago(0))
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert ripen_takeovers() == 0
    made.refresh_from_db()
    assert made.state == "withdrawn"


def test_thinking_better_of_it():
    chapter, boss, user = silent_chapter()
    made = ask_takeover(chapter=chapter, reason="x", by=user)
    with pytest.raises(ForbiddenError):
        withdraw_takeover(takeover=made, by=boss)
    assert withdraw_takeover(takeover=made, by=user).state == "withdrawn"
    assert ask_takeover(chapter=chapter, reason="again", by=user).state == "asked"


def test_the_pages(client):
    chapter, boss, user = silent_chapter()
    client.force_login(user)  # signing in is a sign of life of the member's alone
    assert "Ask to lead the group" in client.get("/chapters/austin/").content.decode()
    assert client.post("/chapters/austin/takeover/", {"reason": ""}).status_code == 422
    client.post("/chapters/austin/takeover/", {"reason": "Nobody answers."})
    again = client.post("/chapters/austin/takeover/", {"reason": "Again."})
    assert again.status_code == 409
    assert client.post("/chapters/austin/takeover/object/").status_code == 403
    assert "I no longer ask" in client.get("/chapters/austin/").content.decode()
    client.force_login(UserFactory())
    assert "Nobody answers." not in client.get("/chapters/austin/").content.decode()
    client.force_login(boss)
    assert "Nobody answers." in client.get("/chapters/austin/").content.decode()
    client.post("/chapters/austin/takeover/object/")
    assert Takeover.objects.get().state == "objected"
    assert chapter.takeovers.count() == 1


def test_the_api(client):
    _, boss, user = silent_chapter()

    def send(verb, path, body, by):
        return getattr(client, verb)(
            f"/api/v1/chapters/austin/takeover/{path}",
            body,
            content_type="application/json",
            headers=bearer(by),
        )

    made = send("post", "", {"reason": "x"}, user)
    assert (made.status_code, made.json()["state"]) == (201, "asked")
    assert send("post", "", {"reason": "x"}, user).json()["code"] == "no_takeover"
    assert send("delete", "", None, user).status_code == 204
    assert send("delete", "", None, user).status_code == 404
    send("post", "", {"reason": "x"}, user)
    assert send("post", "object/", {}, user).status_code == 403
    assert send("post", "object/", {}, boss).json()["state"] == "objected"
