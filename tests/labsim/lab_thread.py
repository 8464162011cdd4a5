"""The simulated lab in a thread of the test's own process, so that tests can look inside."""

import asyncio
import threading
import time

from deploylab.drivers.base import BmcTarget
from deploylab.labsim.faults import FaultKind, set_fault
from deploylab.labsim.machine import Timing
from deploylab.labsim.simulator import Simulator


class LabThread:
    def __init__(self, state_dir, *, site="http://127.0.0.1:9", nodes=2, attempts=30, think=0.005):
        self.state_dir = state_dir
        timing = Timing(post=0.05, soft_off=0.3, boot_attempts=attempts)
        self.simulator = Simulator(state_dir, site=site, nodes=nodes, timing=timing, think=think)
        self.nodes = self.simulator.nodes
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.call(self.simulator.start())

    def call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(10)

    def close(self):
        self.call(self.simulator.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def target(self, index=0, *, password=None):
        node = self.nodes[index]
        secret = node.password if password is None else password
        return BmcTarget(node.bmc_host, node.bmc_port, node.username, secret)

    def machine(self, index=0):
        return self.simulator.machines[self.nodes[index].name]

    def bmc(self, index=0):
        return self.simulator.bmcs[self.nodes[index].name]

    def console(self, index=0):
        path = self.state_dir / "consoles" / f"{self.nodes[index].name}.log"
        return path.read_text() if path.exists() else ""

    def fault(self, kind, value=None, index=0):
        set_fault(self.state_dir, self.nodes[index].name, FaultKind(kind), value)


def wait_until(condition, seconds=5.0):
    """True as soon as the condition holds, False when it did not in that time."""
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        if condition():
            return True
        time.sleep(0.01)
    return bool(condition())
