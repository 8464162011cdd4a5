"""Elections with rolls."""

import datetime as dt

from community.core import clock
from polls.models import Election, RollEntry
from polls.services.elections.tokens import link_secrets
from tests.factories.community import ChapterFactory


def election(state="open", **fields):
    """One that is announced; open ones since an hour, for three days."""
    now = clock.now()
    made = {
        "chapter": fields.pop("chapter", None) or ChapterFactory(),
        "slug": f"board-{Election.objects.count()}",
        "title": "The board 2026",
        "state": state,
        "announced_at": now - dt.timedelta(days=9),
        "opens_at": now - dt.timedelta(hours=1),
        "closes_at": now + dt.timedelta(days=3),
    }
    if state in ("open", "closed"):
        made["opened_at"] = now - dt.timedelta(hours=1)
    if state == "closed":
        made["closed_at"] = now
    return Election.objects.create(**(made | fields))


def entry(of, email="voter@example.org", **fields):
    return RollEntry.objects.create(
        election=of, email=email, **({"reason": "member of Austin"} | fields)
    )


def token_of(line):
    """The personal token of a line of an open election's roll, valid from here on."""
    line.refresh_from_db()
    (path,) = link_secrets({"entry": line.pk, "nonce": line.token_nonce.hex}).values()
    return path.split("/")[2]
