from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from community.models import Chapter
from deploylab.labsim.__main__ import main as run_labsim
from deploylab.labsim.lab import read_lab
from deploylab.services.enrolment import enroll_simulated


class Command(BaseCommand):
    help = (
        "The simulated lab: `list --json` shows its controllers and their passwords to the "
        "operator, `fault NODE KIND` makes one misbehave, `enroll` enters its nodes into the "
        "site, `run` simulates them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["list", "fault", "enroll", "run"])
        parser.add_argument("--json", action="store_true", help="list: as JSON")
        parser.add_argument("--nodes", type=int, default=6, help="run: how many")
        parser.add_argument("--value", help="fault: seconds or a count, where the kind takes one")
        parser.add_argument("words", nargs="*", help="fault: the node and the kind")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - the interface's
        state = settings.DATA_DIR / "labsim"
        if options["action"] == "enroll":
            chapter = Chapter.objects.order_by("id").first()
            if chapter is None:
                raise CommandError("There is no chapter yet that could own the nodes.")
            count = enroll_simulated(read_lab(state), chapter=chapter)
            self.stdout.write(f"{count} simulated nodes are entered.")
            return
        arguments = [options["action"], "--state", str(state)]
        if options["action"] == "list" and options["json"]:
            arguments.append("--json")
        if options["action"] == "run":
            arguments += ["--nodes", str(options["nodes"]), "--site", settings.LAB_SITE_URL]
        if options["action"] == "fault":
            arguments += options["words"]
            arguments += ["--value", options["value"]] if options["value"] else []
        if run_labsim(arguments):
            raise CommandError("The simulated lab refused; see above.")
