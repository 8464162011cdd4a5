"""Mail to people who have no account."""

from typing import Any

from community.core import clock, queue
from community.models import Chapter, Mail


def queue_guest_mail(
    *, key: str, to: str, template: str, about: dict[str, Any], chapter: Chapter | None = None
) -> Mail:
    """One mail to the address `to`, like `queue_mail` for people with an account."""
    from community.tasks import send_mail  # a task carries an id back to this module

    mail, is_new = Mail.objects.get_or_create(
        key=key,
        defaults={
            "purpose": template,
            "to": to,
            "about": about,
            "chapter": chapter,
            "due_at": clock.now(),
        },
    )
    if is_new:
        queue.enqueue(send_mail, str(mail.pk))
    return mail
