"""A cheap way to know that nothing has changed since the instance was last prepared."""

import hashlib
from pathlib import Path

from community.project.server.instance import Instance
from community.project.server.site import ROOT, Site

_PATTERNS = (
    "*/migrations/*.py",
    "*/management/commands/*.py",
    "requirements.txt",
    "constraints.txt",
)


def preparation_stamp(instance: Instance, site: Site) -> str:
    """A hash of the migrations, the commands that prepare, the pins and the simulated lab."""
    digest = hashlib.sha256(f"{site.nodes} {site.is_demo}".encode())
    for pattern in _PATTERNS:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(str(path.relative_to(ROOT)).encode())
            digest.update(path.read_bytes())
    digest.update(lab_digest(instance.data / "labsim" / "labsim.json").encode())
    return digest.hexdigest()


def lab_digest(path: Path) -> str:
    """A hash of the simulated lab's description, or nothing where there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""
