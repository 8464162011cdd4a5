"""One Chromium for the whole run, one fresh page for each test."""

import asyncio
import contextlib
import os
import shutil

import pytest

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
