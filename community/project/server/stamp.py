"""A cheap way to know that nothing has changed since the instance was last prepared."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from community.project.server.instance import Instance
from community.project.server.site import ROOT, Site


def preparation_stamp(instance: Instance, site: Site) -> str:
    """A hash of all our code, the pins and the simulated lab (some 20 ms for the whole tree).

    Not of the migrations alone: preparing also grants rights and enters shipped blueprints.
    """
    digest = hashlib.sha256(f"{site.nodes} {site.is_demo}".encode())
    for path in [*_sources(), ROOT / "requirements.txt", ROOT / "constraints.txt"]:
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    digest.update(lab_digest(instance.data / "labsim" / "labsim.json").encode())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    for package in sorted(ROOT.glob("*/__init__.py")):
        for path in sorted(package.parent.rglob("*")):
            if path.suffix != ".pyc" and path.is_file():
                yield path


def lab_digest(path: Path) -> str:
    """A hash of the simulated lab's description, or nothing where there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""
