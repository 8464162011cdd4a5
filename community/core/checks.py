"""System checks: the house refuses to start on ground that would not hold it."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from community.core.middleware import is_loopback

_LEAST_POSTGRESQL = 150000


@register(Tags.database)
def check_database(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """PostgreSQL 15 or newer at READ COMMITTED.

    Under REPEATABLE READ a row lock no longer protects a count read after it: measured, the same
    reservation code then let 20 of 20 through.
    """
    problems: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute("SHOW default_transaction_isolation")
            (isolation,) = cursor.fetchone()
            cursor.execute("SHOW server_version_num")
            (version,) = cursor.fetchone()
        if isolation != "read committed":
            problems.append(
                Error(
                    f"The database's isolation is {isolation}; it must be read committed.",
                    id="stackers.E001",
                )
            )
        if int(version) < _LEAST_POSTGRESQL:
            problems.append(Error("PostgreSQL 15 or newer is needed.", id="stackers.E002"))
    return problems


@register()
def check_demo(
    app_configs: Sequence[AppConfig] | None = None,  # noqa: ARG001 - the framework passes it
    **_: Any,
) -> list[CheckMessage]:
    """The demo's passwords are public: it may be bound to this machine's own address alone."""
    if settings.DEMO and not is_loopback(settings.BIND_HOST):
        return [
            Error(
                f"The demo refuses to be bound to {settings.BIND_HOST}: its passwords are public.",
                hint="Bind it to 127.0.0.1, or start with --empty.",
                id="stackers.E003",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def check_secrets(
    app_configs: Sequence[AppConfig] | None = None,  # noqa: ARG001 - the framework passes it
    **_: Any,
) -> list[CheckMessage]:
    """Keys that open, and no demo in production."""
    from community.core.secretbox import seal, unseal  # needs configured settings

    problems: list[CheckMessage] = []
    try:
        unseal(seal("probe"))
    except ValueError:
        problems.append(
            Error(
                "CREDENTIALS_KEY is not a Fernet key.",
                hint="32 bytes, URL-safe base64.",
                id="stackers.E004",
            )
        )
    if settings.DEMO:
        problems.append(Error("DEMO is on.", id="stackers.E005"))
    return problems
