import pytest

from community.models import Mail
from meetups.services.checkin import Device, check_in_party
from meetups.services.rsvps import Answer, answer_rsvp
from tests.factories.community import ChapterFactory, member, organizer
from tests.factories.meetups import MeetupFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    meetup = MeetupFactory(capacity=8)
    boss = organizer(meetup.chapter)
    client.force_login(boss)
    return meetup, boss, f"/meetups/{meetup.slug}/people/"


def going(meetup, guests=0, **fields):
    return answer_rsvp(meetup=meetup, answer=Answer(guests=guests), by=member(**fields))


def said(response):
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_as_often_for_three_as_for_one(client, desk, rows, django_assert_num_queries):
    meetup, boss, url = desk
    for number in range(rows):
        rsvp = going(meetup)
        check_in_party(meetup=meetup, code=rsvp.code, device=Device(str(number)), by=boss)
    Mail.objects.update(state="failed")
    with django_assert_num_queries(9):
        page = client.get(url)
    assert len(page.context["page"]) == len(page.context["troubled"]) == rows


def test_one_filters_by_answer(client, desk):
    meetup, _, url = desk
    ada = going(meetup, guests=5, name="Ada")
    bea = going(meetup, guests=5, name="Bea")
    assert bea.status == "waitlisted"
    assert list(client.get(f"{url}?status=waitlisted").context["page"]) == [bea]
    assert list(client.get(f"{url}?status=nonsense").context["page"]) == [ada, bea]
    assert "number 1" in client.get(url).content.decode()


def test_adding_changing_and_taking_off(client, desk):
    meetup, _, url = desk
    form = {"email": "nell@example.org", "name": "Nell", "guests": "1"}
    answer = client.post(url, form, follow=True)
    assert said(answer) == ["Nell is going, 2 in all. They get a mail."]
    rsvp = meetup.rsvps.get()
    client.post(f"{url}{rsvp.pk}/", {"guests": "3"})
    rsvp.refresh_from_db()
    assert rsvp.guests == 3
    client.post(f"{url}{rsvp.pk}/", {"guests": "9"}, headers={"referer": f"http://testserver{url}"})
    rsvp.refresh_from_db()
    assert rsvp.guests == 3
    answer = client.post(f"{url}{rsvp.pk}/", {"guests": "3", "status": "not_going"}, follow=True)
    assert said(answer)[-1].startswith("Nell is off the list")
    rsvp.refresh_from_db()
    assert rsvp.status == "not_going"


def test_a_bad_address_is_told_at_the_field(client, desk):
    meetup, _, url = desk
    answer = client.post(url, {"email": "nonsense", "guests": "0"})
    assert answer.status_code == 422
    assert "id_email_error" in answer.content.decode()
    assert meetup.rsvps.count() == 0


def test_a_failed_mail_has_its_button(client, desk):
    meetup, _, url = desk
    rsvp = going(meetup)
    assert "Send it again" not in client.get(url).content.decode()
    Mail.objects.update(state="failed", error="550 no such mailbox")
    page = client.get(url).content.decode()
    assert "Send it again" in page
    assert "550 no such mailbox" in page
    mail = Mail.objects.get(to=rsvp.user.email)
    answer = client.post(f"/meetups/{meetup.slug}/mails/{mail.pk}/resend/", follow=True)
    assert said(answer) == [f"The mail to {mail.to} is queued again."]
    mail.refresh_from_db()
    assert mail.state == "queued"


def test_the_list_is_closed_to_others(client, desk):
    meetup, _, url = desk
    rsvp = going(meetup)
    client.force_login(rsvp.user)
    assert client.get(url).status_code == 403
    client.force_login(organizer(ChapterFactory(slug="boston")))
    for path in (url, f"{url}{rsvp.pk}/"):
        assert client.post(path, {"status": "not_going"}).status_code == 403
    rsvp.refresh_from_db()
    assert rsvp.status == "going"
