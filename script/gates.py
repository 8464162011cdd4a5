"""Every gate, then every test; run by script/test with database and broker up.

With arguments: pytest alone, with them. The last line is always pytest's closing line.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTEST = [sys.executable, "-P", "-m", "pytest"]
COVERAGE = ["--cov", "--cov-report=term:skip-covered"]
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


def run_tests() -> tuple[bool, float, str]:
    """Run pytest with coverage, pass its output on, and keep its closing line."""
    print("\n--- tests ---", flush=True)
    began = time.monotonic()
    colour = "yes" if sys.stdout.isatty() else "no"
    closing = ""
    with subprocess.Popen(
        [*PYTEST, *COVERAGE, f"--color={colour}"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            if " in " in line and any(word in line for word in ("passed", "failed", "error")):
                closing = line.rstrip()
    closing = closing or "0 passed, 1 failed (pytest did not come to its end)"
    return process.returncode == 0, time.monotonic() - began, closing


def main(arguments: list[str]) -> int:
    """Run everything, or pytest alone when there are arguments for it."""
    os.chdir(ROOT)
    if arguments:
        os.execv(PYTEST[0], [*PYTEST, *arguments])  # noqa: S606 no shell is wanted
    results = [run_gate(name, command) for name, command in gates()]
    passed, seconds, closing = run_tests()
    results.append(("tests", passed, seconds))
    print("\n--- summary ---")
    for name, is_good, took in results:
        print(f"{'ok    ' if is_good else 'FAILED'}  {name:<16} {took:6.1f} s")
    failed = [name for name, is_good, _ in results if not is_good]
    print(f"Failed: {', '.join(failed)}." if failed else "Every gate is open.")
    print(closing)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
