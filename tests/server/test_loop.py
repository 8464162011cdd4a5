import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from community.project.server.errors import ServerError
from community.project.server.processes import Program, describe_exit

ROOT = Path(__file__).resolve().parents[2]
PATIENT = "import time; print('up', flush=True); time.sleep(60)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {PATIENT}"
PARENT = (
    f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {STUBBORN!r}]); {PATIENT}"
)

# A supervisor with dummy children: says their numbers, then serves until it is stopped.
SUPERVISOR = """
import signal, sys, time
from pathlib import Path
from community.project.server.errors import StopRequestedError
from community.project.server.instance import Instance
from community.project.server.loop import Loop
from community.project.server.processes import Program
say = lambda line: print(line, flush=True)
instance = Instance(Path(sys.argv[1]))
instance.prepare()
instance.lock("server", on_wait=say)
loop = Loop(instance, say)
code = '''import signal, sys, time
def stop(*_):
    print("stopped", flush=True)
    sys.exit()
signal.signal(signal.SIGTERM, stop)
print("up", flush=True)
time.sleep(60)'''
for name in ("first", "second", "third"):
    program = Program(name, [sys.executable, "-c", code], {}, Path("/"),
                      is_important=lambda line: True)
    child = loop.start(program, supervised=True)
    loop.wait_until(lambda: "up" in child.tail, seconds=10)
parent = loop.start(Program("parent", [sys.executable, "-c", sys.argv[2]], {}, Path("/")))
loop.wait_until(lambda: list(parent.tail) == ["up", "up"], seconds=10)  # it and its child
say("pids " + " ".join(str(child.process.pid) for child in loop.children))
try:
    while True:
        loop.turn()
except StopRequestedError:
    loop.stop_all()
instance.unlock()
"""


@pytest.fixture
def supervisor(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(tmp_path / "data"), PARENT],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    for line in process.stdout:
        if line.startswith("pids "):
            break
    children = [psutil.Process(int(pid)) for pid in line.split()[1:]]
    everyone = children + children[-1].children()
    assert len(everyone) == 5
    yield process, everyone
    process.kill()
    process.communicate()


def test_stops_in_reverse_order_and_exits_0(supervisor):
    process, everyone = supervisor
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=20)
    stopped = [line for line in output.splitlines() if line.endswith("| stopped")]
    assert stopped == ["third | stopped", "second | stopped", "first | stopped"]
    assert process.returncode == 0
    psutil.wait_procs(everyone, timeout=2)
    assert [one for one in everyone if one.is_running()] == []


@pytest.mark.chaos
def test_kill_9_leaves_nothing_not_even_a_stubborn_grandchild(supervisor, tmp_path):
    process, everyone = supervisor
    helpers = [one for one in psutil.Process(process.pid).children() if one not in everyone]
    assert len(helpers) == 1  # the guardian
    process.kill()
    began = time.monotonic()
    _gone, left = psutil.wait_procs([*everyone, *helpers], timeout=8)
    assert left == []
    assert time.monotonic() - began < 6


@pytest.mark.chaos
def test_without_a_guardian_the_kernel_still_ends_the_children(supervisor):
    process, everyone = supervisor
    for helper in psutil.Process(process.pid).children():
        if helper not in everyone:
            helper.kill()
    process.kill()
    *children, grandchild = everyone
    assert psutil.wait_procs(children, timeout=5)[1] == []
    grandchild.kill()


@pytest.mark.chaos
def test_a_killed_child_is_restarted_and_said_so_once(supervisor):
    process, everyone = supervisor
    everyone[1].kill()
    lines = [process.stdout.readline() for _ in range(2)]
    assert lines == ["second ended (SIGKILL); starting it again in 0.2 s.\n", "second | up\n"]


def program(code, **changes):
    known = {"name": "dummy", "argv": [sys.executable, "-c", code], "env": {}, "cwd": Path("/")}
    return Program(**(known | changes))


def test_gives_up_on_what_crashes_again_and_again(loop, monkeypatch):
    monkeypatch.setattr("community.project.server.processes.FIRST_DELAY", 0.01)
    monkeypatch.setattr("community.project.server.processes.LONGEST_DELAY", 0.01)
    loop.start(program("import sys; print('no such table'); sys.exit(3)"), supervised=True)
    with pytest.raises(ServerError, match=r"dummy ended \(exit 3\) 10 times within a minute"):
        loop.wait_until(lambda: False, seconds=20)
    assert len(loop.said) == 9


def test_output_goes_to_the_log_and_important_lines_to_the_terminal(loop, instance):
    code = "print('fine'); print('ERROR: not fine'); print('no end of line', end='')"
    status, last = loop.run(program(code, is_important=lambda line: "ERROR" in line))
    assert (status, last) == (0, ["fine", "ERROR: not fine", "no end of line"])
    assert loop.said == ["dummy | ERROR: not fine"]
    log = (instance.logs / "dummy.log").read_text().splitlines()
    assert [line.partition(" dummy | ")[2] for line in log] == last


def test_much_output_is_neither_lost_nor_in_the_way(loop, instance):
    status, _ = loop.run(program("for n in range(100000): print(n)"))
    log = (instance.logs / "dummy.log").read_text().splitlines()
    assert status == 0
    assert [line.partition(" | ")[2] for line in log] == [str(n) for n in range(100000)]


def test_what_does_not_stop_in_time_is_killed(loop):
    child = loop.start(program(STUBBORN, stop_within=0.3))
    assert loop.wait_until(lambda: "up" in child.tail, seconds=10)
    process = child.process
    began = time.monotonic()
    loop._stopping = True
    loop._stop(child, hurried=lambda: False)
    assert process.returncode == -signal.SIGKILL
    assert time.monotonic() - began < 2
    assert loop.said == ["dummy did not end in time; killed."]


def test_a_child_has_its_own_session(loop):
    child = loop.start(program(PATIENT))
    assert loop.wait_until(lambda: "up" in child.tail, seconds=10)
    assert os.getsid(child.process.pid) == child.process.pid


def test_a_program_that_is_not_there_is_one_sentence(loop):
    with pytest.raises(ServerError, match="dummy could not be started"):
        loop.start(program("", argv=["/no/such/program"]))


@pytest.mark.parametrize(
    ("code", "words"), [(None, "not started"), (0, "exit 0"), (-9, "SIGKILL"), (-200, "signal 200")]
)
def test_exits_in_words(code, words):
    assert describe_exit(code) == words
