"""What every test shares."""

import os
import shutil

import pytest
from django.core.cache import cache, caches

SYSTEM_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])


def pytest_runtest_setup(item: pytest.Item) -> None:
    """`needs("ipmitool")`: skip where the program is missing, fail where it must be there."""
    for marker in item.iter_markers("needs"):
        missing = [name for name in marker.args if shutil.which(name, path=SYSTEM_PATH) is None]
        if missing:
            reason = f"needs {', '.join(missing)}: script/setup --system"
            if os.environ.get("CI") == "true":
                pytest.fail(reason, pytrace=False)
            pytest.skip(reason)


@pytest.fixture(autouse=True)
def _quick_settings(settings):
    """Passwords of tests need not be slow to guess; mail is kept in memory."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.DEMO = False


@pytest.fixture(autouse=True)
def _no_old_counters(request):
    """Throttles and heartbeats of another test are not this one's."""
    yield
    if "django_db" in request.keywords or "db" in request.fixturenames:
        cache.clear()
        caches["pages"].clear()
