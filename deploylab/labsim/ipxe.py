"""What a node's iPXE does over HTTP until it has a kernel line."""

import http.client
import shlex
from collections.abc import Callable
from dataclasses import dataclass

from deploylab.labsim.agent_link import Link, OverError

ATTEMPTS = 30
PAUSE = 1.0  # seconds


class NothingToBootError(Exception):
    """The site gave no usable boot script."""


@dataclass(frozen=True, slots=True)
class BootOrder:
    """The kernel line's parameters."""

    site: str
    node: str
    token: str
    kernel: str


def fetch_boot_order(
    link: Link, service_tag: str, note: Callable[[str], None], *, attempts: int = ATTEMPTS
) -> BootOrder:
    """Fetch the site's script, then the node's own. Raises `NothingToBootError`, `OverError`."""
    _fetch(link, "/boot/ipxe", note, attempts)
    return parse_boot_order(_fetch(link, f"/boot/{service_tag}.ipxe", note, attempts))


def parse_boot_order(script: str) -> BootOrder:
    """Read ``kernel <url> … site=<URL> node=<name> token=<token>`` out of an iPXE script."""
    for line in script.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True) if line.strip().startswith("kernel") else []
        if len(words) < 2:  # noqa: PLR2004 - the command and its argument
            continue
        named = dict(word.split("=", 1) for word in words[1:] if "=" in word)
        if {"site", "node", "token"} <= named.keys():
            kernel = next(word for word in words[1:] if not word.startswith("-"))
            return BootOrder(named["site"], named["node"], named["token"], kernel)
    raise NothingToBootError("the boot script names no kernel with site, node and token")


def _fetch(link: Link, path: str, note: Callable[[str], None], attempts: int) -> str:
    """A text, asked for until it is there; iPXE itself gives up after a while."""
    for _ in range(attempts):
        try:
            status, content = link.request("GET", path)
        except (OSError, http.client.HTTPException) as error:
            note(f"{path}... {type(error).__name__} (https://ipxe.org/4c116092)")
        else:
            if status == 200:  # noqa: PLR2004 - OK
                note(f"{path}... ok")
                return content.decode("utf-8", "replace")
            note(f"{path}... HTTP {status} (https://ipxe.org/2d0c613b)")
        if link.cut.wait(PAUSE):
            raise OverError
    raise NothingToBootError("no more network devices")
