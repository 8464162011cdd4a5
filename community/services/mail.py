"""The outbox: a row first, the sending later."""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string

from community.core import clock, queue
from community.core.errors import ConflictError
from community.models import Mail, User

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 8
CLAIM_SECONDS = 60


@dataclass(frozen=True)
class CalendarPart:
    """An iCalendar text and its METHOD, sent as a part of the mail."""

    text: str
    method: str


@dataclass(frozen=True)
class Letter:
    """What a mail's templates are filled with."""

    context: dict[str, Any]
    calendar: CalendarPart | None = None


Writer = Callable[[dict[str, Any]], Letter]
_writers: dict[str, Writer] = {}


def register_writer(template: str, writer: Writer) -> None:
    """`writer` makes the letters of `template` from what `queue_mail` was told they are about."""
    _writers[template] = writer


def queue_mail(*, key: str, to: User, template: str, about: dict[str, Any]) -> Mail:
    """One mail to `to` for the purpose `template` (`<app>/<name>`), written and sent later.

    `about` holds ids and words alone. A second call with the same `key` returns the mail of the
    first and sends nothing.
    """
    from community.tasks import send_mail  # a task carries an id back to this module

    mail, is_new = Mail.objects.get_or_create(
        key=key,
        defaults={
            "purpose": template,
            "to": to.email,
            "recipient": to,
            "about": about,
            "due_at": clock.now(),
        },
    )
    if is_new:
        queue.enqueue(send_mail, str(mail.pk))
    return mail


def write_mail(mail: Mail) -> None:
    """Fill `mail` from its templates; the first line of the text is `Subject: …`."""
    letter = _writers[mail.purpose](mail.about)
    context = {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "to": mail.recipient,
        **letter.context,
    }
    text = render_to_string(f"emails/{mail.purpose}.txt", context)
    subject, _, body = text.partition("\n")
    mail.subject = subject.removeprefix("Subject: ").strip()
    mail.text = body.strip() + "\n"
    mail.html = render_to_string(
        f"emails/{mail.purpose}.html", {**context, "subject": mail.subject}
    )
    if letter.calendar is not None:
        mail.calendar = letter.calendar.text
        mail.calendar_method = letter.calendar.method
    mail.save(update_fields=["subject", "text", "html", "calendar", "calendar_method"])


def send_secret_mail(*, to: str, purpose: str, subject: str, text: str) -> None:
    """A mail that holds a code: sent at once; its text is stored by the demo's outbox alone."""
    mail = Mail(
        key=f"{purpose}:{uuid.uuid4()}",
        purpose=purpose,
        to=to,
        subject=subject,
        text=text,
        is_secret=True,
        due_at=clock.now(),
        state=Mail.State.SENDING,
        attempts=1,
    )
    error = _deliver(mail)
    if not settings.DEMO:
        mail.text = ""
    _settle(mail, error)
    mail.save()


def _deliver(mail: Mail) -> str:
    """Hand `mail` to the mail server; an empty text when it took it, else what it said."""
    if settings.DEMO:
        return ""  # the demo's outbox page is where its mail arrives
    message = EmailMultiAlternatives(
        mail.subject, mail.text, to=[mail.to], headers={"Message-ID": mail.message_id}
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    if mail.calendar:
        message.attach("invite.ics", mail.calendar, f"text/calendar; method={mail.calendar_method}")
    try:
        message.send()
    except (SMTPException, OSError) as error:
        return f"{type(error).__name__}: {error}"[:300]
    return ""


def _settle(mail: Mail, error: str) -> None:
    mail.error = error
    if not error:
        mail.state, mail.sent_at = Mail.State.SENT, clock.now()
    elif mail.is_secret or mail.attempts >= MOST_ATTEMPTS:
        mail.state = Mail.State.FAILED
    else:
        mail.state = Mail.State.QUEUED
        mail.due_at = clock.in_seconds(15 * 2**mail.attempts)


def send_queued_mail(mail_id: str) -> bool:
    """Send one queued mail if nobody else is at it; whether this call sent it.

    Claimed by a guarded update before the mail server is touched, so two workers never send the
    same row. A worker killed in between leaves it `sending`, see `send_due_mail`.
    """
    claimed = Mail.objects.filter(
        pk=mail_id, state=Mail.State.QUEUED, due_at__lte=clock.now()
    ).update(state=Mail.State.SENDING, claimed_at=clock.now(), attempts=F("attempts") + 1)
    if claimed != 1:
        return False
    mail = Mail.objects.select_related("recipient").get(pk=mail_id)
    try:
        if not mail.text:
            write_mail(mail)
        _settle(mail, _deliver(mail))
    except ObjectDoesNotExist:
        mail.state, mail.error = Mail.State.FAILED, "What it was about is gone."
    mail.save(update_fields=["state", "error", "sent_at", "due_at"])
    if mail.error:
        log.warning("mail %s: %s", mail.pk, mail.error)
    return mail.state == Mail.State.SENT


def send_due_mail() -> int:
    """Send what is due, and again what a dead worker left; returns how many were sent.

    A mail claimed over a minute ago may have reached the server before its worker died: it is
    sent again under the same Message-ID.
    """
    with transaction.atomic():
        Mail.objects.filter(
            state=Mail.State.SENDING, claimed_at__lt=clock.now() - clock.seconds(CLAIM_SECONDS)
        ).update(state=Mail.State.QUEUED, due_at=clock.now())
    due = Mail.objects.filter(state=Mail.State.QUEUED, due_at__lte=clock.now())
    return sum(
        send_queued_mail(str(pk)) for pk in due.order_by("due_at").values_list("pk", flat=True)[:50]
    )


def resend_mail(*, mail: Mail) -> None:
    """Queue a mail that failed once more, under the same Message-ID.

    Raises ConflictError for one that was sent or still is on its way.
    """
    from community.tasks import send_mail  # a task carries an id back to this module

    with transaction.atomic():
        changed = Mail.objects.filter(
            pk=mail.pk, state__in=[Mail.State.FAILED, Mail.State.UNCERTAIN], is_secret=False
        ).update(state=Mail.State.QUEUED, due_at=clock.now(), attempts=0)
        if changed != 1:
            raise ConflictError("This mail did not fail; it is not sent again.")
        queue.enqueue(send_mail, str(mail.pk))
