"""Personal links: made when the mail is handed over, stored nowhere, and dead when replaced."""

import base64
import datetime as dt
import hashlib
import hmac
import json
import logging
import re
import uuid

import pytest
from django.apps import apps
from django.conf import settings as site
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache

from community.core.errors import ForbiddenError, NotFoundError, TooManyError
from community.core.logs import PersonalLinks
from community.models import AuditEntry, Mail, MailKind, MailOptOut
from community.services.mail import private_purposes, resend_mail
from community.services.outgoing import send_queued_mail
from polls.exceptions import ElectionClosedError, VoterTokenError
from polls.models import ElectionEntry, RollEntry
from polls.services.elections.own_roll import GONE
from polls.services.elections.tokens import (
    check_token,
    entry_of_token,
    make_token,
    request_tokens,
    resend_token,
    send_own_token,
)
from polls.services.elections.voter_reminders import queue_voter_reminders, remind_voters
from polls.tasks import remind_of_elections
from polls.views.elections.voter import entry_in_session, forget_voter, remember_voter
from tests.factories.community import ChapterFactory, member, organizer
from tests.factories.rolls import election, entry

pytestmark = pytest.mark.django_db
ALMOST_A_DAY = dt.timedelta(hours=23, minutes=59)
IN_A_PATH = re.compile(r"/vote/([\w-]{43})/")


def deliver(mailoutbox):
    """Send what is queued; the tokens that arrived, by address, each once in text and HTML."""
    mailoutbox.clear()
    for mail in Mail.objects.filter(state=Mail.State.QUEUED).order_by("created_at"):
        send_queued_mail(str(mail.pk))
    found = {}
    for message in mailoutbox:
        (token,) = IN_A_PATH.findall(message.body)
        assert IN_A_PATH.findall(message.alternatives[0][0]) == [token]
        found[message.to[0]] = token
    return found


def places_of(needle):
    """Every column of the database in which `needle` stands."""
    return [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for row in model._base_manager.all()
        for field in model._meta.concrete_fields
        if needle in str(getattr(row, field.attname))
    ]


def test_a_token_is_the_mac_of_its_entry_and_nonce():
    """RFC 2104 and 4648, with Python's own primitives in place of the framework's."""
    nonce = uuid.UUID("12345678123456781234567812345678")
    key = hashlib.sha256(b"polls.voter_token" + site.SECRET_KEY.encode()).digest()
    mac = hmac.new(key, b"7:12345678123456781234567812345678", "sha256").digest()
    assert make_token(7, nonce) == base64.urlsafe_b64encode(mac).decode().rstrip("=")
    assert len({make_token(7, nonce), make_token(8, nonce), make_token(7, uuid.uuid4())}) == 3


def test_the_message_holds_the_token_and_nothing_else_does(mailoutbox, caplog, monkeypatch):
    tasks = []
    monkeypatch.setattr("community.core.queue._send", lambda _task, args: tasks.append(args))
    caplog.set_level(logging.DEBUG)
    race = election(seats=8)
    entry(race)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda act, **_: act())
        request_tokens(election=race, entries=race.roll.all())
    assert race.roll.get().token_hash is None
    tokens = deliver(mailoutbox)
    token = tokens["voter@example.org"]
    assert entry_of_token(election=race, token=token) == race.roll.get()
    assert places_of(token) == []
    assert race.roll.get().token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert tasks == [(str(Mail.objects.get().pk),)]
    assert token not in caplog.text + json.dumps(tasks)
    body = mailoutbox[0].body
    assert "The board 2026 (seats: 8)" in body
    assert "do not pass it on" in body
    assert f"/elections/{race.slug}/roll/me/" in body
    mail = Mail.objects.get()
    assert (mail.thread, mail.chapter_id) == (f"election:{race.pk}", race.chapter_id)
    assert "polls/election_link" in private_purposes()


def test_control_the_demo_outbox_shows_the_link(settings):
    settings.DEMO = True
    race = election()
    entry(race)
    request_tokens(election=race, entries=race.roll.all())
    send_queued_mail(str(Mail.objects.get().pk))
    (token,) = IN_A_PATH.findall(Mail.objects.get().text)
    assert entry_of_token(election=race, token=token) == race.roll.get()


