"""A person's own data: all of it to take along, and its end."""

import datetime as dt
import json

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models
from django.test import Client

from community.core import clock
from community.core.errors import ConflictError
from community.exceptions import LastOrganizerError, WrongAddressError
from community.models import (
    ApiToken,
    IdempotentAnswer,
    Mail,
    MailOptOut,
    Membership,
    Takeover,
    User,
)
from community.services.accounts import create_api_token
from community.services.audit import record
from community.services.chapters import add_organizer
from community.services.mail_links import token_of
from community.services.outgoing import send_queued_mail
from community.services.personal import erase_account, personal_data
from community.services.takeovers import ask_takeover
from meetups.models import Meetup, Note, Rsvp, Site
from meetups.selectors.feeds import feed_token
from meetups.selectors.sponsors import months_ahead
from meetups.services.rsvps import Answer, answer_rsvp
from meetups.services.sites import propose_site
from meetups.services.sponsors import offer_sponsorship
from tests.factories.community import ChapterFactory, bearer, member, organizer
from tests.factories.deploylab import NodeFactory, reserve
from tests.factories.meetups import MeetupFactory

pytestmark = pytest.mark.django_db

NAME, EMAIL, SECOND = "Zacharias Quill", "zq.canary@example.org", "other.canary@example.org"
TEXTS = (models.CharField, models.TextField, models.JSONField)


def places_of(*needles):
    """Every column of the whole database in which one of `needles` stands."""
    found = set()
    for model in apps.get_models():
        columns = [field for field in model._meta.concrete_fields if isinstance(field, TEXTS)]
        for row in model._base_manager.all():
            for column in columns:
                text = str(getattr(row, column.attname)).lower()
                if any(needle.lower() in text for needle in needles):
                    found.add(f"{model._meta.label}.{column.name}")
        if model is Session:
            decoded = [json.dumps(row.get_decoded()) for row in Session.objects.all()]
            found |= {"sessions" for text in decoded if any(one in text for one in needles)}
    return found


@pytest.fixture
def person():
    """Somebody who left traces everywhere."""
    chapter = ChapterFactory()
    boss = organizer(chapter, last_login=clock.now() - dt.timedelta(days=100))
    user = member(chapter, name=NAME, email=EMAIL)
    Membership.objects.update(since=clock.now() - dt.timedelta(days=95))
    EmailAddress.objects.create(user=user, email=EMAIL, verified=True, primary=True)
    EmailAddress.objects.create(user=user, email=SECOND, verified=True)
    ask_takeover(chapter=chapter, reason=f"Write to {EMAIL}.", by=user)
    create_api_token(user=user, name=f"of {NAME}")
    MailOptOut.objects.create(user=user, kind="reminders")
    IdempotentAnswer.objects.create(user=user, key="k", request_digest="d", body={"to": EMAIL})
    record("made organizer", EMAIL, by=boss, chapter=chapter, was={"email": EMAIL})
    LogEntry.objects.create(
        user=boss, content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk),
        object_repr=NAME, action_flag=CHANGE, change_message=f"was {EMAIL}",
    )  # fmt: skip
    _meetups_traces(chapter, user)
    NodeFactory(chapter=chapter)
    reserve(user, purpose=f"{NAME} tries things")
    for mail in Mail.objects.exclude(purpose="meetups/rsvp_not_going"):
        assert send_queued_mail(str(mail.pk))
    offer_sponsorship(
        chapter=chapter, month=months_ahead(chapter)[2], kind="room", organization_name="Quill Co",
        contact_name=NAME, contact_email=EMAIL, message="",
    )  # fmt: skip
    return user


