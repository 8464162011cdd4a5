"""What every test shares."""

import os
import shutil

import pytest

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
