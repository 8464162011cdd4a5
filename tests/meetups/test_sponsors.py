"""The rota, offers from the public form to the meetup's page, and the thanks."""

import datetime as dt

import pytest
from django.core import mail as django_mail

from community.core.errors import ForbiddenError, InvalidError
from community.models import Chapter, Mail, Organization
from community.services.mail import write_mail
from community.services.outgoing import send_queued_mail
from meetups.exceptions import DecidedError, SlotTakenError
from meetups.models import Sponsorship
from meetups.selectors.sponsors import (
    month_of,
    months_ahead,
    past_sponsors,
    sponsor_rota,
    thanks_for,
)
from meetups.services.sponsors import (
    attach_confirmed_offers,
    confirm_offer,
    decline_offer,
    offer_sponsorship,
    set_thanks,
    withdraw_offer,
)
from tests.factories.community import ChapterFactory, OrganizationFactory, member, organizer
from tests.factories.meetups import MeetupFactory

pytestmark = pytest.mark.django_db


def offer(chapter=None, ahead=2, kind="food", **fields):
    chapter = chapter or ChapterFactory()
    fields = {
        "organization_name": "SUSE",
        "contact_name": "Sue Sponsor",
        "contact_email": "sue@example.org",
        **fields,
    }
    return offer_sponsorship(
        chapter=chapter, month=months_ahead(chapter)[ahead], kind=kind, **fields
    )


def in_month(month, **fields):
    return MeetupFactory(
        starts_at=dt.datetime(month.year, month.month, 14, tzinfo=dt.UTC), **fields
    )


def slot(chapter, ahead=2, kind="food"):
    row = sponsor_rota([chapter])[ahead]
    return next(slot for slot in row.slots if slot.kind == kind)


def test_an_offer_is_no_sponsor_until_it_is_confirmed():
    chapter = ChapterFactory()
    boss = organizer(chapter)
    made = offer(chapter)
    assert slot(chapter).holders == []
    purposes = set(Mail.objects.values_list("to", "purpose"))
    assert purposes == {
        ("sue@example.org", "meetups/sponsor_offer_received"),
        (boss.email, "meetups/sponsor_offer_made"),
    }
    confirm_offer(offer=made, by=boss)
    assert slot(chapter).holders == ["SUSE"]
    assert [slot(chapter, ahead).is_next for ahead in range(3)] == [True, False, False]
    assert Mail.objects.filter(to="sue@example.org").count() == 2


def test_the_next_free_slot_is_the_first_without_a_sponsor():
    chapter = ChapterFactory()
    confirm_offer(offer=offer(chapter, ahead=0), by=organizer(chapter))
    assert [slot(chapter, ahead).is_next for ahead in range(3)] == [False, True, False]
    assert slot(chapter, 0, "room").is_next


def test_a_month_names_all_its_meetups(client):
    chapter = ChapterFactory()
    for title in ("The early one", "The late one"):
        MeetupFactory(chapter=chapter, title=title)
    page = client.get("/sponsors/").content.decode()
    assert "The early one" in page
    assert "The late one" in page


def test_one_sponsor_for_a_slot():
    chapter = ChapterFactory()
    boss = organizer(chapter)
    first, second = offer(chapter), offer(chapter, organization_name="Dell")
    confirm_offer(offer=first, by=boss)
    with pytest.raises(SlotTakenError, match="has the food"):
        confirm_offer(offer=second, by=boss)
    second.refresh_from_db()
    assert second.state == "proposed"
    with pytest.raises(SlotTakenError, match="SUSE has the food"):
        offer(chapter, organization_name="HP")
    others = [offer(chapter, kind="other"), offer(chapter, kind="other")]
    assert [confirm_offer(offer=one, by=boss).state for one in others] == ["confirmed"] * 2


def test_a_decision_is_made_once_and_by_the_chapters_organizers():
    made = offer()
    with pytest.raises(ForbiddenError):
        confirm_offer(offer=made, by=organizer(ChapterFactory(slug="boston")))
    boss = organizer(made.chapter)
    declined = decline_offer(offer=made, by=boss, note="We have a caterer.")
    assert (declined.state, declined.decided_by) == ("declined", boss)
    with pytest.raises(DecidedError):
        confirm_offer(offer=made, by=boss)
    letter = Mail.objects.get(purpose="meetups/sponsor_offer_declined")
    write_mail(letter)
    assert "We have a caterer." in letter.text
    assert letter.text.startswith("Hello Sue Sponsor,")


