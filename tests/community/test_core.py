import pytest
from cryptography.fernet import Fernet

from community.core import env, panels, secretbox
from community.core.permissions import Level, declare


def test_readers_say_the_name_and_never_the_value(monkeypatch, tmp_path):
    monkeypatch.setenv("NUMBER", "s3cret")
    with pytest.raises(env.EnvError) as error:
        env.read_int("NUMBER", 1)
    assert "NUMBER" in str(error.value)
    assert "s3cret" not in str(error.value)
    with pytest.raises(env.EnvError):
        env.read_bool("NUMBER", default=False)
    with pytest.raises(env.EnvError):
        env.read_str("MISSING")
    path = tmp_path / "secret"
    path.write_text("from a file\n")
    monkeypatch.setenv("MISSING_FILE", str(path))
    assert env.read_str("MISSING") == "from a file"
    monkeypatch.setenv("MISSING", "straight")
    assert env.read_str("MISSING") == "straight"
    monkeypatch.setenv("OTHER_FILE", str(tmp_path / "none"))
    with pytest.raises(env.EnvError, match="OTHER_FILE"):
        env.read_str("OTHER")


def test_booleans_and_lists(monkeypatch):
    for text, value in (("1", True), ("Yes", True), ("off", False), ("", False)):
        monkeypatch.setenv("FLAG", text)
        assert env.read_bool("FLAG", default=not value) is value
    monkeypatch.setenv("WORDS", "a, b,,c ")
    assert env.read_list("WORDS") == ["a", "b", "c"]


def test_the_database_is_postgresql(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://me:p%40ss@db:5433/name?sslmode=require")
    entry = env.read_database()
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"], entry["NAME"]) == (
        "me", "p@ss", "db", "5433", "name",
    )  # fmt: skip
    assert entry["OPTIONS"] == {"sslmode": "require"}
    monkeypatch.setenv("DATABASE_URL", "sqlite:///x")
    with pytest.raises(env.EnvError, match="postgres"):
        env.read_database()


def test_old_keys_still_open_and_the_first_seals(settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.CREDENTIALS_KEYS = [old]
    sealed = secretbox.seal("calvin")
    assert "calvin" not in sealed
    settings.CREDENTIALS_KEYS = [new, old]
    assert secretbox.unseal(sealed) == "calvin"
    fresh = secretbox.seal("calvin")
    settings.CREDENTIALS_KEYS = [new]
    assert secretbox.unseal(fresh) == "calvin"
    with pytest.raises(secretbox.SecretUnreadableError):
        secretbox.unseal(sealed)


def test_slots_keep_their_order_and_leave_out_the_silent(rf, monkeypatch):
    monkeypatch.setattr(panels, "_providers", {"slot": []})
    template = "components/empty.html"
    panels.register("slot", lambda _r, _s: panels.Panel(template, {"title": "two"}), position=2)
    panels.register("slot", lambda _r, _s: None)
    panels.register("slot", lambda _r, s: panels.Panel(template, {"title": s}), position=1)
    shown = panels.render("slot", rf.get("/"), "one")
    assert ["one" in shown[0], "two" in shown[1], len(shown)] == [True, True, 2]


def test_a_right_is_declared_once():
    with pytest.raises(ValueError, match="twice"):
        declare("lab.read", Level.ANONYMOUS, "")
