import pytest

from community.core import clock
from meetups.models import CheckIn
from meetups.qr import code_png, code_svg, spaced
from meetups.services.checkin import Device, check_in_party
from meetups.services.rsvps import Answer, answer_rsvp
from tests.factories.community import ChapterFactory, member, organizer
from tests.factories.meetups import MeetupFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def door(client):
    meetup = MeetupFactory()
    boss = organizer(meetup.chapter)
    client.force_login(boss)
    return meetup, boss, f"/meetups/{meetup.slug}/check-in/"


def going(meetup, **fields):
    return answer_rsvp(meetup=meetup, answer=Answer(), by=member(**fields))


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_by_forms_alone_one_counts_in_and_takes_back(client, door):
    meetup, _, url = door
    rsvp = going(meetup, name="Pat")
    page = client.get(url)
    assert list(page.context["missing"]) == [rsvp]
    answer = client.post(url, {"code": rsvp.code.lower()}, follow=True)
    assert said(answer) == ["Pat is in."]
    assert answer.context["totals"].came == 1
    again = client.post(url, {"code": rsvp.code}, follow=True)
    assert said(again) == ["Pat was in already. Nothing was changed."]
    entry = CheckIn.objects.get()
    undone = client.post(f"{url}{entry.pk}/undo/", follow=True)
    assert list(undone.context["missing"]) == [rsvp]
    assert CheckIn.objects.count() == 0


def test_walk_ins_by_the_form(client, door):
    _, _, url = door
    form = {"walk_in": "1", "client_id": "a", "name": "Wim", "people": "2"}
    for _ in range(2):
        answer = client.post(url, form, follow=True)
    assert said(answer) == ["Wim was in already. Nothing was changed."]
    refused = client.post(url, form | {"people": "0", "client_id": "b"}, follow=True)
    assert said(refused) == ["A party has 1 to 50 people."]
    assert CheckIn.objects.values_list("name", "people").get() == ("Wim", 2)


def test_an_unknown_code_is_told_and_counts_nobody(client, door):
    _, _, url = door
    answer = client.post(url, {"code": "nonsense"}, follow=True)
    assert "has the code nonsense" in said(answer)[0]
    answer = client.post(url, {"code": ""}, follow=True)
    assert said(answer) == ["Type the code from the mail first."]
    assert CheckIn.objects.count() == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_as_often_for_three_as_for_one(client, door, rows, django_assert_num_queries):
    meetup, boss, url = door
    for number in range(rows):
        going(meetup)
        came = going(meetup)
        check_in_party(meetup=meetup, code=came.code, device=Device(str(number)), by=boss)
    with django_assert_num_queries(11):
        page = client.get(url)
    assert len(page.context["check_ins"]) == len(page.context["missing"]) == rows


def test_the_worker_is_served_below_the_page(client, door):
    _, _, url = door
    worker = client.get(f"{url}worker.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert b"caches.open" in worker.content


def test_the_door_is_closed_to_others(client, door):
    meetup, _, url = door
    rsvp = going(meetup)
    client.force_login(rsvp.user)
    assert client.get(url).status_code == 403
    client.force_login(organizer(ChapterFactory(slug="boston")))
    for path in (url, f"{url}worker.js"):
        assert client.get(path).status_code == 403
    assert client.post(url, {"code": rsvp.code}).status_code == 403
    assert CheckIn.objects.count() == 0


def test_ones_own_code_is_ones_own(client):
    meetup = MeetupFactory()
    mine, other = going(meetup), going(meetup)
    client.force_login(mine.user)
    page = client.get(f"/meetups/{meetup.slug}/my-code/").content.decode()
    assert code_svg(mine.code) in page
    assert spaced(mine.code) in page
    assert spaced(other.code) not in page
    answer_rsvp(meetup=meetup, answer=Answer(status="not_going"), by=mine.user)
    assert client.get(f"/meetups/{meetup.slug}/my-code/").status_code == 404
    client.force_login(member())
    assert client.get(f"/meetups/{meetup.slug}/my-code/").status_code == 404


def test_the_pictures_are_of_the_code():
    assert code_svg("ABCD1234") != code_svg("ABCD1235")
    assert 'viewBox="0 0 27 27"' in code_svg("ABCD1234")  # version 1: 21 modules and the margin
    assert code_png("ABCD1234").startswith(b"\x89PNG")


def test_me_says_where_one_was_seen(client):
    meetup = MeetupFactory()
    boss = organizer(meetup.chapter)
    came, stayed_away = going(meetup), going(meetup)
    check_in_party(meetup=meetup, code=came.code, device=Device("a"), by=boss)
    client.force_login(stayed_away.user)
    assert "Show my code" in client.get("/me/").content.decode()
    meetup.starts_at, meetup.ends_at = clock.in_seconds(-9000), clock.in_seconds(-1800)
    meetup.save()
    assert "You were not seen" in client.get("/me/").content.decode()
    client.force_login(came.user)
    assert "You came" in client.get("/me/").content.decode()
