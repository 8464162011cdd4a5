"""Under which account, and where, the embedded services run.

PostgreSQL refuses to run as root. Started by root, the services run under an unprivileged account
in a place it can reach; no directory that is not ours is opened up for that.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from community.project.server.errors import ServerError
from community.project.server.instance import Instance

SHARED_PLACE = Path("/var/lib/stackers")
ACCOUNTS = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """Who runs a service: another user (when root), or ourselves behind a command prefix."""

    uid: int | None = None
    gid: int | None = None
    prefix: tuple[str, ...] = ()

    @property
    def popen_options(self) -> dict[str, object]:
        """What subprocess needs to become this account."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can(self, test: str, path: Path) -> bool:
        """Whether the account passes `test -x` (or -r, -w) on the path."""
        try:
            done: subprocess.CompletedProcess[bytes] = subprocess.run(  # type: ignore[call-overload]  # the options depend on the account
                ["/usr/bin/test", test, str(path)],
                check=False,
                cwd="/",
                timeout=10,
                **self.popen_options,
            )
        except (OSError, subprocess.SubprocessError):
            return False
        return done.returncode == 0

    def give(self, path: Path) -> None:
        """Make the account the owner of a path."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


@dataclass(frozen=True)
class Place:
    """Where the embedded services keep their data, and who they are."""

    directory: Path
    account: Account = field(default_factory=Account)

    def room(self, name: str) -> Path:
        """A private directory of a service."""
        path = self.directory / name
        if not path.exists():
            path.mkdir(mode=0o700)
            self.account.give(path)
        return path

    def reachable(self, root: Path, parts: Iterable[str], needed: Iterable[str]) -> Path:
        """The folder of the programs' `parts` itself, or a copy the account can reach."""
        if all(self.account.can("-x", root / name) for name in needed):
            return root
        return _copy_of(root, tuple(parts))


def find_place(instance: Instance) -> Place:
    """The place for an instance's services; remembered, so that it stays where it is."""
    if os.geteuid() != 0:
        return Place(_own_directory(instance.data / "services", Account()))
    account = _account_for(instance)
    if account is None:
        return Place(_own_directory(instance.data / "services", Account()), _user_namespace())
    remembered = instance.state().get("services")
    if remembered and Path(remembered).is_dir():
        return Place(Path(remembered), account)
    directory = _reachable_directory(instance, account)
    instance.remember(services=str(directory))
    return Place(directory, account)


def _account_for(instance: Instance) -> Account | None:
    """The owner of existing services, else a known unprivileged account we can become."""
    existing = instance.data / "services"
    if existing.is_dir() and existing.stat().st_uid != 0:
        owner = existing.stat()
        return Account(owner.st_uid, owner.st_gid)
    for name in ACCOUNTS:
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            account = Account(entry.pw_uid, entry.pw_gid)
            if account.can("-x", Path("/")):
                return account
    return None


def _user_namespace() -> Account:
    """Root with no account to become: an unprivileged face in a user namespace."""
    program = shutil.which("unshare")
    prefix = (program or "unshare", "-U", "--map-user=1000")
    try:
        subprocess.run([*prefix, "true"], check=True, capture_output=True, timeout=10)
    except (OSError, subprocess.SubprocessError) as error:
        raise ServerError(
            "PostgreSQL does not run as root and no other account can be used here; start this "
            "as an ordinary user, or set DATABASE_URL and REDIS_URL."
        ) from error
    return Account(prefix=prefix)


def _reachable_directory(instance: Instance, account: Account) -> Path:
    data = instance.data
    if account.can("-x", data.parent):
        # the account's group may pass through the data directory, nobody else may
        with suppress(OSError):
            os.chown(data, -1, account.gid if account.gid is not None else -1)
            data.chmod(0o710)
            directory = _own_directory(data / "services", account)
            if account.can("-w", directory):
                return directory
    try:
        _open_directory(SHARED_PLACE)
        directory = _own_directory(SHARED_PLACE / str(instance.state()["id"]), account)
    except OSError as error:
        raise ServerError(
            f"The database's account cannot reach {data}, and {SHARED_PLACE} cannot be written: "
            f"{error.strerror}. Name another data directory with --data."
        ) from error
    (SHARED_PLACE / f"{directory.name}.origin").write_text(f"{data}\n", encoding="utf-8")
    return directory


def remove_shared_place(instance: Instance) -> None:
    """Remove what a temporary instance left outside its own directory."""
    remembered = Path(instance.state().get("services", instance.data))
    if remembered.parent == SHARED_PLACE:
        shutil.rmtree(remembered, ignore_errors=True)
        remembered.with_name(f"{remembered.name}.origin").unlink(missing_ok=True)


def _own_directory(path: Path, account: Account) -> Path:
    path.mkdir(mode=0o700, exist_ok=True)
    account.give(path)
    return path


def _copy_of(root: Path, parts: tuple[str, ...]) -> Path:
    """Copy programs to the shared place, once per version of them."""
    stats = [(part, (root / part).stat().st_mtime_ns, str(root)) for part in parts]
    name = hashlib.sha256(repr(stats).encode()).hexdigest()[:16]
    target = SHARED_PLACE / "programs" / name
    if target.exists():
        return target
    temporary = target.with_name(f".{name}.{os.getpid()}")
    try:
        _open_directory(SHARED_PLACE)
        _open_directory(target.parent)
        temporary.mkdir()
        for part in parts:
            shutil.copytree(
                root / part,
                temporary / part,
                ignore=shutil.ignore_patterns("include", "pgxs", "*.a", "__pycache__"),
            )
        _open_for_reading(temporary)
        temporary.rename(target)
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        if target.exists():  # another instance was quicker
            return target
        raise ServerError(f"The programs could not be copied to {target}: {error}.") from error
    return target


def _open_directory(path: Path) -> None:
    """Make a directory of ours that everyone may pass, whatever the umask."""
    if not path.exists():
        path.mkdir(parents=True)
        path.chmod(0o755)


def _open_for_reading(tree: Path) -> None:
    for path in [tree, *tree.rglob("*")]:
        mode = path.stat().st_mode
        path.chmod(mode | (0o055 if mode & 0o100 else 0o044))
