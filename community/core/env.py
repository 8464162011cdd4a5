"""Typed readers for settings from the environment.

Every setting `NAME` may instead be given as `NAME_FILE`, the path of a file that holds it, so
that secrets need not stand in an environment. A value that does not fit its type raises
`EnvError` with the name and never with the value.
"""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit


class EnvError(Exception):
    pass


_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


def read_str(name: str, default: str | None = None) -> str:
    """The text of `NAME`, or of the file `NAME_FILE` names; raises EnvError when both are unset."""
    if name in os.environ:
        return os.environ[name]
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise EnvError(f"{name}_FILE cannot be read: {error.strerror}") from error
    if default is None:
        raise EnvError(f"{name} (or {name}_FILE) must be set")
    return default


def read_bool(name: str, *, default: bool) -> bool:
    """1/true/yes/on or 0/false/no/off, in any case."""
    value = read_str(name, "1" if default else "0").lower()
    if value not in _TRUE | _FALSE:
        raise EnvError(f"{name} must be 1 or 0")
    return value in _TRUE


def read_int(name: str, default: int) -> int:
    """A whole number."""
    try:
        return int(read_str(name, str(default)))
    except ValueError as error:
        raise EnvError(f"{name} must be a whole number") from error


def read_list(name: str, default: str = "") -> list[str]:
    """Words separated by commas; empty ones are left out."""
    return [word.strip() for word in read_str(name, default).split(",") if word.strip()]


def read_database(name: str = "DATABASE_URL") -> dict[str, object]:
    """A `postgres://user:password@host:port/name?option=value` URL as a Django database entry.

    `host` may also be given as an option, for a Unix socket's directory. Any other scheme is
    refused: the product runs on PostgreSQL only.
    """
    url = urlsplit(read_str(name))
    if url.scheme not in {"postgres", "postgresql"}:
        raise EnvError(f"{name} must begin with postgres://")
    options = dict(parse_qsl(url.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": options.pop("host", None) or url.hostname or "",
        "PORT": str(url.port or ""),
        "OPTIONS": options,
    }
