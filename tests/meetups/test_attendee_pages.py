import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from meetups.models import Rsvp
from tests.factories.community import bearer, member, organizer
from tests.factories.meetups import MeetupFactory

pytestmark = pytest.mark.django_db

GOOD = "Email,Name,Guests\nada@example.org,Ada Löve,2\nbea@example.org,Bea,0\n"
BAD = GOOD + "nonsense,X,9\n"


@pytest.fixture
def desk(client):
    meetup = MeetupFactory(capacity=10)
    boss = organizer(meetup.chapter)
    client.force_login(boss)
    return meetup, boss, f"/meetups/{meetup.slug}/people/import/"


def upload(client, url, content):
    return client.post(url, {"file": SimpleUploadedFile("list.csv", content)})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_choose_look_take(client, desk, encoding):
    meetup, _, url = desk
    page = upload(client, url, GOOD.encode(encoding))
    assert page.status_code == 200
    assert "Ada Löve" in page.content.decode()
    assert Rsvp.objects.count() == 0
    taken = client.post(url, {"csv": page.context["text"]}, follow=True)
    assert [str(message) for message in taken.context["messages"]] == [
        "The list is taken: 2 new, 0 changed, 0 as they were."
    ]
    assert meetup.rsvps.count() == 2


def test_a_bad_line_is_shown_and_there_is_no_button(client, desk):
    _, _, url = desk
    page = upload(client, url, BAD.encode())
    html = page.content.decode()
    assert "is no e-mail address." in html
    assert "Take the list" not in html
    client.post(url, {"csv": BAD})  # by hand it is refused as well
    assert Rsvp.objects.count() == 0


@pytest.mark.parametrize("content", [b"\n", b"x" * 600_000, b"\x81\x8d,\xff", b"Name\nAda\n"])
def test_a_file_that_is_no_list_is_told_at_the_field(client, desk, content):
    _, _, url = desk
    page = upload(client, url, content)
    assert page.status_code == 422
    assert "id_file_error" in page.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_as_often_with_three_bad_lines_as_with_one(
    client, desk, rows, django_assert_num_queries
):
    _, _, url = desk
    lines = "Email\n" + "".join(f"nonsense {number}\n" for number in range(rows))
    with django_assert_num_queries(14 + 2 * rows):  # a savepoint for each line
        page = upload(client, url, lines.encode())
    assert page.context["preview"].faulty == rows


def test_the_call_looks_through_and_takes(client, desk):
    meetup, boss, _ = desk
    url = f"/api/v1/meetups/{meetup.slug}/people/import/"

    def send(body, who=boss):
        return client.post(url, body, content_type="application/json", headers=bearer(who))

    client.logout()
    looked = send({"csv": GOOD}).json()
    assert (looked["imported"], looked["new"], looked["faulty"]) == (False, 2, 0)
    assert Rsvp.objects.count() == 0
    refused = send({"csv": BAD, "confirm": True})
    assert (refused.status_code, refused.json()["code"]) == (422, "import_refused")
    assert refused.json()["rows"][0]["number"] == 3
    assert Rsvp.objects.count() == 0
    taken = send({"csv": GOOD, "confirm": True}).json()
    assert (taken["imported"], taken["new"]) == (True, 2)
    assert Rsvp.objects.count() == 2
    assert send({"csv": GOOD}, who=member()).status_code == 403
    assert client.post(url, {}, content_type="application/json").status_code == 401
