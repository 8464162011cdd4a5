"""The simulated lab as a whole: N controllers on UDP and the N machines behind them."""

import asyncio
import functools
from pathlib import Path

from deploylab.labsim.bmc import Bmc
from deploylab.labsim.endpoint import THINK, Endpoint
from deploylab.labsim.faults import FaultBook
from deploylab.labsim.lab import SimulatedNode, prepare_lab
from deploylab.labsim.machine import SimulatedMachine, Timing


class Simulator:
    """Starts and stops with an event loop."""

    def __init__(
        self,
        state_dir: Path | str,
        *,
        site: str,
        nodes: int = 6,
        think: float = THINK,
        timing: Timing | None = None,
    ) -> None:
        self.state_dir = Path(state_dir)
        self.nodes: list[SimulatedNode] = prepare_lab(self.state_dir, nodes)
        self.faults = FaultBook(self.state_dir)
        self.machines: dict[str, SimulatedMachine] = {}
        self.bmcs: dict[str, Bmc] = {}
        self._think = think
        self._transports: list[asyncio.DatagramTransport] = []
        for index, node in enumerate(self.nodes):
            fault = functools.partial(self.faults.of, node.name)
            machine = SimulatedMachine(
                node, index=index, site=site, state_dir=self.state_dir, fault=fault, timing=timing
            )
            self.machines[node.name] = machine
            self.bmcs[node.name] = Bmc(node, machine, fault)

    async def start(self) -> None:
        """Open every controller's port."""
        loop = asyncio.get_running_loop()
        for node in self.nodes:
            fault = functools.partial(self.faults.of, node.name)
            make = functools.partial(Endpoint, self.bmcs[node.name], fault, think=self._think)
            transport, _ = await loop.create_datagram_endpoint(
                make, local_addr=(node.bmc_host, node.bmc_port)
            )
            self._transports.append(transport)

    async def stop(self) -> None:
        """Close the ports and cut every machine's power."""
        for transport in self._transports:
            transport.close()
        for machine in self.machines.values():
            machine.power_off()
        await asyncio.sleep(0)
