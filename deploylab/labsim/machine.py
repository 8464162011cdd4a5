"""A simulated machine: what happens between its power button and its serial console."""

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from deploylab.labsim.agent import Agent
from deploylab.labsim.agent_link import Link, OverError
from deploylab.labsim.chassis import BootFlags
from deploylab.labsim.console import Console
from deploylab.labsim.faults import Fault, FaultKind
from deploylab.labsim.ipxe import ATTEMPTS, NothingToBootError, fetch_boot_order
from deploylab.labsim.lab import SimulatedNode
from deploylab.labsim.sandbox import SandboxRunner
from deploylab.labsim.sel import SYSTEM_ACPI_STATE, SYSTEM_EVENT, EventLog

S0_WORKING, S5_OFF = 0x00, 0x06  # offsets of sensor type 22h
OS_STOP_GRACE = 0.5  # seconds a soft power-off takes


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a simulated machine takes, in seconds."""

    post: float = 0.3
    soft_off: float = OS_STOP_GRACE
    boot_attempts: int = ATTEMPTS


@dataclass(slots=True)
class Life:
    """One power-on, until the power goes."""

    link: Link
    runner: SandboxRunner
    agent: Agent | None = None
    timers: list[threading.Timer] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        """Whether the power has gone."""
        return self.link.cut.is_set()

    def end(self) -> None:
        """Cut the power: nothing more is sent, nothing more runs."""
        self.link.close()
        if self.agent is not None:
            self.agent.stop()
        for timer in self.timers:
            timer.cancel()
        self.runner.kill()


class SimulatedMachine:
    """Power, boot flags, event log, console, and the agent of whatever it has booted."""

    def __init__(
        self,
        node: SimulatedNode,
        *,
        index: int,
        site: str,
        state_dir: Path,
        fault: Callable[[], Fault],
        timing: Timing | None = None,
    ) -> None:
        self.node = node
        self.boot_flags = BootFlags()
        self.events = EventLog()
        self.console = Console(state_dir / "consoles" / f"{node.name}.log")
        self.resets = 0
        self.starts = 0
        self._index = index
        self._site = site
        self._fault = fault
        self._timing = timing or Timing()
        self._lock = threading.RLock()
        self._life: Life | None = None

    @property
    def is_on(self) -> bool:
        """Whether it has power."""
        return self._life is not None

    def power_on(self) -> None:
        """Start, unless it runs."""
        with self._lock:
            if self._life is not None:
                return
            life = self._life = Life(
                Link(self._site, timeout=10.0), SandboxRunner(self._index, self.node.name)
            )
            self.starts += 1
            self.events.add(SYSTEM_ACPI_STATE, S0_WORKING)
            threading.Thread(
                target=self._live, args=(life,), name=self.node.name, daemon=True
            ).start()

    def power_off(self) -> None:
        """Stop at once."""
        with self._lock:
            life, self._life = self._life, None
            if life is not None:
                life.end()
                self.events.add(SYSTEM_ACPI_STATE, S5_OFF)
                self.console.print("[power off]")

    def power_cycle(self) -> None:
        """Off, then on."""
        with self._lock:
            self.power_off()
            self.power_on()

    def reset(self) -> None:
        """Start anew without losing power."""
        with self._lock:
            self.resets += 1
            life, self._life = self._life, None
            if life is not None:
                life.end()
            self.events.add(SYSTEM_EVENT, 0x01)
            self.power_on()

    def soft_off(self) -> None:
        """Ask the operating system to stop; it takes a moment."""
        with self._lock:
            life = self._life
            if life is not None:
                self.console.print("systemd-shutdown[1]: Powering off.")
                self._later(life, self._timing.soft_off, lambda: self._off_if(life))

    def _off_if(self, life: Life) -> None:
        with self._lock:
            if self._life is life:
                self.power_off()

    def _later(self, life: Life, seconds: float, action: Callable[[], None]) -> None:
        timer = threading.Timer(seconds, action)
        timer.daemon = True
        life.timers.append(timer)
        timer.start()

    def _live(self, life: Life) -> None:
        """One boot, in a thread of its own."""
        self.console.print(f"\r\n{self.node.model}  BIOS 1.70  Service Tag {self.node.service_tag}")
        self.console.print(f"{self.node.cpu_count} x {self.node.cpu_model}")
        self.console.print(f"{self.node.memory_mb} MB System Memory")
        if life.link.cut.wait(self._timing.post):
            return
        device = self.boot_flags.take()
        if device != "network":
            self._boot_from_disk()
            return
        with contextlib.suppress(OverError):
            try:
                self._boot_from_network(life)
            except NothingToBootError as error:
                self.console.print(f"Nothing to boot: {error} (https://ipxe.org/2d03e13b)")
                self.console.print("No boot device found. Press any key to reboot the machine.")

    def _boot_from_disk(self) -> None:
        self.console.print("Booting from local disk...")
        self.console.print("GRUB loading.\r\nWelcome to GRUB!")
        self.console.print(f"\r\n{self.node.name} login: ")

    def _boot_from_network(self, life: Life) -> None:
        self.console.print("iPXE 1.21.1 -- Open Source Network Boot Firmware -- https://ipxe.org")
        self.console.print(f"net0: {self.node.macs[0]} using sim on 0000:01:00.0 (open)")
        order = fetch_boot_order(
            life.link,
            self.node.service_tag,
            self.console.print,
            attempts=self._timing.boot_attempts,
        )
        self.console.print(f"{order.kernel}... ok")
        self.console.print(f"[    0.000000] Linux version 6.1.0 (simulated) node={order.node}")
        agent = Agent(
            order.site,
            order.token,
            inventory=inventory_of(self.node),
            runner=life.runner,
            note=self.console.print,
            on_script=lambda: self._on_script(life),
        )
        with self._lock:
            if life.is_over:
                return
            life.agent = agent
        agent.run()

    def _on_script(self, life: Life) -> None:
        fault = self._fault()
        if fault.kind is FaultKind.DIES_IN_DEPLOYMENT:
            self._later(life, fault.value, lambda: self._off_if(life))


def inventory_of(node: SimulatedNode) -> dict[str, object]:
    """What the agent tells the site about its hardware."""
    return {
        "serial": node.service_tag,
        "manufacturer": node.manufacturer,
        "model": node.model,
        "cpu_count": node.cpu_count,
        "cpu_model": node.cpu_model,
        "memory_mb": node.memory_mb,
        "disks": list(node.disks),
        "nics": [{"name": f"eth{n}", "mac": mac} for n, mac in enumerate(node.macs)],
    }
