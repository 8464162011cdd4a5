"""Which machines the simulated lab has: remembered in ``labsim.json``, readable by the site."""

import json
import os
import secrets
import socket
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FILE_NAME = "labsim.json"
SLOTS = 4  # nodes in a C6100's chassis
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class SimulatedNode:
    """One simulated machine: what is printed on it, what is in it, and its controller's account."""

    name: str
    service_tag: str
    bmc_host: str
    bmc_port: int
    username: str
    password: str = field(repr=False)
    macs: tuple[str, ...]
    chassis: int
    slot: int
    manufacturer: str
    model: str
    cpu_count: int
    cpu_model: str
    memory_mb: int
    disks: tuple[dict[str, Any], ...]


def read_lab(state_dir: Path | str) -> list[SimulatedNode]:
    """The lab's nodes as last written; an empty list when there is no lab there yet."""
    path = Path(state_dir) / FILE_NAME
    if not path.exists():
        return []
    return [_from_json(item) for item in json.loads(path.read_text())["nodes"]]


def prepare_lab(state_dir: Path | str, count: int) -> list[SimulatedNode]:
    """The lab with exactly `count` nodes, known ones kept as they were.

    A remembered UDP port that is taken by now is replaced by a free one.
    """
    directory = Path(state_dir)
    directory.mkdir(parents=True, exist_ok=True)
    known = read_lab(directory)
    taken: set[int] = set()
    nodes = []
    for index in range(count):
        node = known[index] if index < len(known) else new_node(index)
        port = node.bmc_port
        if port in taken or not _is_free(port):
            port = _free_port(taken)
        taken.add(port)
        nodes.append(_from_json({**asdict(node), "bmc_port": port}))
    _write(directory / FILE_NAME, nodes)
    return nodes


def new_node(index: int) -> SimulatedNode:
    """The node of that index, with a password of its own and no port yet."""
    tail = f"{index // 256:02x}:{index % 256:02x}"
    return SimulatedNode(
        name=f"c6100-{index + 1}",
        service_tag=f"SIM{index + 1:04d}",
        bmc_host=LOOPBACK,
        bmc_port=0,
        username="root",
        password=secrets.token_urlsafe(12),  # 16 characters: old controllers stop at 20
        macs=(f"02:26:b9:00:{tail}", f"02:26:b9:01:{tail}"),
        chassis=index // SLOTS + 1,
        slot=index % SLOTS + 1,
        manufacturer="Dell Inc.",
        model="PowerEdge C6100 (simulated)",
        cpu_count=2,
        cpu_model="Intel(R) Xeon(R) CPU E5620 @ 2.40GHz",
        memory_mb=49152,
        disks=({"name": "sda", "size_gb": 500}, {"name": "sdb", "size_gb": 500}),
    )


def _from_json(item: dict[str, Any]) -> SimulatedNode:
    return SimulatedNode(**{**item, "macs": tuple(item["macs"]), "disks": tuple(item["disks"])})


def _write(path: Path, nodes: list[SimulatedNode]) -> None:
    text = json.dumps({"nodes": [asdict(node) for node in nodes]}, indent=1)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text + "\n")
    fresh.replace(path)


def _is_free(port: int) -> bool:
    if not port:
        return False
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _free_port(taken: set[int]) -> int:
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind((LOOPBACK, 0))
            port: int = probe.getsockname()[1]
        if port not in taken:
            return port