def _meetups_traces(chapter, user):
    start = clock.now() + dt.timedelta(days=3)
    coming = MeetupFactory(slug="coming", capacity=1, starts_at=start)
    hack_day = MeetupFactory(slug="hack", kind="hack_day")
    past = MeetupFactory(slug="past")
    answer_rsvp(meetup=past, answer=Answer(), by=user)
    answer_rsvp(meetup=coming, answer=Answer(diet="no nuts"), by=user)
    answer_rsvp(meetup=coming, answer=Answer(), by=member(chapter, email="next@example.org"))
    past.starts_at = start - dt.timedelta(days=30)
    past.ends_at = past.starts_at + dt.timedelta(hours=2)
    past.save()
    Note.objects.create(meetup=past, author=user, text=f"Mail {EMAIL.upper()}.", at=clock.now())
    listed = propose_site(
        meetup=hack_day, by=user, name="Essex", address="x", host=NAME, note=f"Ask {EMAIL}."
    )
    Site.objects.filter(pk=listed.pk).update(state="approved")
    propose_site(meetup=hack_day, by=user, name="Ghent", address="x", host=NAME)
    offer_sponsorship(
        chapter=chapter, month=months_ahead(chapter)[1], kind="food", organization_name="Quill Co",
        contact_name=NAME, contact_email=SECOND.upper(), message=f"I am {NAME}.",
    )  # fmt: skip


def test_neither_name_nor_address_is_left_anywhere(person, client):
    client.force_login(person)
    elsewhere = Client()
    elsewhere.force_login(person)
    before = places_of(NAME, EMAIL, SECOND)
    # what could have leaked was there
    assert before >= {
        "community.User.email", "community.User.name", "account.EmailAddress.email",
        "community.Mail.to", "community.Mail.text", "community.Mail.html",
        "community.AuditEntry.subject", "community.AuditEntry.detail", "community.Takeover.reason",
        "community.IdempotentAnswer.body", "community.ApiToken.name", "admin.LogEntry.object_repr",
        "admin.LogEntry.change_message", "meetups.Note.text", "meetups.Site.host",
        "meetups.Site.note", "meetups.SponsorOffer.contact_name",
        "meetups.SponsorOffer.contact_email", "meetups.SponsorOffer.message",
        "deploylab.Reservation.purpose",
    }  # fmt: skip
    answer = client.post("/me/delete/", {"email": EMAIL.upper()}, follow=True)
    assert "Your account is deleted." in answer.content.decode()
    assert places_of(NAME, EMAIL, SECOND) == set()
    assert elsewhere.get("/me/").status_code == 302
    assert Session.objects.filter(expire_date__gt=clock.now()).count() == 0


def test_places_go_on_and_the_past_stays_someones(person):
    erase_account(email=EMAIL, by=person)
    gone = User.objects.get(pk=person.pk)
    assert (gone.display_name, gone.is_active, gone.has_usable_password()) == (
        "someone",
        False,
        False,
    )
    assert gone.erased_at is not None
    assert gone.email == f"deleted-{gone.uuid}@deleted.invalid"
    statuses = dict(Rsvp.objects.filter(user=gone).values_list("meetup__slug", "status"))
    assert statuses == {"past": "going", "coming": "not_going"}
    assert Rsvp.objects.get(user__email="next@example.org").status == "going"
    assert list(Site.objects.values_list("name", "host", "proposed_by")) == [
        ("Essex", "someone", None)
    ]
    assert Note.objects.get().text == "Mail someone."
    for model in (ApiToken, Membership, MailOptOut):
        assert not model.objects.filter(user=gone).exists()
    assert Takeover.objects.get().state == "withdrawn"
    assert gone.reservations.get().state == "ended"
    assert Mail.objects.filter(to=gone.email, state="sent").exists()
    assert not Mail.objects.filter(to=gone.email).exclude(state="sent").exists()


def test_twice_is_once(person):
    erase_account(email=EMAIL, by=person)
    first = User.objects.filter(pk=person.pk).values().get()
    erase_account(email=EMAIL, by=person)
    assert User.objects.filter(pk=person.pk).values().get() == first


def test_the_address_must_be_typed(person, client):
    with pytest.raises(WrongAddressError):
        erase_account(email=SECOND, by=person)
    client.force_login(person)
    answer = client.post("/me/delete/", {"email": "x@example.org"})
    assert (answer.status_code, "Nothing was deleted" in answer.content.decode()) == (422, True)
    assert User.objects.get(pk=person.pk).email == EMAIL


