from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from community.models import Membership, User
from community.services.accounts import create_api_token, create_member


class Command(BaseCommand):
    help = "Print a line `EMAIL TOKEN` for each account; this is the only time a token is shown."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("emails", nargs="+", metavar="EMAIL")
        parser.add_argument(
            "--create-user",
            action="store_true",
            help="make accounts that are not there: members of the first chapter who have "
            "accepted the code of conduct",
        )
        parser.add_argument(
            "--participant", action="store_true", help="let the account reserve lab nodes"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - the interface's
        for email in options["emails"]:
            try:
                validate_email(email)
            except ValidationError:
                raise CommandError(f"{email} is not an e-mail address.") from None
            user = User.objects.filter(email__iexact=email).first()
            if user is None:
                if not options["create_user"]:
                    raise CommandError(f"There is no account {email}; see --create-user.")
                user = create_member(email=email, accepts_code_of_conduct=True)
            if options["participant"]:
                Membership.objects.filter(user=user).update(is_participant=True)
            token = create_api_token(user=user, name="made by create_api_token")
            self.stdout.write(f"{email} {token}")