def test_a_confirmed_offer_stands_on_the_months_meetup_now_or_later():
    chapter = ChapterFactory()
    boss = organizer(chapter)
    OrganizationFactory(name="Suse")
    month = months_ahead(chapter)[2]
    hack_day = in_month(month, chapter=chapter, kind="hack_day")
    meetup = in_month(month, chapter=chapter)
    now = confirm_offer(offer=offer(chapter), by=boss)
    assert (now.sponsorship.meetup, now.sponsorship.organization.name) == (meetup, "Suse")
    assert (now.sponsorship.kind, now.sponsorship.provides) == ("food", "food")
    assert not hack_day.sponsorships.exists()

    later = confirm_offer(offer=offer(chapter, ahead=4, organization_name="New Co"), by=boss)
    assert later.sponsorship is None
    assert attach_confirmed_offers(in_month(months_ahead(chapter)[5], chapter=chapter)) == []
    late_meetup = in_month(month=months_ahead(chapter)[4], chapter=chapter)
    assert attach_confirmed_offers(late_meetup) == [later]
    assert attach_confirmed_offers(late_meetup) == []
    assert [str(row) for row in late_meetup.sponsorships.all()] == ["New Co: food"]
    assert slot(chapter, 4).holders == ["New Co"]


def test_a_confirmed_sponsor_stands_on_the_rota_whatever_becomes_of_the_meetup():
    chapter = ChapterFactory()
    meetup = in_month(months_ahead(chapter)[2], chapter=chapter, is_published=False)
    made = confirm_offer(offer=offer(chapter), by=organizer(chapter))
    assert made.sponsorship.meetup == meetup
    for changes in ({}, {"is_published": True}, {"is_cancelled": True}):
        type(meetup).objects.filter(pk=meetup.pk).update(**changes or {"is_published": False})
        assert slot(chapter).holders == ["SUSE"]


def test_the_sponsor_of_a_cancelled_meetup_comes_to_the_next_of_that_month():
    chapter = ChapterFactory()
    month = months_ahead(chapter)[2]
    first = in_month(month, chapter=chapter)
    made = confirm_offer(offer=offer(chapter), by=organizer(chapter))
    assert attach_confirmed_offers(in_month(month, chapter=chapter)) == []
    type(first).objects.filter(pk=first.pk).update(is_cancelled=True)
    second = in_month(month, chapter=chapter)
    assert attach_confirmed_offers(second) == [made]
    assert Sponsorship.objects.get().meetup == second
    assert slot(chapter).holders == ["SUSE"]


def test_who_cannot_after_all_frees_the_slot():
    chapter = ChapterFactory()
    boss = organizer(chapter)
    in_month(months_ahead(chapter)[2], chapter=chapter)
    made = confirm_offer(offer=offer(chapter), by=boss)
    assert Sponsorship.objects.count() == 1
    withdraw_offer(offer=made, by=boss)
    assert Sponsorship.objects.count() == 0
    assert slot(chapter).holders == []
    assert confirm_offer(offer=offer(chapter, organization_name="HP"), by=boss).state == "confirmed"


def test_the_months_are_the_chapters_own_and_no_others(time_machine):
    time_machine.move_to(dt.datetime(2013, 1, 1, 3, tzinfo=dt.UTC), tick=False)  # still 2012 there
    chapter = ChapterFactory()
    months = months_ahead(chapter)
    assert (months[0], months[1], months[-1]) == (
        dt.date(2012, 12, 1),
        dt.date(2013, 1, 1),
        dt.date(2013, 11, 1),
    )
    meetup = MeetupFactory(chapter=chapter, starts_at=dt.datetime(2013, 2, 1, 2, tzinfo=dt.UTC))
    assert month_of(meetup) == dt.date(2013, 1, 1)
    with pytest.raises(InvalidError):
        offer_sponsorship(
            chapter=chapter, month=dt.date(2012, 11, 1), kind="food", organization_name="A",
            contact_name="B", contact_email="b@example.org",
        )  # fmt: skip


def test_mail_goes_to_an_address_without_an_account(django_capture_on_commit_callbacks):
    made = offer(organization_name="Smith & Sons\nBcc: x@example.org")
    mail = Mail.objects.get(to="sue@example.org")
    assert send_queued_mail(str(mail.pk))
    (sent,) = django_mail.outbox
    assert sent.to == ["sue@example.org"]
    assert "Smith & Sons Bcc: x@example.org, food" in sent.body
    assert made.organization_name == "Smith & Sons Bcc: x@example.org"


