"""From the outbox to the mail server.

A mail is claimed by a guarded update before it is written, and marked as handed over just before
the server is spoken to. A worker that dies before that mark leaves a mail nobody has seen: it is
queued again. One that dies after it leaves a mail that may have arrived: it becomes *uncertain*,
is shown so, and is sent again under the same Message-ID, by which readers' programs know a repeat.
"""

import logging
import uuid
from email.errors import MessageError
from email.mime.image import MIMEImage
from smtplib import SMTPException, SMTPServerDisconnected

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F

from community.core import clock
from community.models import OPTIONAL_KINDS, Mail
from community.services.mail import (
    UnwantedError,
    is_wanted,
    kind_of,
    pictures_of,
    secrets_of,
    write_mail,
)
from community.services.mail_links import token_of, with_links

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 8
# Longer than the slowest server can keep a living worker (a time-out of 10 s for each word).
CLAIM_SECONDS = 180
SETTLED = ("state", "error", "sent_at", "due_at", "handed_at", "was_uncertain", "text")
ON_ITS_WAY = [Mail.State.QUEUED, Mail.State.UNCERTAIN]


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
    _deliver(mail)
    if not settings.DEMO:
        mail.text = ""
    mail.save()


def _filled(text: str, mail: Mail, secrets: dict[str, str]) -> str:
    """`text` as it is sent: with its personal links and secrets."""
    text = with_links(text, mail)
    for word, secret in secrets.items():
        text = text.replace(word, secret)
    return text


def _message(mail: Mail, secrets: dict[str, str]) -> EmailMultiAlternatives:
    headers = {"Message-ID": mail.message_id}
    if kind_of(mail) in OPTIONAL_KINDS and not mail.is_secret:
        address = f"{settings.SITE_URL}/mail/{token_of(mail)}/unsubscribe/"
        headers["List-Unsubscribe"] = f"<{address}>"  # RFC 2369
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    message = EmailMultiAlternatives(
        mail.subject, _filled(mail.text, mail, secrets), to=[mail.to], headers=headers
    )
    if mail.html:
        message.attach_alternative(_filled(mail.html, mail, secrets), "text/html")
    for name, png in pictures_of(mail).items():
        picture = MIMEImage(png, "png")
        picture["Content-ID"] = f"<{name}>"
        picture["Content-Disposition"] = f'inline; filename="{name}.png"'
        message.attach(picture)
    if mail.calendar:
        message.attach("invite.ics", mail.calendar, f"text/calendar; method={mail.calendar_method}")
    return message


def _deliver(mail: Mail) -> None:
    """Hand `mail` to the mail server and settle what became of it; the caller saves."""
    secrets = secrets_of(mail)
    if settings.DEMO:  # the demo's outbox page is where its mail arrives
        mail.text = _filled(mail.text, mail, secrets)
        _settle(mail, "")
        return
    message, connection = _message(mail, secrets), get_connection()
    try:
        connection.open()
    except (SMTPException, OSError) as error:
        _settle(mail, _said(error, secrets))
        return
    _mark_handed(mail)
    try:
        connection.send_messages([message])
    except (SMTPServerDisconnected, TimeoutError) as error:  # perhaps after the server's yes
        mail.was_uncertain = True
        _settle(mail, _said(error, secrets), Mail.State.UNCERTAIN)
    except (SMTPException, OSError) as error:
        _settle(mail, _said(error, secrets))
    else:
        _settle(mail, "")
    finally:
        connection.close()


def _said(error: Exception, secrets: dict[str, str]) -> str:
    """What a mail server said, which may quote the message."""
    text = f"{type(error).__name__}: {error}"
    for word, secret in secrets.items():
        text = text.replace(secret, word)
    return text


def _mark_handed(mail: Mail) -> None:
    mail.handed_at = clock.now()
    if not mail._state.adding:  # noqa: SLF001 - Django's own way to ask whether there is a row yet
        Mail.objects.filter(pk=mail.pk).update(handed_at=mail.handed_at)


def _settle(mail: Mail, error: str, again: Mail.State = Mail.State.QUEUED) -> None:
    mail.error = error[:300]
    if not error:
        mail.state, mail.sent_at = Mail.State.SENT, clock.now()
    elif mail.is_secret or mail.attempts >= MOST_ATTEMPTS:
        mail.state = Mail.State.FAILED
    else:
        mail.state = again
        mail.due_at = clock.in_seconds(15 * 2**mail.attempts)


def _prepare(mail: Mail) -> None:
    if not is_wanted(mail):
        raise UnwantedError
    if not mail.text:
        write_mail(mail)


def send_queued_mail(mail_id: str) -> bool:
    """Send one queued mail if nobody else is at it; whether this call sent it.

    Claimed by a guarded update before the mail server is touched, so two workers never send the
    same row. A worker killed in between leaves it `sending`, see `send_due_mail`.
    """
    claimed = Mail.objects.filter(pk=mail_id, state__in=ON_ITS_WAY, due_at__lte=clock.now()).update(
        state=Mail.State.SENDING,
        claimed_at=clock.now(),
        handed_at=None,
        attempts=F("attempts") + 1,
    )
    if claimed != 1:
        return False
    mail = Mail.objects.select_related("recipient").get(pk=mail_id)
    try:
        _prepare(mail)
        _deliver(mail)
    except UnwantedError:
        mail.state = Mail.State.UNWANTED
    except ObjectDoesNotExist:
        mail.state, mail.error = Mail.State.FAILED, "What it was about is gone."
    except (ValueError, MessageError) as error:  # a letter that cannot be written as one
        _settle(mail, f"{type(error).__name__}: {error}")
    # Its row may have gone meanwhile, with the account it was for.
    Mail.objects.filter(pk=mail.pk).update(**{name: getattr(mail, name) for name in SETTLED})
    if mail.error:
        log.warning("mail %s: %s", mail.pk, mail.error)
    return mail.state == Mail.State.SENT


def free_dead_claims() -> None:
    """Mails whose worker died: queued again, or uncertain where the server may have them.

    One that has ended its worker so many times is given up; organizers see it and may send it.
    """
    dead = Mail.objects.filter(
        state=Mail.State.SENDING, claimed_at__lt=clock.now() - clock.seconds(CLAIM_SECONDS)
    )
    with transaction.atomic():
        dead.filter(attempts__gte=MOST_ATTEMPTS).update(
            state=Mail.State.FAILED, error="It ended its worker each time."
        )
        dead.filter(handed_at=None).update(state=Mail.State.QUEUED, due_at=clock.now())
        dead.exclude(handed_at=None).update(
            state=Mail.State.UNCERTAIN, was_uncertain=True, due_at=clock.now()
        )


def send_due_mail() -> int:
    """Send what is due, and again what a dead worker left; returns how many were sent."""
    free_dead_claims()
    due = Mail.objects.filter(state__in=ON_ITS_WAY, due_at__lte=clock.now())
    return sum(
        send_queued_mail(str(pk)) for pk in due.order_by("due_at").values_list("pk", flat=True)[:50]
    )
