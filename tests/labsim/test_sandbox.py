"""The author of a blueprint never gets at the server."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from deploylab.labsim import sandbox as module
from deploylab.labsim.agent import CannotRunError
from deploylab.labsim.sandbox import Sandbox, SandboxRunner, probe

isolation = pytest.mark.skipif(probe() is not None, reason=f"no isolation here: {probe()}")


def run(sandbox, script, env=None):
    running = sandbox.run(script, env or {})
    raw = b""
    while piece := os.read(running.output, 65536):
        raw += piece
    os.close(running.output)
    return running.wait(10), raw.decode(), running.facts()


@pytest.fixture
def sandbox():
    made = Sandbox(7, "c6100-8")
    yield made
    made.kill()


@isolation
def test_a_servers_file_cannot_be_read_though_it_can_outside(sandbox, tmp_path):
    secret = tmp_path / "settings.env"
    secret.write_text("KEY=sesame\n")
    tmp_path.chmod(0o755)
    secret.chmod(0o644)
    script = f"cat {secret}"
    outside = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=False)
    assert outside.stdout == "KEY=sesame\n"
    code, text, _ = run(sandbox, script)
    assert code == 1
    assert "sesame" not in text
    code, text, _ = run(sandbox, f"cat /proc/[0-9]*/root{secret} /proc/[0-9]*/cwd/settings.env")
    assert code != 0
    assert "sesame" not in text


@isolation
def test_it_sees_neither_the_servers_environment_nor_processes_nor_network(sandbox, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "sesame")
    _, text, _ = run(sandbox, "env; cat /proc/*/environ; ls -d /proc/[0-9]* | wc -l; ls /sys/class")
    assert "sesame" not in text
    assert "pytest" not in text
    _, names, _ = run(sandbox, "grep -c : /proc/net/dev; hostname")
    assert names == "1\nc6100-8\n"


@isolation
def test_it_has_no_capabilities_and_gains_none(sandbox):
    _, text, _ = run(sandbox, "grep -E 'Cap(Eff|Bnd)|NoNewPrivs' /proc/self/status")
    assert text.split() == ["CapEff:", "0" * 16, "CapBnd:", "0" * 16, "NoNewPrivs:", "1"]
    assert run(sandbox, "mount -t tmpfs none /tmp")[0] != 0
    assert run(sandbox, "unshare -Ur true")[0] != 0
    assert run(sandbox, "touch /usr/bin/x")[0] != 0
    assert run(sandbox, "kill -9 1; exit 5")[0] == 5


@isolation
@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
def test_on_the_host_it_is_an_unprivileged_user(sandbox):
    with Path(f"/proc/{sandbox._process.pid}/status").open() as file:
        uids = next(line for line in file if line.startswith("Uid:")).split()[1:]
    assert uids == ["64008"] * 4


@isolation
def test_files_cannot_grow_without_limit(sandbox):
    assert run(sandbox, "head -c 200000000 /dev/zero > /work/big")[0] != 0
    assert run(sandbox, "for i in 1 2 3; do head -c 80000000 /dev/zero > /work/b$i; done")[0] != 0


@isolation
def test_a_fork_bomb_stays_small_and_is_swept_away(sandbox):
    bomb = "f() { f & f & sleep 5; }; f 2>/dev/null >&2 & sleep 0.5; cat /proc/self/oom_score_adj"
    running = sandbox.run(f"{bomb}; exit 0", {})
    time.sleep(1)
    count = ["pgrep", "-c", "-U", "64008"] if os.getuid() == 0 else ["echo", "0"]
    counted = subprocess.run(count, capture_output=True, text=True, check=False).stdout
    assert int(counted) < 100
    sandbox.kill()
    os.close(running.output)


@isolation
def test_facts_come_from_a_plain_small_file_only(sandbox):
    assert run(sandbox, 'echo "{\\"a\\": 1}" > $FACTS_FILE')[2] == {"a": 1}
    assert run(sandbox, "ln -s /etc/passwd $FACTS_FILE")[2] == {}
    assert run(sandbox, "mkfifo $FACTS_FILE")[2] == {}
    assert run(sandbox, "echo '[1]' > $FACTS_FILE")[2] == {}
    assert run(sandbox, "head -c 70000 /dev/zero | tr '\\0' 1 > $FACTS_FILE")[2] == {}


@isolation
def test_a_script_may_name_its_interpreter_and_be_long(sandbox):
    script = "#!/usr/bin/env perl\n" + "# padding\n" * 50_000 + 'print "perl\\n";'
    assert run(sandbox, script)[:2] == (0, "perl\n")
    assert run(sandbox, "#!/no/such/thing\n")[0] == 126


@isolation
def test_pulling_the_plug_kills_everything(sandbox):
    code, _, _ = run(sandbox, "setsid sleep 44.11 >/dev/null 2>&1 & sleep 0.1")
    assert code == 0
    count = ["pgrep", "-fc", "^sleep 44.11"]
    assert subprocess.run(count, capture_output=True, text=True, check=False).stdout == "1\n"
    sandbox.kill()
    time.sleep(0.2)
    assert subprocess.run(count, capture_output=True, text=True, check=False).stdout == "0\n"


def test_without_isolation_only_shipped_work_runs(monkeypatch):
    monkeypatch.setattr(module, "probe", lambda: "the kernel forbids it")
    runner = SandboxRunner(8, "c6100-9")
    try:
        with pytest.raises(CannotRunError, match="the kernel forbids it") as caught:
            runner.start({"id": "1", "script": "echo hi"})
        assert caught.value.exit_code == 126
        running = runner.start({"id": "2", "script": "id -u; env", "shipped": True})
        raw = b""
        while piece := os.read(running.output, 65536):
            raw += piece
        os.close(running.output)
        assert running.wait(5) == 0
        if os.getuid() == 0:
            assert raw.startswith(b"64009\n")
        assert b"PYTEST" not in raw
    finally:
        runner.kill()


def test_a_machine_without_power_runs_nothing():
    runner = SandboxRunner(9, "c6100-10")
    runner.kill()
    with pytest.raises(CannotRunError, match="off"):
        runner.start({"id": "1", "script": "true", "shipped": True})