def test_thanks_are_made_from_what_was_given_and_may_be_written():
    meetup = MeetupFactory()
    suse, dell = OrganizationFactory(name="SUSE"), OrganizationFactory(name="Dell")
    for organization, provides in ((suse, "food"), (dell, "room"), (suse, "drinks")):
        Sponsorship.objects.create(meetup=meetup, organization=organization, provides=provides)
    given = list(meetup.sponsorships.select_related("organization"))
    assert thanks_for(given) == ["Thanks to SUSE for food and drinks.", "Thanks to Dell for room."]
    with pytest.raises(ForbiddenError):
        set_thanks(sponsorship=given[1], thanks="x", by=member(meetup.chapter))
    set_thanks(sponsorship=given[1], thanks="Dell opened its doors.", by=organizer(meetup.chapter))
    assert thanks_for(given) == ["Dell opened its doors.", "Thanks to SUSE for food and drinks."]


def test_past_sponsors_are_counted_by_meetup():
    over = [MeetupFactory(starts_at=dt.datetime(2020, n, 1, tzinfo=dt.UTC)) for n in (1, 2)]
    suse = OrganizationFactory(name="SUSE")
    for meetup in (*over, MeetupFactory()):
        for provides in ("food", "room"):
            Sponsorship.objects.create(meetup=meetup, organization=suse, provides=provides)
    OrganizationFactory(name="Nobody")
    assert [(row.name, row.times) for row in past_sponsors(Chapter.objects.all())] == [("SUSE", 2)]
    assert Organization.objects.count() == 2


FORM = {
    "chapter": "austin", "kind": "food", "organization_name": "SUSE", "contact_name": "Sue",
    "contact_email": "sue@example.org", "message": "", "website": "",
}  # fmt: skip


def form_for(chapter, **changes):
    return FORM | {"month": months_ahead(chapter)[1].isoformat()} | changes


def test_the_public_form(client):
    chapter = ChapterFactory()
    assert client.get("/sponsors/offer/?kind=room").context["form"]["kind"].value() == "room"
    answer = client.post("/sponsors/offer/", form_for(chapter), follow=True)
    assert "answer to sue@example.org" in answer.content.decode()
    assert chapter.sponsor_offers.get().organization_name == "SUSE"
    assert client.post("/sponsors/offer/", form_for(chapter, month="x")).status_code == 422


def test_a_robot_is_told_the_same_and_leaves_nothing(client):
    chapter = ChapterFactory()
    answer = client.post("/sponsors/offer/", form_for(chapter, website="http://x"), follow=True)
    assert "answer to sue@example.org" in answer.content.decode()
    assert not chapter.sponsor_offers.exists()
    assert not Mail.objects.exists()


def test_five_offers_a_day_from_one_address(client):
    chapter = ChapterFactory()
    answers = [client.post("/sponsors/offer/", form_for(chapter, kind="other")) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert chapter.sponsor_offers.count() == 5
    other = form_for(chapter, contact_email="other@example.org")
    assert client.post("/sponsors/offer/", other).status_code == 302


def test_organizers_decide_on_the_page(client):
    chapter = ChapterFactory()
    made, second = offer(chapter), offer(chapter, organization_name="Dell")
    foreign = offer(ChapterFactory(slug="boston"), organization_name="Boston Co")
    client.force_login(organizer(chapter))
    page = client.get("/sponsors/offers/").content.decode()
    assert "sue@example.org" in page
    assert "Boston Co" not in page
    client.post(f"/sponsors/offers/{made.pk}/confirm/")
    client.post(f"/sponsors/offers/{second.pk}/decline/", {"note": "Sorry."})
    assert client.post(f"/sponsors/offers/{foreign.pk}/confirm/").status_code == 404
    states = [type(row).objects.get(pk=row.pk).state for row in (made, second, foreign)]
    assert states == ["confirmed", "declined", "proposed"]


def test_the_meetups_page_names_sponsor_and_thanks(client):
    meetup = MeetupFactory(starts_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    given = Sponsorship.objects.create(meetup=meetup, organization=OrganizationFactory(name="SUSE"))
    assert "Thanks to SUSE." in client.get(f"/meetups/{meetup.slug}/").content.decode()
    client.force_login(organizer(meetup.chapter))
    client.post(f"/meetups/{meetup.slug}/thanks/", {f"s{given.pk}-thanks": "SUSE fed us all."})
    assert "SUSE fed us all." in client.get(f"/meetups/{meetup.slug}/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_ask_as_often_for_three_as_for_one(client, rows, django_assert_num_queries):
    for n in range(rows):
        chapter = ChapterFactory(slug=f"chapter-{n}")
        meetup = MeetupFactory(chapter=chapter)
        Sponsorship.objects.create(meetup=meetup, organization=OrganizationFactory())
        offer(chapter, kind="room", organization_name=f"Company {n} Inc")
    with django_assert_num_queries(5):
        client.get("/sponsors/")
    root = organizer(chapter, is_superuser=True)
    client.force_login(root)
    with django_assert_num_queries(4):
        client.get("/sponsors/offers/")
