import datetime as dt

import pytest
from django.core import mail as django_mail

from community.core import clock
from community.core.errors import ConflictError
from community.models import Mail
from community.services import outgoing as service
from community.services.mail import resend_mail
from community.services.personal import erase_account
from meetups.services.rsvps import Answer, answer_rsvp
from tests.factories.community import member
from tests.factories.meetups import MeetupFactory

pytestmark = pytest.mark.django_db


def _queued():
    answer_rsvp(meetup=MeetupFactory(), answer=Answer(), by=member())
    return Mail.objects.get()


def test_a_mail_is_sent_once_with_text_html_and_calendar():
    mail = _queued()
    assert service.send_queued_mail(str(mail.pk)) is True
    assert service.send_queued_mail(str(mail.pk)) is False
    (sent,) = django_mail.outbox
    assert sent.to == [mail.to]
    assert sent.extra_headers["Message-ID"] == mail.message_id
    assert [part[1] for part in sent.alternatives] == ["text/html"]
    picture, calendar = sent.attachments
    assert (picture["Content-ID"], picture.get_payload(decode=True)[:4]) == ("<code>", b"\x89PNG")
    assert 'src="cid:code"' in sent.alternatives[0][0]
    assert calendar.mimetype.startswith("text/calendar")
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("sent", 1)


def test_a_server_that_is_away_costs_time_and_no_mail(monkeypatch):
    mail = _queued()

    def refuse(_self):
        raise ConnectionRefusedError("gone")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.open", refuse)
    assert service.send_queued_mail(str(mail.pk)) is False
    mail.refresh_from_db()
    assert (mail.state, mail.error) == ("queued", "ConnectionRefusedError: gone")
    assert mail.due_at > clock.now()
    Mail.objects.update(attempts=service.MOST_ATTEMPTS - 1, due_at=clock.now())
    service.send_queued_mail(str(mail.pk))
    mail.refresh_from_db()
    assert mail.state == "failed"
    resend_mail(mail=mail)
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("queued", 0)


def test_a_mail_its_worker_died_with_is_sent_again_under_the_same_message_id():
    mail = _queued()
    Mail.objects.update(state="sending", claimed_at=clock.now() - dt.timedelta(minutes=4))
    assert service.send_due_mail() == 1
    assert django_mail.outbox[0].extra_headers["Message-ID"] == mail.message_id


def test_control_a_mail_just_claimed_is_left_to_its_worker():
    _queued()
    Mail.objects.update(state="sending", claimed_at=clock.now())
    assert service.send_due_mail() == 0


def test_what_was_sent_is_not_sent_again_by_hand():
    mail = _queued()
    service.send_queued_mail(str(mail.pk))
    with pytest.raises(ConflictError):
        resend_mail(mail=mail)


@pytest.mark.parametrize("demo", [True, False])
def test_a_code_is_stored_by_the_demo_alone(settings, demo):
    settings.DEMO = demo
    service.send_secret_mail(to="a@example.org", purpose="login_code", subject="s", text="CODE7")
    assert Mail.objects.get().text == ("CODE7" if demo else "")
    assert len(django_mail.outbox) == (0 if demo else 1)


def test_a_title_of_two_lines_makes_one_subject():
    answer_rsvp(meetup=MeetupFactory(title="a\rBcc: x\x1cBcc: y"), answer=Answer(), by=member())
    assert service.send_queued_mail(str(Mail.objects.get().pk))
    (sent,) = django_mail.outbox
    assert sent.message()["Subject"] == "You are counted in: a Bcc: x Bcc: y"
    assert sent.message()["Bcc"] is None


def test_a_letter_that_cannot_be_made_is_given_up_and_holds_up_no_other():
    bad = _queued()
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(service, "_message", lambda *_: (_ for __ in ()).throw(ValueError("odd")))
        Mail.objects.filter(pk=bad.pk).update(attempts=service.MOST_ATTEMPTS - 1)
        assert service.send_due_mail() == 0
    bad.refresh_from_db()
    assert (bad.state, bad.error) == ("failed", "ValueError: odd")


def test_a_mail_that_ends_every_worker_is_given_up():
    mail = _queued()
    Mail.objects.filter(pk=mail.pk).update(
        state="sending", attempts=service.MOST_ATTEMPTS, claimed_at=clock.in_seconds(-3600)
    )
    assert service.send_due_mail() == 0
    mail.refresh_from_db()
    assert mail.state == "failed"


def test_an_account_deleted_while_its_mail_is_on_the_way(monkeypatch):
    mail, deliver = _queued(), service._deliver

    def erased_meanwhile(sending):
        erase_account(email=mail.to, by=mail.recipient)
        deliver(sending)

    monkeypatch.setattr(service, "_deliver", erased_meanwhile)
    assert service.send_queued_mail(str(mail.pk)) is True
    assert not Mail.objects.filter(to=mail.to).exists()
