"""Every gate, then every test; run by script/test with database and broker up.

With arguments: pytest alone, with them. The last line is always pytest's closing line, of both
lanes together.
"""

import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTEST = [sys.executable, "-P", "-m", "pytest"]
COVERAGE = ["--cov", "--cov-report=", "--cov-fail-under=0"]
CLOSING = re.compile(r"\d+ (passed|failed|errors?)\b.* in \d")
# Folders of tests by what they need. Those that drive other processes (simulated hardware, servers,
# browsers) mostly wait for them and go first; the others take what the processors have left.
LANES = {
    "machines": ("chaos", "concurrency", "drivers", "labsim", "server"),
    "visitors": ("browser",),
    "polls": ("polls",),
}
PATIENT = ["nice", "-n", "5"]
MANAGE = [sys.executable, "-P", "manage.py"]
PRODUCTION = {
    "DEMO": "0",
    "SECRET_KEY": "only-for-the-deployment-check-0123456789-abcdefghijklmnopqrstuvwxyz",
    "SITE_URL": "https://stackers.example.org",
    "LAB_SITE_URL": "https://lab.stackers.example.org",
}


def templates() -> list[str]:
    """Every template of the site and its apps."""
    roots = [ROOT / "templates", *ROOT.glob("*/templates")]
    return sorted(str(path.relative_to(ROOT)) for root in roots for path in root.rglob("*.html"))


def gates() -> list[tuple[str, list[str]]]:
    """Headline and command of every gate but the tests, in order."""
    pages = templates()
    found = [
        ("ruff check", [str(BIN / "ruff"), "check", "."]),
        ("ruff format", [str(BIN / "ruff"), "format", "--check", "."]),
        ("import-linter", [str(BIN / "lint-imports")]),
        ("mypy", [sys.executable, "-P", "-m", "mypy"]),
    ]
    if pages:
        found += [
            ("djade", [str(BIN / "djade"), "--check", "--target-version", "5.2", *pages]),
            ("djlint", [str(BIN / "djlint"), "--lint", "--quiet", *pages]),
        ]
    return [
        *found,
        ("migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"]),
        ("check --deploy", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"]),
    ]


def run_gate(name: str, command: list[str]) -> tuple[str, bool, float]:
    """Run one gate under its headline."""
    print(f"\n--- {name} ---", flush=True)
    began = time.monotonic()
    env = dict(os.environ) | (PRODUCTION if name == "check --deploy" else {})
    done = subprocess.run(command, cwd=ROOT, env=env, check=False)
    return name, done.returncode == 0, time.monotonic() - began


class Lane:
    """A part of the tests in a process of its own, with its own database, broker and coverage."""

    def __init__(self, number: int, name: str, folders: Iterable[str]) -> None:
        kept = ROOT / ".cache"
        kept.mkdir(exist_ok=True)
        self.output = kept / f"tests.{name}.log"
        self.coverage = kept / f"coverage.{name}"
        database, broker = (urlsplit(os.environ[url]) for url in ("DATABASE_URL", "REDIS_URL"))
        env = os.environ | {
            "DATABASE_URL": urlunsplit(database._replace(path=f"{database.path}_{name}")),
            "REDIS_URL": urlunsplit(broker._replace(path=f"/{number}")),
            "COVERAGE_FILE": str(self.coverage),
        }
        patience = [] if name in {"machines", "visitors"} else PATIENT
        command = [*patience, *PYTEST, *COVERAGE, *(f"tests/{folder}" for folder in folders)]
        with self.output.open("w", encoding="utf-8") as output:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=env, stdout=output, stderr=subprocess.STDOUT
            )

    def closing(self) -> str:
        """Wait for the end, pass the output on, and return pytest's closing line."""
        self.process.wait()
        lines = self.output.read_text(encoding="utf-8").splitlines()
        print("\n".join(lines), flush=True)
        found = [line for line in lines if CLOSING.search(line)]
        return found[-1] if found else "1 failed in 0s (pytest did not come to its end)"


def summed(closings: list[str], seconds: float) -> str:
    """The closing lines of all lanes as one."""
    counts: Counter[str] = Counter()
    for closing in closings:
        for number, word in re.findall(r"(\d+) (\w+)", closing.split(" in ")[0]):
            counts[word.replace("errors", "error")] += int(number)
    words = ", ".join(f"{number} {word}" for word, number in counts.items())
    return f"{words} in {seconds:.2f}s"


def run_tests() -> tuple[bool, float, str]:
    """Run the lanes side by side, print one after the other, and sum them up.

    On two cores they take about as long as the processors need for all of them together.
    """
    print("\n--- tests: four lanes, printed as they end ---", flush=True)
    began = time.monotonic()
    folders = {path.parent.relative_to(ROOT / "tests").parts[0]
               for path in (ROOT / "tests").rglob("test_*.py")}  # fmt: skip
    rest = folders.difference(*LANES.values())
    plan = LANES | {"rest": sorted(rest)}
    lanes = [Lane(number, name, of) for number, (name, of) in enumerate(plan.items())]
    closings = [lane.closing() for lane in lanes]
    seconds = time.monotonic() - began
    is_good = all(lane.process.returncode == 0 for lane in lanes)
    return is_good, seconds, summed(closings, seconds)


def check_coverage() -> tuple[str, bool, float]:
    """Put the lanes' figures together; fails below the share that pyproject.toml asks for."""
    files = [str(path) for path in (ROOT / ".cache").glob("coverage.*")]
    run_gate("coverage", [str(BIN / "coverage"), "combine", "--quiet", *files])
    return run_gate("coverage", [str(BIN / "coverage"), "report", "--skip-covered"])


def main(arguments: list[str]) -> int:
    """Run everything, or pytest alone when there are arguments for it."""
    os.chdir(ROOT)
    if arguments:
        os.execv(PYTEST[0], [*PYTEST, *arguments])  # noqa: S606 no shell is wanted
    results = [run_gate(name, command) for name, command in gates()]
    passed, seconds, closing = run_tests()
    results += [("tests", passed, seconds), check_coverage()]
    print("\n--- summary ---")
    for name, is_good, took in results:
        print(f"{'ok    ' if is_good else 'FAILED'}  {name:<16} {took:6.1f} s")
    failed = [name for name, is_good, _ in results if not is_good]
    print(f"Failed: {', '.join(failed)}." if failed else "Every gate is open.")
    print(closing)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
