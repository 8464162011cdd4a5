from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from community.services.accounts import make_organizer


class Command(BaseCommand):
    help = "Make or raise an account to organizer of all chapters and staff."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - the interface's
        user = make_organizer(email=options["email"])
        self.stdout.write(f"{user.email} organizes every chapter and may open /admin/.")
        self.stdout.write(
            f"To sign in, ask for a code at {settings.SITE_URL}/accounts/login/code/; it goes "
            f"through the mail server {settings.EMAIL_HOST} (see EMAIL_HOST in docs/operations.md)."
        )
