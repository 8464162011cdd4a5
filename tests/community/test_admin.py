"""Django's admin, signed in as an organizer."""

import pytest
from django.contrib import admin

from community.models import Mail
from community.project.organizers import grant_organizers
from community.services.accounts import organizers_group
from deploylab.models import Bmc, Node, PowerCommand
from meetups.models import Meetup
from meetups.services.rsvps import Answer, answer_rsvp
from tests.factories.community import ChapterFactory, UserFactory, member, organizer
from tests.factories.deploylab import NodeFactory, deploy
from tests.factories.meetups import MeetupFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    grant_organizers()
    user = organizer(ChapterFactory(slug="austin"))
    user.groups.add(organizers_group())
    client.force_login(user)
    return user


def _path(model, suffix=""):
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/{suffix}"


def test_members_stay_out(client):
    client.force_login(member())
    assert client.get("/admin/").status_code == 302


def test_every_list_and_every_row_opens(client, boss):
    NodeFactory(chapter=ChapterFactory(slug="austin"))
    deploy()
    answer_rsvp(meetup=MeetupFactory(), answer=Answer(), by=member())
    Bmc.objects.update(sealed_password="sealed-canary")
    opened = 0
    for model in admin.site._registry:
        label = f"{model._meta.app_label}.{model._meta.model_name}"
        if not boss.has_perm(label.replace(".", ".view_")):
            continue
        page = client.get(_path(model))
        assert page.status_code == 200, label
        assert b"canary" not in page.content
        row = page.context["cl"].queryset.first()
        if row is not None:
            detail = client.get(_path(model, f"{row.pk}/change/"))
            assert detail.status_code == 200, label
            assert b"canary" not in detail.content, label
            opened += 1
    assert opened >= 12


def test_another_chapters_rows_are_not_there(client, boss):
    boston = ChapterFactory(slug="boston")
    theirs = MeetupFactory(chapter=boston)
    node = NodeFactory(chapter=boston)
    for row in (theirs, node, node.bmc):
        listed = client.get(_path(type(row))).context["cl"].queryset
        assert row not in listed
        assert client.get(_path(type(row), f"{row.pk}/change/")).status_code == 302
    form = client.get(_path(Meetup, "add/")).context["adminform"].form
    assert [chapter.slug for chapter in form.fields["chapter"].queryset] == ["austin"]


def _values(client, meetup):
    form = client.get(_path(Meetup, f"{meetup.pk}/change/")).context["adminform"].form
    values = {name: value for name, value in form.initial.items() if value not in (None, False)}
    for name in ("starts_at", "ends_at"):
        at = values.pop(name)
        values |= {f"{name}_0": f"{at:%Y-%m-%d}", f"{name}_1": f"{at:%H:%M:%S}"}
    for prefix in ("sessions", "sites", "sponsorships", "minutes"):
        values |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    return values


def test_a_change_in_the_admin_moves_the_waitlist_up(client, boss):
    meetup = MeetupFactory(capacity=1)
    for _ in range(2):
        answer_rsvp(meetup=meetup, answer=Answer(), by=member())
    values = _values(client, meetup) | {"capacity": 2}
    answer = client.post(_path(Meetup, f"{meetup.pk}/change/"), values)
    assert answer.status_code == 302, answer.context and answer.context["errors"]
    meetup.refresh_from_db()
    assert (meetup.capacity, meetup.going) == (2, 2)
    assert Mail.objects.filter(purpose="meetups/rsvp_going").count() == 2


def test_a_capacity_below_going_is_refused_in_words(client, boss):
    meetup = MeetupFactory(capacity=3)
    answer_rsvp(meetup=meetup, answer=Answer(guests=1), by=member())
    answer = client.post(
        _path(Meetup, f"{meetup.pk}/change/"),
        _values(client, meetup) | {"capacity": 1},
        headers={"referer": f"http://testserver{_path(Meetup, f'{meetup.pk}/change/')}"},
        follow=True,
    )
    assert b"2 people have a place; the capacity cannot be 1." in answer.content
    meetup.refresh_from_db()
    assert meetup.capacity == 3


def test_a_new_meetup(client, boss):
    chapter = ChapterFactory(slug="austin")
    values = _values(client, MeetupFactory()) | {
        "slug": "new-one", "title": "New one", "chapter": chapter.pk,
    }  # fmt: skip
    assert client.post(_path(Meetup, "add/"), values).status_code == 302
    assert Meetup.objects.get(slug="new-one").chapter == chapter


def _act(client, model, action, *rows):
    body = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(_path(model), body, follow=True)


def test_actions_call_the_services(client, boss):
    meetup = MeetupFactory(is_published=False)
    _act(client, Meetup, "publish", meetup)
    meetup.refresh_from_db()
    assert meetup.is_published
    node = NodeFactory()
    page = _act(client, Node, "power_on", node)
    assert b"1 commands queued." in page.content
    assert PowerCommand.objects.get().requested_by == boss
    _act(client, Node, "to_maintenance", node)
    node.refresh_from_db()
    assert node.health == "maintenance"
    assert not Node.objects.reservable().exists()
    _act(client, Node, "to_good", node)
    assert Node.objects.reservable().get() == node


def test_a_bmc_password_is_written_and_never_read(client, boss):
    node = NodeFactory()
    path = _path(Bmc, f"{node.bmc.pk}/change/")
    body = {
        "node": node.pk, "driver": "ipmi", "host": "10.0.0.9", "port": 623, "username": "root",
        "min_interval_ms": 5000, "new_password": "fresh-canary",
    }  # fmt: skip
    assert client.post(path, body).status_code == 302
    assert Bmc.objects.get(node=node).password() == "fresh-canary"
    client.post(path, body | {"new_password": "", "port": 624})
    assert Bmc.objects.get(node=node).password() == "fresh-canary"
    assert b"canary" not in client.get(path).content


def test_organizers_are_not_superusers(client, boss):
    assert not boss.is_superuser
    assert client.get("/admin/community/apitoken/").status_code == 403
    assert client.get("/admin/auth/group/").status_code == 403
    assert UserFactory._meta.model.objects.filter(is_superuser=True).count() == 0
