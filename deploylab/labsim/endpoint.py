"""A controller's UDP port: think time, and the faults that sit on the wire."""

import asyncio
import logging
from collections.abc import Callable
from typing import cast

from deploylab.labsim.bmc import Bmc
from deploylab.labsim.faults import Fault, FaultKind

log = logging.getLogger(__name__)

Address = tuple[str, int]
THINK = 0.005  # seconds; a controller that answers at once trips its clients' libraries
MOST_WAITING = 256  # replies still being thought about; a flood beyond that is dropped


class Endpoint(asyncio.DatagramProtocol):
    """Hands datagrams to a controller and sends its replies a little later."""

    def __init__(self, bmc: Bmc, fault: Callable[[], Fault], *, think: float = THINK) -> None:
        self._bmc = bmc
        self._fault = fault
        self._think = think
        self._waiting = 0
        self._counted: tuple[int, int] = (0, 0)  # the fault's serial, commands seen at its start
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport: replies go out through it."""
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """Answer one datagram; whatever it holds, the next one is answered too."""
        fault = self._fault()
        if self._is_mute(fault) or self._waiting >= MOST_WAITING:
            return
        try:
            reply = self._bmc.answer(data)
        except Exception:
            log.exception("%s: a datagram could not be answered", self._bmc.node.name)
            return
        if reply is not None:
            delay = self._think + (fault.value if fault.kind is FaultKind.SLOW else 0.0)
            self._waiting += 1
            asyncio.get_running_loop().call_later(delay, self._send, reply, addr)

    def error_received(self, exc: Exception) -> None:
        """A client that went away is of no interest."""
        log.debug("%s: %s", self._bmc.node.name, exc)

    def _is_mute(self, fault: Fault) -> bool:
        if fault.kind is FaultKind.SILENT:
            return True
        if fault.kind is not FaultKind.DEAD_AFTER:
            return False
        if self._counted[0] != fault.serial:
            self._counted = (fault.serial, self._bmc.commands_seen)
        return self._bmc.commands_seen - self._counted[1] >= fault.value

    def _send(self, reply: bytes, addr: Address) -> None:
        self._waiting -= 1
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(reply, addr)