def test_a_mail_of_uncertain_delivery_is_sent_again_with_the_same_link(mailoutbox, monkeypatch):
    race = election()
    entry(race)
    request_tokens(election=race, entries=race.roll.all())
    mail = Mail.objects.get()

    def quote(_backend, messages):
        raise TimeoutError(f"about {messages[0].body}")

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", quote)
        send_queued_mail(str(mail.pk))
    mail.refresh_from_db()
    noted = race.roll.get().token_hash
    assert (mail.state, noted is None) == ("uncertain", False)
    assert not IN_A_PATH.search(mail.error + mail.text)
    resend_mail(mail=mail)
    token = deliver(mailoutbox)["voter@example.org"]
    assert hashlib.sha256(token.encode()).hexdigest() == noted


def test_a_new_link_ends_the_old_one(mailoutbox):
    race, boss = election(), organizer()
    voter = entry(race)
    request_tokens(election=race, entries=[voter])
    old = deliver(mailoutbox)["voter@example.org"]
    resend_token(election=race, entry=voter, by=boss)
    with pytest.raises(VoterTokenError, match="not valid for this election, or a newer one"):
        entry_of_token(election=race, token=old)
    resend_token(election=race, entry=voter, by=boss)  # before the second was sent
    new = deliver(mailoutbox)["voter@example.org"]
    assert entry_of_token(election=race, token=new) == voter
    assert sorted(Mail.objects.values_list("state", flat=True)) == ["sent", "sent", "unwanted"]
    trail = AuditEntry.objects.filter(verb="sent a new link for").first()
    assert (trail.subject, trail.detail) == (f"election {race.slug}", {"entry": voter.pk})
    with pytest.raises(ForbiddenError):
        resend_token(election=race, entry=voter, by=organizer(ChapterFactory(slug="boston")))
    voter.email = f"gone{GONE}"
    voter.save()
    with pytest.raises(NotFoundError):
        resend_token(election=race, entry=voter, by=boss)


def test_no_link_after_the_close(mailoutbox, time_machine):
    race, boss = election(), organizer()
    voter = entry(race)
    request_tokens(election=race, entries=[voter])
    time_machine.move_to(race.closes_at)
    assert deliver(mailoutbox) == {}
    assert Mail.objects.get().state == "unwanted"
    for send in (
        lambda: resend_token(election=race, entry=voter, by=boss),
        lambda: send_own_token(election=race, email=voter.email, address="::1"),
        lambda: remind_voters(election=race, by=boss),
    ):
        with pytest.raises(ElectionClosedError):
            send()


def test_whoever_types_an_address_gets_the_link_they_had(mailoutbox):
    race = election()
    voter = entry(race)
    request_tokens(election=race, entries=[voter])
    token = deliver(mailoutbox)["voter@example.org"]
    for email in (" Voter@Example.org", "stranger@example.org"):
        assert send_own_token(election=race, email=email, address="::1") is None
    assert deliver(mailoutbox) == {"voter@example.org": token}
    fresh = entry(race, "fresh@example.org")
    send_own_token(election=race, email=fresh.email, address="::1")
    assert list(deliver(mailoutbox)) == ["fresh@example.org"]
    for email in ("voter@example.org", "stranger@example.org"):
        for _ in range(2):
            send_own_token(election=race, email=email, address="::1")
        with pytest.raises(TooManyError):
            send_own_token(election=race, email=email, address="::1")


def test_guessing_is_slow_and_opening_ones_own_is_not():
    race = election()
    voter = entry(race, token_hash=hashlib.sha256(b"right").hexdigest())
    for _ in range(30):
        assert check_token(election=race, token="right", address="192.0.2.1") == voter
    other = election()
    for token in ("right", *("wrong\udcff",) * 19):
        with pytest.raises(VoterTokenError):
            check_token(election=other, token=token, address="192.0.2.1")
    with pytest.raises(TooManyError):
        check_token(election=race, token="right", address="192.0.2.1")
    assert check_token(election=race, token="right", address="192.0.2.2") == voter
    cache.clear()
    assert check_token(election=race, token="right", address="192.0.2.1") == voter


