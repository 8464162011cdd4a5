"""How allauth fits in: its mail goes through the outbox, new people join the first chapter."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from community.models import User
from community.services.accounts import join_first_chapter
from community.services.outgoing import send_secret_mail


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Every mail of allauth carries a code or a link that signs in: none is stored."""
        message = self.render_mail(template_prefix, email, context)
        send_secret_mail(
            to=email,
            purpose=template_prefix.rpartition("/")[2],
            subject=str(message.subject),
            text=str(message.body),
        )

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:  # noqa: FBT001, FBT002
        """Store the new person and give them their place in the group."""
        saved: User = super().save_user(request, user, form, commit=commit)
        if commit:
            join_first_chapter(saved)
        return saved