def test_an_address_that_was_only_entered_opens_nothing(person):
    thief = member(email="thief@example.org")
    EmailAddress.objects.create(user=thief, email=EMAIL, verified=False)
    data = personal_data(by=thief)
    assert (data["sponsor_offers"], data["mails"]) == ([], [])
    before = places_of(EMAIL)
    erase_account(email="thief@example.org", by=thief)
    assert places_of(EMAIL) == before


def test_who_leads_alone_stays(client):
    chapter = ChapterFactory()
    boss, other = organizer(chapter), member(chapter)
    with pytest.raises(LastOrganizerError, match="the last organizer of Austin"):
        erase_account(email=boss.email, by=boss)
    add_organizer(chapter=chapter, email=other.email, by=boss)
    erase_account(email=boss.email, by=boss)
    boss.refresh_from_db()
    assert (boss.is_active, boss.is_staff) == (False, False)
    root = User.objects.create_superuser("root@example.org")
    with pytest.raises(ConflictError, match="last administrator"):
        erase_account(email=root.email, by=root)


def test_the_export_holds_everything(person, client):
    client.force_login(person)
    file = client.get("/me/export/")
    assert file["Content-Disposition"] == 'attachment; filename="my-data.json"'
    data = file.json()
    assert data.keys() == {
        "account", "mails", "audit_trail", "rsvps", "notes", "sites", "sponsor_offers",
        "reservations", "deployments", "power_commands", "ballots", "voter_lists",
        "assessments", "ideas", "idea_changes", "election_rolls", "roll_requests", "candidacies",
        "endorsements", "inspections",
    }  # fmt: skip
    assert (data["account"]["email"], data["account"]["name"]) == (EMAIL, NAME)
    assert [row["email"] for row in data["account"]["addresses"]] == [EMAIL, SECOND]
    assert data["account"]["api_tokens"][0]["name"] == f"of {NAME}"
    assert [row["chapter__slug"] for row in data["account"]["memberships"]] == ["austin"]
    diets = {row["meetup"]: row["diet"] for row in data["rsvps"]}
    assert diets == {"past": "", "coming": "no nuts"}
    assert {row["state"] for row in data["mails"]} == {"sent", "queued"}
    assert len(data["sponsor_offers"]) == 2
    assert len(data["sites"]) == 2
    assert len(data["notes"]) == 1
    assert len(data["reservations"]) == 1
    other = client.get("/api/v1/me/export/", headers=bearer(member())).json()
    assert EMAIL not in json.dumps(other)


def test_the_api(client):
    user = member()
    headers = bearer(user)

    def delete(body):
        return client.delete("/api/v1/me/", body, content_type="application/json", headers=headers)

    assert client.get("/api/v1/me/").status_code == 401
    assert client.get("/api/v1/me/", headers=headers).json()["email"] == user.email
    assert client.get("/api/v1/me/export/", headers=headers).json()["rsvps"] == []
    assert delete({}).status_code == 422
    assert delete({"email": "x@example.org"}).json()["code"] == "wrong_address"
    assert delete({"email": user.email}).status_code == 204
    assert client.get("/api/v1/me/", headers=headers).status_code == 401


def test_links_and_feed_die_with_the_account(person, client):
    mail = Mail.objects.get(to=EMAIL, purpose="meetups/rsvp_going", about__rsvp__isnull=False,
                            thread=f"meetup:{Meetup.objects.get(slug='past').pk}")  # fmt: skip
    MeetupFactory(slug="nobody-answered")
    addresses = [f"/r/{token_of(mail)}/", f"/me/calendar/{feed_token(person)}.ics"]
    assert [client.get(address).status_code for address in addresses] == [200, 200]
    erase_account(email=EMAIL, by=person)
    assert [client.get(address).status_code for address in addresses] == [404, 404]
