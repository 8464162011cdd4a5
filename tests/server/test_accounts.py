import os

import psutil
import pytest

from community.project.server import accounts
from community.project.server.accounts import Account, find_place
from community.project.server.errors import ServerError
from community.project.server.postgres import Postgres

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes accounts")


@as_root
def test_root_without_an_account_to_become_uses_a_user_namespace(instance, loop, monkeypatch):
    monkeypatch.setattr(accounts, "ACCOUNTS", ())
    place = find_place(instance)
    if not place.account.prefix:
        pytest.fail("an account was found")
    postgres = Postgres(instance, place, instance.port("postgres"), is_throwaway=True)
    postgres.create()
    child = loop.start(postgres.program())
    assert loop.wait_until(postgres.answers, seconds=20)
    assert psutil.Process(child.process.pid).cwd() == str(postgres.cluster)


@as_root
def test_root_with_neither_account_nor_namespace_is_told_what_to_do(instance, monkeypatch):
    monkeypatch.setattr(accounts, "ACCOUNTS", ())
    monkeypatch.setattr(accounts.shutil, "which", lambda _name: "/bin/false")
    with pytest.raises(ServerError, match="PostgreSQL does not run as root"):
        find_place(instance)


@as_root
def test_a_closed_parent_stays_closed_and_the_data_goes_elsewhere(instance):
    parent = instance.data.parent
    before = parent.stat().st_mode
    parent.parent.chmod(0o700)
    place = find_place(instance)
    assert place.directory.parent == accounts.SHARED_PLACE
    assert parent.stat().st_mode == before
    assert place.directory.stat().st_mode & 0o777 == 0o700
    assert find_place(instance).directory == place.directory


@as_root
def test_existing_services_keep_their_owner(instance):
    room = instance.data / "services"
    room.mkdir(mode=0o700)
    os.chown(room, 12345, 12345)
    instance.data.chmod(0o711)
    for folder in (instance.data, *instance.data.parents[:2]):
        folder.chmod(0o711)
    place = find_place(instance)
    assert (place.account.uid, place.account.gid) == (12345, 12345)


def test_an_ordinary_user_stays_itself(instance, monkeypatch):
    monkeypatch.setattr(accounts.os, "geteuid", lambda: 1000)
    place = find_place(instance)
    assert (place.directory, place.account) == (instance.data / "services", Account())
