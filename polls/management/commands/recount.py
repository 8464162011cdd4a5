import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from community.core.errors import ProductError
from polls.models import Poll, PollResult
from polls.selectors.results import counted, poll_ballots
from polls.tally.count import count
from polls.tally.election import canonical_bytes, count_election
from polls.tally.sheets import read_ballots_csv


def canonical(content: dict[str, Any]) -> bytes:
    """The bytes by which results are compared."""
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


class Command(BaseCommand):
    help = (
        "Count a closed poll's ballots again and compare with what was stored, byte for byte; "
        "or count a file of ballots as /polls/<slug>/ballots.json gives it, and print the result; "
        "or count an election's ballots.csv by its rules.json, and print the result."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The poll's slug or a file, and an election's rules."""
        parser.add_argument("poll", help="the poll's slug, or the name of a file of ballots")
        parser.add_argument(
            "--rules", help="an election's rules; left out, the rules.json beside its ballots"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Exit code 1 where the counts differ, or there is nothing to count."""
        name = options["poll"]
        if name.endswith(".csv"):
            self.stdout.write(self._of_election(Path(name), options["rules"]).decode())
            return
        if Path(name).is_file():
            self.stdout.write(canonical(self._of_file(Path(name))).decode())
            return
        poll = Poll.objects.filter(slug=name).first()
        if poll is None:
            raise CommandError(f"There is no poll “{name}”, and no file of that name.")
        try:
            again = canonical(counted(poll, poll_ballots(poll)))
        except ProductError as error:
            raise CommandError(error.sentence) from None
        stored = canonical(PollResult.objects.get(poll=poll).content)
        self.stdout.write(again.decode())
        if again != stored:
            raise CommandError("The count differs from what was stored when the poll closed.")
        self.stderr.write(f"The same {len(again)} bytes as stored when the poll closed.")

    @staticmethod
    def _of_election(path: Path, rules: str | None) -> bytes:
        rules_path = Path(rules) if rules else path.with_name("rules.json")
        for needed in (path, rules_path):
            if not needed.is_file():
                raise CommandError(f"There is no file {needed}.")
        try:
            told = json.loads(rules_path.read_text(encoding="utf-8"))
            ballots = read_ballots_csv(path.read_text(encoding="utf-8"), told)
            return canonical_bytes(count_election(told, ballots))
        except KeyError as error:
            raise CommandError(f"{rules_path} is no election's rules: no {error}.") from None
        except (ValueError, TypeError) as error:
            raise CommandError(f"{path} could not be counted. {error}") from None

    @staticmethod
    def _of_file(path: Path) -> dict[str, Any]:
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            return count(
                told["method"],
                [option["id"] for option in told["options"]],
                told["ballots"],
                most_ranked=told.get("most_ranked"),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise CommandError(f"{path} is no file of ballots: {error}") from None
