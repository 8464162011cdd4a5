"""A simulated node's FRU record (IPMI FRU information storage definition 1.0, rev. 1.2)."""

from deploylab.labsim.lab import SimulatedNode

RACK_MOUNT = 0x17
ENGLISH = 0x00
END = b"\xc1"
MADE_ON = (0x00, 0xA0, 0x7E)  # minutes since 1996, little-endian: some day in 2011


def fru_record(node: SimulatedNode) -> bytes:
    """The chassis, board and product areas behind their common header."""
    chassis = _area(
        bytes((RACK_MOUNT,)) + _text("0XRJ7F") + _text(f"{node.service_tag}C{node.chassis}") + END
    )
    board = _area(
        bytes((ENGLISH, *MADE_ON))
        + _text(node.manufacturer)
        + _text(node.model)
        + _text(f"CN{node.service_tag}")
        + _text("0D61XP")
        + _text("FRU1.0")
        + END
    )
    product = _area(
        bytes((ENGLISH,))
        + _text(node.manufacturer)
        + _text(node.model)
        + _text("C6100")
        + _text("A04")
        + _text(node.service_tag)
        + _text(f"rack-1-chassis-{node.chassis}-slot-{node.slot}")
        + _text("FRU1.0")
        + END
    )
    places = (1, 1 + len(chassis) // 8, 1 + (len(chassis) + len(board)) // 8)
    header = bytes((0x01, 0x00, *places, 0x00, 0x00))
    return header + bytes((-sum(header) & 0xFF,)) + chassis + board + product


def _text(value: str) -> bytes:
    raw = value.encode("latin-1", "replace")[:63]
    return bytes((0xC0 | len(raw),)) + raw


def _area(body: bytes) -> bytes:
    """Version and length before, padding to eight bytes and a checksum after."""
    size = -(-(len(body) + 3) // 8) * 8
    area = bytes((0x01, size // 8)) + body
    area += bytes(size - 1 - len(area))
    return area + bytes((-sum(area) & 0xFF,))