def test_five_thousand_links_are_asked_for_in_few_statements(django_assert_num_queries):
    race = election()
    RollEntry.objects.bulk_create(
        RollEntry(election=race, email=f"v{number}@example.org", reason="r")
        for number in range(5000)
    )
    # A savepoint about it all, the entries, the new nonces, the entries once more, the mails.
    with django_assert_num_queries(6):
        assert request_tokens(election=race, entries=race.roll.all()) == 5000
    assert Mail.objects.count() == race.roll.values("token_nonce").distinct().count() == 5000


def test_the_reminder_goes_once_to_those_who_have_not_voted(mailoutbox, time_machine):
    race = election()
    user, silent = member(), member()
    MailOptOut.objects.create(user=silent, kind=MailKind.REMINDER)
    voted = entry(race, has_voted=True)
    late, waiting = entry(race, "late@example.org"), entry(race, user.email, account=user)
    entry(race, silent.email, account=silent)
    entry(race, f"gone{GONE}")
    request_tokens(election=race, entries=[voted, late, waiting])
    tokens = deliver(mailoutbox)
    assert queue_voter_reminders() == 0
    time_machine.move_to(race.closes_at - ALMOST_A_DAY)
    remind_of_elections()
    assert queue_voter_reminders() == 0
    RollEntry.objects.filter(pk=late.pk).update(has_voted=True)
    assert deliver(mailoutbox) == {user.email: tokens[user.email]}
    assert "Your ballot is not in yet." in mailoutbox[0].body
    (line,) = ElectionEntry.objects.all()
    assert (line.event, line.facts) == ("reminded", {"by": "the clock"})


def test_the_button_reminds_at_most_once_a_day(time_machine):
    race, boss = election(), organizer()
    entry(race)
    assert remind_voters(election=race, by=boss) == 1
    with pytest.raises(TooManyError) as refusal:
        remind_voters(election=race, by=boss)
    assert 86_000 < refusal.value.retry_after <= 86_400
    time_machine.move_to(race.opened_at + 2 * ALMOST_A_DAY)
    assert remind_voters(election=race, by=boss) == 1


def test_the_page_behind_a_link_remembers_who_came_and_not_by_what(client, mailoutbox):
    race = election()
    voter = entry(race)
    request_tokens(election=race, entries=[voter])
    token = deliver(mailoutbox)["voter@example.org"]
    voter.refresh_from_db()
    answer = client.get(f"/elections/{race.slug}/vote/{token}/")
    assert (answer.status_code, answer.url) == (303, f"/elections/{race.slug}/ballot/")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "no-store"
    kept = {"entry": voter.pk, "nonce": voter.token_nonce.hex}
    assert dict(client.session) == {f"voter:{race.pk}": kept}
    refused = client.get(f"/elections/{race.slug}/vote/{token[::-1]}/")
    assert refused["Referrer-Policy"] == "no-referrer"
    assert refused.status_code == 403
    assert "or a newer one was sent" in refused.content.decode()
    hidden = election(announced_at=None, state="draft")
    assert client.get(f"/elections/{hidden.slug}/vote/{token}/").status_code == 404


def test_an_error_names_the_path_without_its_link():
    line = logging.LogRecord(
        "django.request", 40, "", 0, "%s: %s", ("Error", "/e/x/vote/" + "a" * 43 + "/"), None
    )
    assert PersonalLinks().filter(line)
    assert line.getMessage() == "Error: /e/x/vote/…/"
    plain = logging.LogRecord("x", 40, "", 0, "%s", ("/vote/short/",), None)
    PersonalLinks().filter(plain)
    assert plain.getMessage() == "/vote/short/"


def test_who_votes_is_the_link_that_was_opened_else_who_is_signed_in(rf):
    race, user = election(), member()
    linked, own = entry(race), entry(race, user.email, account=user)
    request_tokens(election=race, entries=[linked])
    linked.refresh_from_db()
    request = rf.get("/")
    request.session, request.user = {}, AnonymousUser()
    assert entry_in_session(request, race) is None
    remember_voter(request, race, linked)
    assert entry_in_session(request, race) == linked
    assert entry_in_session(request, election()) is None
    request.user = user
    assert entry_in_session(request, race) == linked
    request_tokens(election=race, entries=[linked])  # a newer link was sent
    assert entry_in_session(request, race) == own
    linked.refresh_from_db()
    remember_voter(request, race, linked)
    forget_voter(request, race)
    assert entry_in_session(request, race) == own
