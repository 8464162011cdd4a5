"""The agent: nothing lost, nothing doubled, and it stops when told."""

import os
import threading
import time

import pytest

from deploylab.labsim.agent import Agent
from deploylab.labsim.agent_output import AHEAD, OutputBuffer, OutputGapError
from deploylab.labsim.sandbox import SandboxRunner
from tests.labsim.lab_thread import wait_until


@pytest.fixture
def agent(site):
    runner = SandboxRunner(0, "n1")
    working = Agent(site.url, site.token, inventory={"serial": "X"}, runner=runner)
    thread = threading.Thread(target=working.run, daemon=True)
    thread.start()
    yield working
    working.stop()
    runner.kill()
    thread.join(5)
    assert not thread.is_alive()


def finish(work, seconds=20):
    assert work.done.wait(seconds)
    return work.result


def test_a_script_runs_and_reports(site, agent):
    work = site.give(
        'echo "hello $WHO"; echo "{\\"n\\": 1}" > "$FACTS_FILE"; exit 3', env={"WHO": "lab"}
    )
    assert finish(work) == {
        "exit_code": 3, "facts": {"n": 1}, "cancelled": False, "timed_out": False
    }  # fmt: skip
    assert work.text == "hello lab\n"


def test_broken_connections_neither_lose_nor_double_output(site, agent):
    site.drop_next = 3
    site.refuse_next = 2
    work = site.give("for i in $(seq 1 40); do echo line $i; sleep 0.01; done")
    assert finish(work)["exit_code"] == 0
    assert work.text.splitlines() == [f"line {i}" for i in range(1, 41)]
    assert site.drop_next == 0


def test_a_restart_of_the_site_loses_nothing(site, agent):
    work = site.give("for i in $(seq 1 100); do echo line $i; sleep 0.01; done")
    assert wait_until(lambda: work.output)
    site.restart(pause=0.4)
    assert finish(work)["exit_code"] == 0
    assert work.text.splitlines() == [f"line {i}" for i in range(1, 101)]


def test_a_hundred_thousand_lines(site, agent):
    began = time.monotonic()
    work = site.give("seq 1 100000")
    assert finish(work)["exit_code"] == 0
    assert work.text == "".join(f"{i}\n" for i in range(1, 100001))
    assert work.posts < 60
    assert time.monotonic() - began < 10


def test_characters_are_never_cut_and_bad_bytes_are_replaced(site, agent):
    work = site.give("for i in $(seq 1 20000); do printf '中é€😀'; done; printf '\\377\\000|'")
    assert finish(work)["exit_code"] == 0
    assert work.text == "中é€😀" * 20000 + "\ufffd\ufffd|"


def test_a_cancelled_script_is_killed_soon(site, agent):
    work = site.give("echo begun; sleep 60")
    assert wait_until(lambda: work.output)
    began = time.monotonic()
    work.cancel = True
    assert finish(work)["cancelled"]
    assert time.monotonic() - began < 3
    assert work.result["exit_code"] == 137


def test_a_deadline_ends_a_script(site, agent):
    work = site.give("echo begun; sleep 60", deadline_s=0.5)
    result = finish(work, 5)
    assert (result["timed_out"], result["exit_code"]) == (True, 137)
    assert work.text == "begun\n"


def test_a_deadline_holds_while_the_site_is_away(site, agent):
    work = site.give("echo begun; sleep 1.5; echo too late", deadline_s=0.8)
    assert wait_until(lambda: work.output)
    site.restart(pause=2.0)
    assert finish(work)["timed_out"]
    assert work.text == "begun\n"


def test_waiting_for_a_silent_script_costs_nothing(site, agent):
    began = time.process_time()
    work = site.give("exec >&- 2>&-; sleep 1")
    assert finish(work)["exit_code"] == 0
    assert time.process_time() - began < 0.3


def test_a_result_that_got_lost_is_sent_again_without_running_twice(site, agent):
    work = site.give("echo once; sleep 0.5")
    assert wait_until(lambda: work.output)
    site.drop_next = 1
    finish(work)
    assert (work.text, work.results) == ("once\n", 2)


def test_something_left_behind_does_not_hold_up_the_result(site, agent):
    work = site.give("sleep 50 & echo done")
    assert finish(work, 5)["exit_code"] == 0
    assert work.text == "done\n"


def test_a_service_outlives_the_step_that_started_it(site, agent):
    first = site.give(
        "(while :; do echo alive > /work/beat; sleep 0.05; done) >/dev/null 2>&1 &\n"
        "echo $! > /work/pid"
    )
    assert finish(first)["exit_code"] == 0
    second = site.give("rm -f /work/beat; sleep 0.3; cat /work/beat; kill $(cat /work/pid)")
    assert finish(second)["exit_code"] == 0
    assert second.text == "alive\n"


def test_reading_stops_when_the_site_does_not_keep_up():
    output = OutputBuffer()
    reading, writing = os.pipe()
    thread = threading.Thread(target=output.fill, args=(reading,))
    thread.start()
    written = 0
    os.set_blocking(writing, False)
    quiet = 0
    while quiet < 20:
        try:
            written += os.write(writing, b"x" * 65536)
            quiet = 0
        except BlockingIOError:
            quiet += 1
            time.sleep(0.01)
    assert AHEAD <= written < AHEAD + 200_000
    os.close(writing)
    taken = 0
    while not (output.has_ended and output.is_empty):  # in this order
        offset, text = output.batch()
        taken += len(text)
        output.accept_up_to(offset + len(text))
    thread.join()
    assert taken == written


def test_a_gap_is_an_error():
    output = OutputBuffer()
    output.add_line("abc")
    with pytest.raises(OutputGapError):
        output.accept_up_to(5)
    output.accept_up_to(4)
    with pytest.raises(OutputGapError):
        output.accept_up_to(3)
