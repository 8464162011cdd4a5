"""One Chromium and one running site for the whole run, one fresh page for each test."""

import asyncio
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from community.project.server.accounts import remove_shared_place
from community.project.server.instance import Instance

PASSWORD = "stackers-2012"  # of the demo's accounts
ROOT = Path(__file__).resolve().parents[2]
# What the run around the tests says of its own database, broker and address is not the site's.
# Nor is the site measured for coverage: it should answer as fast as it does for people.
OF_THE_RUN = {
    "BIND_HOST", "COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START", "CREDENTIALS_KEY_FILE",
    "DATABASE_URL", "DATA_DIR", "DEMO", "DJANGO_SETTINGS_MODULE", "LAB_SITE_URL", "REDIS_URL",
    "SECRET_KEY_FILE", "SITE_URL",
}  # fmt: skip
CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)


@contextlib.contextmanager
def loop_of(driver):
    """Playwright's loop counts as running only while a test holds a page.

    Between its calls Playwright leaves its loop marked as running in this thread; an
    asynchronous test that came next, or Django's guard of the database, would refuse to work.
    """
    asyncio._set_running_loop(driver._loop)
    try:
        yield
    finally:
        asyncio._set_running_loop(None)


@pytest.fixture(scope="session")
def browser():
    """Chromium; skipped with the reason where the machine has none."""
    playwright = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM:
        reason = "needs Chromium: script/setup --system"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    driver = playwright.sync_playwright().start()
    chromium = driver.chromium.launch(
        executable_path=CHROMIUM,
        args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    )
    asyncio._set_running_loop(None)
    yield chromium
    with loop_of(driver):
        chromium.close()
        driver.stop()


@pytest.fixture
def new_page(browser):
    """Opens pages of its own context; what a page logs as an error fails the test."""
    with loop_of(browser), contextlib.ExitStack() as closing:
        wrong = []

        def open_page(**options):
            context = browser.new_context(**options)
            closing.callback(context.close)
            page = context.new_page()
            page.on("pageerror", lambda error: wrong.append(str(error)))
            page.on(
                "console",
                lambda message: (
                    wrong.append(message.text)
                    if "Content Security Policy" in message.text
                    else None
                ),
            )
            return page

        yield open_page
        assert wrong == []


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The address of the real thing: script/server's program with the demo and six nodes."""
    data = tmp_path_factory.mktemp("site") / "data"
    env = {name: value for name, value in os.environ.items() if name not in OF_THE_RUN}
    arguments = ["server", "--port", str(free_port()), "--data", str(data), "--nodes", "6"]
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "community.project.server", *arguments],
        cwd=ROOT,
        env=env | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield address_said_by(process)
        finally:
            process.terminate()
            process.wait(timeout=60)
            remove_shared_place(Instance(data))


def address_said_by(process):
    """Wait for `Ready:`; afterwards read on, so that the program never waits for its reader."""
    said = []
    for line in process.stdout:
        said.append(line)
        if line.startswith("Ready: "):
            threading.Thread(target=lambda: list(process.stdout), daemon=True).start()
            return line.removeprefix("Ready: ").strip().rstrip("/")
    return pytest.fail("The site did not start:\n" + "".join(said))


@pytest.fixture
def visit(site, new_page):
    """A page of the site, signed in as `who`; what it logs as an error fails the test."""
    errors = []

    def open_page(who=None, **options):
        page = new_page(base_url=site, **options)
        if who:
            page.goto("/accounts/login/")
            page.get_by_label("Email").fill(f"{who}@example.org")
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(f"{site}/")
        page.on(
            "console",
            lambda message: (
                errors.append(f"{page.url}: {message.text}") if message.type == "error" else None
            ),
        )
        return page

    yield open_page
    assert errors == []
