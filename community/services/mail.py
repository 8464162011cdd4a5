"""The outbox: a row first, the sending later (`community.services.outgoing`).

A row holds ids and words from which the letter is written when it is sent, so that a crowd's
answers do not wait for each other's letters.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from community.core import clock, queue
from community.core.errors import ConflictError
from community.models import OPTIONAL_KINDS, Mail, MailKind, MailOptOut, User
from community.services.mail_links import PLACEHOLDER


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


class UnwantedError(Exception):
    """Raised by a writer whose letter nobody needs any more; the mail is not sent."""


Writer = Callable[[dict[str, Any]], Letter]
# PNG pictures by the name that the HTML calls them: `<img src="cid:NAME">`.
Pictures = Callable[[dict[str, Any]], dict[str, bytes]]
# Words of its texts, and what stands in their place in the message that is sent.
Secrets = Callable[[dict[str, Any]], dict[str, str]]


@dataclass(frozen=True)
class _Template:
    writer: Writer
    kind: MailKind
    pictures: Pictures
    secrets: Secrets
    is_private: bool


_templates: dict[str, _Template] = {}


class Addressed(NamedTuple):
    """One mail of many: its unique key, the person or address, and ids and words for its writer."""

    key: str
    to: User | str
    about: dict[str, Any]


def _no_pictures(about: dict[str, Any]) -> dict[str, bytes]:  # noqa: ARG001 - a Pictures
    return {}


def _no_secrets(about: dict[str, Any]) -> dict[str, str]:  # noqa: ARG001 - a Secrets
    return {}


def register_writer(
    template: str,
    writer: Writer,
    kind: MailKind = MailKind.ANSWER,
    pictures: Pictures = _no_pictures,
    *,
    secrets: Secrets = _no_secrets,
    is_private: bool = False,
) -> None:
    """`writer` makes the letters of `template` from what `queue_mail` was told they are about.

    `pictures` draws what the letter shows; they are drawn when it is sent and not stored. `secrets`
    gives what the message has in place of certain words of its texts; the outbox keeps the words
    (in the demo, whose outbox page is where mail arrives, the message). It is asked at each
    attempt, before the mail server is spoken to, must give the same each time, and may raise
    UnwantedError. Of private ones it is nobody's business who gets them: they are in no list of
    mails.
    """
    _templates[template] = _Template(writer, kind, pictures, secrets, is_private)


def private_purposes() -> list[str]:
    """The purposes of mails whose recipients no list shows."""
    return [name for name, template in _templates.items() if template.is_private]


def pictures_of(mail: Mail) -> dict[str, bytes]:
    """The pictures that stand in `mail`'s HTML, as PNG by their names."""
    template = _templates.get(mail.purpose)
    return template.pictures(mail.about) if template else {}


def secrets_of(mail: Mail) -> dict[str, str]:
    """What the message has in place of words of `mail`'s texts; raises UnwantedError."""
    template = _templates.get(mail.purpose)
    return template.secrets(mail.about) if template else {}


def kind_of(mail: Mail) -> MailKind:
    """What `mail` is for; a secret one answers to what its reader just did."""
    template = _templates.get(mail.purpose)
    return template.kind if template else MailKind.ANSWER


def is_wanted(mail: Mail) -> bool:
    """False where its reader unsubscribed from its kind."""
    kind = kind_of(mail)
    if kind not in OPTIONAL_KINDS or mail.recipient_id is None:
        return True
    return not MailOptOut.objects.filter(user=mail.recipient_id, kind=kind).exists()


def queue_mail(
    *,
    key: str,
    to: User | str,
    template: str,
    about: dict[str, Any],
    thread: str = "",
    chapter: int | None = None,
) -> None:
    """One mail to `to` for the purpose `template` (`<app>/<name>`), written and sent later.

    A second call with the same `key` sends nothing. `thread` (`meetup:12`) and `chapter` (its id)
    are where organizers find it.
    """
    queue_mails([Addressed(key, to, about)], template=template, thread=thread, chapter=chapter)


def queue_mails(
    mails: Iterable[Addressed], *, template: str, thread: str = "", chapter: int | None = None
) -> None:
    """Many mails for one purpose in one statement; those whose key is known are left out.

    The rows are part of the caller's transaction; they are sent after it.
    """
    from community.tasks import send_mail  # a task carries an id back to this module

    rows = [
        Mail(
            key=mail.key,
            purpose=template,
            to=mail.to if isinstance(mail.to, str) else mail.to.email,
            recipient=None if isinstance(mail.to, str) else mail.to,
            about=mail.about,
            thread=thread,
            chapter_id=chapter,
            due_at=clock.now(),
        )
        for mail in mails
    ]
    Mail.objects.bulk_create(rows, ignore_conflicts=True)
    for row in rows:  # of a row that was left out there is nothing to send
        queue.enqueue(send_mail, str(row.pk))


def write_mail(mail: Mail) -> None:
    """Fill `mail` from its templates; the first line of the text is `Subject: …`.

    A personal link stands in the text as a placeholder until the mail is handed over.
    """
    letter = _templates[mail.purpose].writer(mail.about)
    context = {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "to": mail.recipient,
        "unsubscribe_link": (
            f"{settings.SITE_URL}/mail/{PLACEHOLDER}/unsubscribe/"
            if kind_of(mail) in OPTIONAL_KINDS
            else ""
        ),
        **letter.context,
    }
    text = render_to_string(f"emails/{mail.purpose}.txt", context)
    subject, _, body = text.partition("\n")
    # A header is one line; what stands for a break in any alphabet breaks it.
    mail.subject = " ".join(subject.removeprefix("Subject: ").split())[:200]
    mail.text = body.strip() + "\n"
    mail.html = render_to_string(
        f"emails/{mail.purpose}.html", {**context, "subject": mail.subject}
    )
    if letter.calendar is not None:
        mail.calendar = letter.calendar.text
        mail.calendar_method = letter.calendar.method
    mail.save(update_fields=["subject", "text", "html", "calendar", "calendar_method"])


def resend_mail(*, mail: Mail) -> None:
    """Queue a mail that failed or is uncertain once more, under the same Message-ID.

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
