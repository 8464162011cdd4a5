"""Drivers by the name stored with a node."""

from deploylab.drivers.base import BmcDriver
from deploylab.drivers.errors import UnknownDriverError
from deploylab.drivers.ipmi import IpmiDriver

DRIVERS: dict[str, type[BmcDriver]] = {"ipmi": IpmiDriver}


def driver_for(name: str) -> type[BmcDriver]:
    """The driver class of that name; raises `UnknownDriverError`, naming those there are."""
    try:
        return DRIVERS[name]
    except KeyError:
        known = ", ".join(sorted(DRIVERS))
        raise UnknownDriverError(
            f"There is no BMC driver called “{name}”; this lab has: {known}."
        ) from None
