import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from community.core.errors import ProductError
from polls.models import Election, Poll, PollResult
from polls.selectors.elections.recounts import recountable_rules, stored_result_bytes
from polls.selectors.elections.rules import ballots_of
from polls.selectors.results import counted, poll_ballots
from polls.tally.count import count
from polls.tally.election import canonical_bytes, count_election
from polls.tally.sheets import election_in, read_ballots_csv


def canonical(content: dict[str, Any]) -> bytes:
    """The bytes by which results are compared."""
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


@contextmanager
def _explained(ballots: object, rules: object) -> Iterator[None]:
    """Say what is wrong with the ballots or the rules, which are named."""
    try:
        yield
    except KeyError as error:
        raise CommandError(f"{rules} is no election's rules: no {error}.") from None
    except (ValueError, TypeError) as error:
        raise CommandError(f"{ballots} could not be counted. {error}") from None


def _sheet_counted(path: Path, text: str, rules: dict[str, Any], rules_path: Path) -> bytes:
    with _explained(path, rules_path):
        return canonical_bytes(count_election(rules, read_ballots_csv(text, rules)))


class Command(BaseCommand):
    help = (
        "Count a closed poll's or election's ballots again, print the result and compare it with "
        "what was stored, byte for byte; or count a file: a poll's ballots.json, or an election's "
        "ballots.csv. An election's result is not printed before the announced moment."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """A slug or a file, and how an election is to be taken."""
        parser.add_argument("name", help="the slug of a poll or an election, or a file of ballots")
        parser.add_argument(
            "--rules",
            help="the rules of an election's file, for counting without a database; left out, the "
            "rules.json beside the file, or else those of the election it names",
        )
        parser.add_argument(
            "--election", action="store_true", help="the election where a poll has the same slug"
        )
        parser.add_argument(
            "--inspect",
            action="store_true",
            help="print an election's result before the announced moment too, once its ballots are "
            "sealed. The decision is yours, who run the site: whoever sees the screen knows then",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Exit code 1 where the counts differ, or there is nothing to count."""
        name = options["name"]
        try:
            if name.endswith(".csv"):
                self._of_sheet(Path(name), options)
            elif Path(name).is_file():
                self.stdout.write(canonical(self._of_file(Path(name))).decode())
            else:
                self._of_slug(name, options)
        except ProductError as error:
            raise CommandError(error.sentence) from None

    def _of_slug(self, slug: str, options: dict[str, Any]) -> None:
        election = Election.objects.filter(slug=slug).first()
        poll = None if options["election"] else Poll.objects.filter(slug=slug).first()
        if poll is not None:
            if election is not None:
                self.stderr.write("The poll of that name; the election is taken with --election.")
            again, stored = self._of_poll(poll)
            self._compare(again, stored, "the poll closed")
        elif election is not None:
            rules = recountable_rules(election, is_inspection=options["inspect"])
            with _explained(f"The election “{slug}”", "It"):
                again = canonical_bytes(count_election(rules, ballots_of(election)))
            self._compare(again, stored_result_bytes(election), "the election was counted")
        else:
            kind = "election" if options["election"] else "poll or election"
            raise CommandError(f"There is no {kind} “{slug}”, and no file of that name.")

    @staticmethod
    def _of_poll(poll: Poll) -> tuple[bytes, bytes]:
        again = canonical(counted(poll, poll_ballots(poll)))
        return again, canonical(PollResult.objects.get(poll=poll).content)

    def _of_sheet(self, path: Path, options: dict[str, Any]) -> None:
        """An election's file, by rules from a file or from the database."""
        beside = path.with_name("rules.json")
        rules_path = Path(options["rules"]) if options["rules"] else beside
        text = self._read(path)
        if options["rules"] or beside.is_file():
            try:
                rules = dict(json.loads(self._read(rules_path)))
            except (ValueError, TypeError) as error:
                raise CommandError(f"{rules_path} is no election's rules: {error}") from None
            self.stdout.write(_sheet_counted(path, text, rules, rules_path).decode())
            return
        election = self._named_in(path, text)
        rules = recountable_rules(election, is_inspection=options["inspect"])
        again = _sheet_counted(path, text, rules, rules_path)
        self._compare(again, stored_result_bytes(election), "the election was counted")

    @staticmethod
    def _read(path: Path) -> str:
        try:
            return path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise CommandError(f"There is no file {path}.") from None
        except (OSError, UnicodeError) as error:
            raise CommandError(f"{path} could not be read. {error}") from None

    @staticmethod
    def _named_in(path: Path, text: str) -> Election:
        """The election that a file names, where no rules lie beside it."""
        with _explained(path, path):
            slug = election_in(text)
        election = Election.objects.filter(slug=slug).first() if slug else None
        if election is None:
            named = f"the election “{slug}”, which is not here" if slug else "no election"
            raise CommandError(
                f"{path} names {named}, and there is no file rules.json beside it. Say with "
                "--rules where the rules are."
            )
        return election

    def _compare(self, again: bytes, stored: bytes | None, when: str) -> None:
        """Print the count; CommandError, and so exit code 1, where another one was stored."""
        self.stdout.write(again.decode())
        if stored is None:
            self.stderr.write("Nothing is stored to compare it with; it was not counted before.")
        elif again != stored:
            raise CommandError(f"The count differs from what was stored when {when}.")
        else:
            self.stderr.write(f"The same {len(again)} bytes as stored when {when}.")

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
