import csv
import io

import pytest

from community.core import clock
from community.models import AuditEntry, Mail, User
from meetups.models import Rsvp
from meetups.services.checkin import Device, check_in_party, check_in_walk_in
from meetups.services.rsvps import Answer, answer_rsvp
from tests.factories.community import ChapterFactory, bearer, member, organizer
from tests.factories.meetups import MeetupFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    meetup = MeetupFactory(capacity=3)
    boss = organizer(meetup.chapter)
    headers = bearer(boss)

    def call(method, path, body=None):
        options = {"headers": headers}
        if body is not None:
            options |= {"data": body, "content_type": "application/json"}
        return getattr(client, method)(f"/api/v1/meetups/{meetup.slug}/{path}", **options)

    return meetup, boss, call


def going(meetup, guests=0, **fields):
    return answer_rsvp(meetup=meetup, answer=Answer(guests=guests), by=member(**fields))


def test_the_list_says_who_waits_and_who_came(desk):
    meetup, boss, call = desk
    ada = going(meetup, guests=1, name="Ada")
    going(meetup, guests=1, name="Bea")
    going(meetup, name="Cleo")
    check_in_party(meetup=meetup, code=ada.code, device=Device("a"), by=boss)
    listed = call("get", "people/").json()
    assert listed.keys() == {"count", "next", "previous", "results"}
    assert [
        (row["name"], row["status"], row["waitlist_position"], row["checked_in"])
        for row in listed["results"]
    ] == [("Ada", "going", None, True), ("Bea", "waitlisted", 1, False),
          ("Cleo", "waitlisted", 2, False)]  # fmt: skip
    waiting = call("get", "people/?status=waitlisted").json()
    assert [row["waitlist_position"] for row in waiting["results"]] == [1, 2]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_often_for_three_as_for_one(client, desk, rows, django_assert_num_queries):
    meetup, boss, _ = desk
    meetup.capacity = None
    meetup.save()
    for _ in range(rows):
        going(meetup)
    headers = bearer(boss)
    with django_assert_num_queries(6):
        answer = client.get(f"/api/v1/meetups/{meetup.slug}/people/", headers=headers)
    assert len(answer.json()["results"]) == rows


def test_an_organizer_adds_changes_and_takes_off(desk):
    meetup, boss, call = desk
    made = call("post", "people/", {"email": "New@Example.org", "name": "Nell", "guests": 1})
    assert made.status_code == 201
    assert (made.json()["email"], made.json()["status"]) == ("new@example.org", "going")
    nell = User.objects.get(email="new@example.org")
    assert nell.code_of_conduct_at is None  # nobody can accept it for her
    assert nell.memberships.get().chapter == meetup.chapter
    again = call("post", "people/", {"email": "new@example.org"})
    assert (again.status_code, again.json()["code"]) == (409, "already_there")
    url = f"people/{made.json()['id']}/"
    assert call("patch", url, {"guests": 2}).json()["guests"] == 2
    refused = call("patch", url, {"guests": 3})
    assert (refused.status_code, refused.json()["code"]) == (422, "party_too_large")
    waiting = going(meetup)
    assert waiting.status == "waitlisted"
    assert call("patch", url, {"status": "not_going"}).json()["status"] == "not_going"
    waiting.refresh_from_db()
    assert waiting.status == "going"  # the freed place was given at once
    lines = AuditEntry.objects.filter(verb="answered for a person", actor=boss)
    assert [line.detail["person"] for line in lines] == [nell.pk] * 3
    nell.refresh_from_db()
    assert nell.code_of_conduct_at is None


@pytest.mark.parametrize(
    "body", [{}, {"guests": 1, "status": "not_going"}, {"status": "going"}, {"guests": 6}, []]
)
def test_changes_that_make_no_sense(desk, body):
    meetup, _, call = desk
    rsvp = going(meetup)
    assert call("patch", f"people/{rsvp.pk}/", body).status_code == 422
    assert AuditEntry.objects.filter(verb="answered for a person").count() == 0


def test_mails_are_seen_and_those_that_failed_sent_again(desk):
    meetup, _, call = desk
    going(meetup)
    mail = Mail.objects.get(thread=f"meetup:{meetup.pk}")
    Mail.objects.create(
        key="secret", purpose="x", to="x@example.org", thread=mail.thread, is_secret=True,
        due_at=clock.now(),
    )  # fmt: skip
    listed = call("get", "mails/").json()
    assert [row["id"] for row in listed["results"]] == [str(mail.pk)]
    url = f"mails/{mail.pk}/resend/"
    assert call("post", url, {}).status_code == 409
    Mail.objects.filter(pk=mail.pk).update(state="failed", attempts=8)
    assert call("post", url, {}).json()["state"] == "queued"
    elsewhere = going(MeetupFactory(chapter=meetup.chapter))
    other = Mail.objects.get(thread=f"meetup:{elsewhere.meetup_id}")
    assert call("post", f"mails/{other.pk}/resend/", {}).status_code == 404


def test_exports_hold_everything_and_no_formula(desk):
    meetup, boss, call = desk
    rsvp = going(meetup, guests=1, name='=HYPERLINK("http://evil","x")')
    check_in_party(meetup=meetup, code=rsvp.code, device=Device("a"), by=boss)
    check_in_walk_in(meetup=meetup, device=Device("b"), by=boss, name="+1 friend")
    answer = call("get", "export/people.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert f"{meetup.slug}-people.csv" in answer["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert rows[0]["name"] == '\'=HYPERLINK("http://evil","x")'
    assert (rows[0]["guests"], rows[0]["checked_in"], rows[0]["code"]) == ("1", "True", rsvp.code)
    people = call("get", "export/people.json").json()["people"]
    assert people[0]["name"] == '=HYPERLINK("http://evil","x")'  # JSON runs nothing
    came = list(csv.DictReader(io.StringIO(call("get", "export/check-ins.csv").content.decode())))
    assert {row["name"] for row in came} == {"'+1 friend", rows[0]["name"]}
    assert len(call("get", "export/check-ins.json").json()["check_ins"]) == 2


def test_the_whole_meetup_as_json(desk):
    meetup, _, call = desk
    answer_rsvp(meetup=meetup, answer=Answer(diet="no nuts"), by=member())
    meetup.sessions.create(title="DevStack", kind="demo")
    meetup.minutes.create(number=1, text="It took ten minutes.")
    answer = call("get", "export/all.json")
    whole = answer.json()
    assert whole["meetup"]["slug"] == meetup.slug
    assert [row["title"] for row in whole["sessions"]] == ["DevStack"]
    assert [row["text"] for row in whole["minutes"]] == ["It took ten minutes."]
    assert (len(whole["people"]), len(whole["mails"])) == (1, 1)
    assert "nuts" not in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    ["people/", "mails/", "export/people.csv", "export/check-ins.json", "export/all.json"],
)
def test_the_list_is_the_chapters_organizers(client, desk, path):
    meetup, _, call = desk
    going(meetup)
    url = f"/api/v1/meetups/{meetup.slug}/{path}"
    assert client.get(url).status_code == 401
    assert client.get(url, headers=bearer(member())).status_code == 403
    boston = bearer(organizer(ChapterFactory(slug="boston")))
    assert client.get(url, headers=boston).status_code == 403
    assert call("get", path).status_code == 200
    assert Rsvp.objects.count() == 1
