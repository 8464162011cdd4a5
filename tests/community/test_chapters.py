"""Groups: joining, leaving, leading."""

import pytest

from community.core.errors import ForbiddenError, InvalidError
from community.exceptions import LastOrganizerError
from community.models import AuditEntry, Membership
from community.selectors.chapters import all_chapters, organizers_of
from community.services.audit import record
from community.services.chapters import (
    add_organizer,
    change_chapter,
    join_chapter,
    leave_chapter,
    step_down,
)
from tests.factories.community import ChapterFactory, UserFactory, bearer, member, organizer
from tests.factories.meetups import MeetupFactory

pytestmark = pytest.mark.django_db


def test_joining_and_leaving():
    chapter, user = ChapterFactory(), UserFactory()
    first = join_chapter(chapter=chapter, by=user)
    assert join_chapter(chapter=chapter, by=user) == first
    assert all_chapters().get().members == 1
    leave_chapter(chapter=chapter, by=user)
    leave_chapter(chapter=chapter, by=user)
    assert not Membership.objects.exists()
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["joined", "left"]


def test_a_member_becomes_co_organizer_by_address():
    chapter = ChapterFactory()
    boss, user = organizer(chapter), member(chapter)
    with pytest.raises(ForbiddenError):
        add_organizer(chapter=chapter, email=user.email, by=user)
    with pytest.raises(InvalidError, match="No member"):
        add_organizer(chapter=chapter, email=UserFactory().email, by=boss)
    assert add_organizer(chapter=chapter, email=f" {user.email.upper()}", by=boss) == user
    user.refresh_from_db()
    assert (user.is_staff, user.groups.count()) == (True, 1)
    assert set(organizers_of(chapter)) == {boss, user}


def test_the_last_organizer_stays():
    chapter = ChapterFactory()
    boss, user = organizer(chapter), member(chapter)
    for act in (step_down, leave_chapter):
        with pytest.raises(LastOrganizerError, match="the last organizer"):
            act(chapter=chapter, by=boss)
    add_organizer(chapter=chapter, email=user.email, by=boss)
    step_down(chapter=chapter, by=boss)
    boss.refresh_from_db()
    assert (boss.is_staff, boss.groups.count()) == (False, 0)
    assert list(organizers_of(chapter)) == [user]
    with pytest.raises(ForbiddenError):
        step_down(chapter=chapter, by=boss)


def test_who_leads_elsewhere_keeps_the_admin():
    chapter, other = ChapterFactory(), ChapterFactory(slug="boston")
    boss = organizer(chapter)
    organizer(chapter)
    Membership.objects.create(user=boss, chapter=other, role="organizer")
    step_down(chapter=chapter, by=boss)
    boss.refresh_from_db()
    assert boss.is_staff


def test_what_is_said_of_a_group():
    chapter = ChapterFactory()
    with pytest.raises(ForbiddenError):
        change_chapter(chapter=chapter, by=organizer(ChapterFactory(slug="boston")), about="x")
    assert change_chapter(chapter=chapter, by=organizer(chapter), about="New.").about == "New."
    chapter.refresh_from_db()
    assert chapter.about == "New."


def test_the_pages(client):
    chapter = ChapterFactory(about="We meet.", city="Austin")
    boss, user = organizer(chapter, name="Olive"), UserFactory()
    meetup, draft = MeetupFactory(), MeetupFactory(is_published=False)
    page = client.get("/chapters/austin/").content.decode()
    for text in ("We meet.", "Olive", meetup.title, "Join the group"):
        assert text in page
    assert draft.title not in page
    assert boss.email not in page
    assert client.post("/chapters/austin/join/").status_code == 302
    assert not Membership.objects.filter(user=user).exists()
    client.force_login(user)
    assert "You are a member" in client.post("/chapters/austin/join/", follow=True).content.decode()
    assert client.post("/chapters/austin/edit/", {"name": "x"}).status_code == 403
    client.force_login(boss)
    client.post("/chapters/austin/edit/", {"name": "Austin", "city": "Austin", "about": "Tacos."})
    client.post("/chapters/austin/organizers/", {"email": user.email})
    client.post("/chapters/austin/step-down/")
    client.force_login(user)
    audit = client.get("/chapters/austin/audit/").content.decode()
    assert ("stepped down" in audit, "made organizer" in audit) == (True, True)
    assert "Tacos." in client.get("/chapters/austin/").content.decode()
    client.force_login(organizer(ChapterFactory(slug="boston")))
    assert client.get("/chapters/austin/audit/").status_code == 404


def send(client, verb, path, body, user):
    return getattr(client, verb)(
        f"/api/v1/chapters/{path}", body, content_type="application/json", headers=bearer(user)
    )


def test_the_api(client):
    chapter = ChapterFactory()
    boss, user = organizer(chapter, name="Olive"), UserFactory()
    assert client.get("/api/v1/chapters/").json()["results"][0]["members"] == 1
    assert client.get("/api/v1/chapters/austin/").json()["organizers"] == ["Olive"]
    assert send(client, "get", "austin/membership/", None, user).status_code == 404
    assert send(client, "put", "austin/membership/", {}, user).json()["role"] == "member"
    assert send(client, "patch", "austin/", {"about": "x"}, user).status_code == 403
    assert send(client, "patch", "austin/", {"about": "Tacos."}, boss).json()["about"] == "Tacos."
    last = send(client, "delete", "austin/organizers/", None, boss)
    assert (last.status_code, last.json()["code"]) == (409, "last_organizer")
    made = send(client, "post", "austin/organizers/", {"email": user.email}, boss)
    assert made.status_code == 200
    assert send(client, "delete", "austin/organizers/", None, boss).status_code == 204
    assert send(client, "delete", "austin/membership/", None, boss).status_code == 204
    audit = send(client, "get", "austin/audit/", None, user).json()["results"]
    verbs = ["left", "stepped down", "made organizer", "changed", "joined"]
    assert [row["verb"] for row in audit] == verbs
    assert send(client, "get", "austin/audit/", None, boss).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_and_calls_ask_as_often_for_three_as_for_one(client, rows, django_assert_num_queries):
    for n in range(rows):
        chapter = ChapterFactory(slug=f"chapter-{n}")
        boss = organizer(chapter)
        MeetupFactory(chapter=chapter)
    for _ in range(rows):
        record("did", "a thing", by=organizer(chapter), chapter=chapter)
    with django_assert_num_queries(1):
        client.get("/chapters/")
    with django_assert_num_queries(2):
        client.get("/api/v1/chapters/")
    with django_assert_num_queries(4):
        client.get(f"/chapters/{chapter.slug}/")
    client.force_login(boss)
    with django_assert_num_queries(6):
        client.get(f"/chapters/{chapter.slug}/audit/")
