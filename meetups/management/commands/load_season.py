from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from community.exceptions import SeasonError
from meetups.services.season import load_season


class Command(BaseCommand):
    help = (
        "Load a group's recorded season: its file, and beside it what is inferred of it and the "
        "foundation's board election. The files are told apart by their content; loading them "
        "again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - the interface's
        try:
            season = load_season(options["files"])
        except SeasonError as error:
            raise CommandError(error.sentence) from error
        held = season.meetups.filter(same_as=None).count()
        self.stdout.write(
            f"Loaded {season.title}: {season.meetups.count()} gatherings on record "
            f"({held} counting each once), {season.records.count()} records, "
            f"at /archive/{season.slug}/."
        )
