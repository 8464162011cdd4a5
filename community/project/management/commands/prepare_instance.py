import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from community.core.errors import ProductError
from community.models import Chapter
from community.project.demo_season import load_demo
from community.project.organizers import grant_organizers
from deploylab.labsim.lab import read_lab
from deploylab.services.blueprints import sync_shipped_blueprints
from deploylab.services.enrolment import enroll_simulated

WAIT_FOR_LAB_S = 20


class Command(BaseCommand):
    help = (
        "Everything an instance needs before its first page: the database migrated, a chapter, "
        "the shipped blueprints, the organizers' rights, the simulated nodes, and with --demo "
        "the demo season. Safe to run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="load the demo season")
        parser.add_argument("--nodes", type=int, default=0, help="simulated nodes to expect")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - the interface's
        call_command("migrate", interactive=False, verbosity=0)
        try:
            with transaction.atomic():
                self._prepare(demo=options["demo"])
        except ProductError as error:
            raise CommandError(error.sentence) from None
        if options["nodes"]:
            self._enroll(options["nodes"])

    def _prepare(self, *, demo: bool) -> None:
        sync_shipped_blueprints()
        grant_organizers()
        if demo:
            load_demo()
        if not Chapter.objects.exists():
            Chapter.objects.create(slug="home", name=settings.SITE_NAME, timezone="UTC")

    def _enroll(self, count: int) -> None:
        """Enter the nodes once the lab, which starts meanwhile, has written what it has."""
        until = time.monotonic() + WAIT_FOR_LAB_S
        while len(machines := read_lab(settings.DATA_DIR / "labsim")) < count:
            if time.monotonic() > until:
                raise CommandError("The simulated lab did not say which nodes it has.")
            time.sleep(0.1)
        chapter = Chapter.objects.order_by("id").first()
        if chapter is not None:
            enroll_simulated(machines[:count], chapter=chapter)
