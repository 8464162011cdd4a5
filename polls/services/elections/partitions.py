"""The table of ballots of one election: made at the opening, replaced at the sealing.

A partition is made apart and attached, which does not lock out voters of other elections; to
detach one does, for the moment until the commit, so that comes last. Whoever makes or drops one
takes turns with all who do: else each would wait for a lock on the common table that the other
holds in part.
"""

from collections.abc import Sequence

from django.db import OperationalError, connection
from psycopg import sql
from psycopg.errors import LockNotAvailable

from polls.exceptions import BallotsBusyError
from polls.models import Election

PARENT = sql.Identifier("polls_secretballot")
PATIENCE_MS = 2000


def hold_partitions() -> None:
    """Wait for one's turn, and have it until the transaction ends; voters are not held up.

    To be called before anything in the same transaction reads ballots.
    """
    _run(sql.SQL("LOCK TABLE {} IN SHARE UPDATE EXCLUSIVE MODE").format(PARENT))


def open_partition(election: Election) -> None:
    """Make room for the ballots of `election`."""
    hold_partitions()
    table = _table(election, "open")
    _run(
        sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(table, PARENT),
        _attached(election, table),
    )


def seal_partition(election: Election, employers: Sequence[str]) -> None:
    """Copy the ballots into a fresh table ordered by their random ids, and drop the old one.

    The caller has its turn by `hold_partitions`. Raises BallotsBusyError.
    All rows then have one and the same transaction, and neither the order nor the dead row
    versions of the open days are left. Revote codes are forgotten; of employers those in
    `employers` stay, others become "other". To be called in a transaction.
    """
    old, new = _table(election, "open"), _table(election, "sealed")
    _run(
        sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(new, PARENT),
        sql.SQL(
            "INSERT INTO {} (election_id, id, choices, employer, revote_hash) "
            "SELECT election_id, id, choices, "
            "CASE WHEN employer = ANY({}) THEN employer ELSE 'other' END, NULL "
            "FROM {} ORDER BY id"
        ).format(new, sql.Literal(list(employers)), old),
    )
    _drop(old)
    _run(_attached(election, new))


def drop_partition(election: Election) -> None:
    """Destroy the ballots of an election that is cancelled, where it has any.

    Raises BallotsBusyError.
    """
    hold_partitions()
    table = _table(election, "open")
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [f"polls_secretballot_{election.pk}_open"])
        (found,) = cursor.fetchone()
    if found is not None:
        _drop(table)


def _drop(table: sql.Identifier) -> None:
    """Take a partition away, or raise BallotsBusyError where the common table is not free soon.

    Voters of all elections queue behind this wait, and a backup reads the table for as long as it
    takes.
    """
    try:
        _run(
            sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(PATIENCE_MS)),
            sql.SQL("ALTER TABLE {} DETACH PARTITION {}").format(PARENT, table),
            sql.Composed([sql.SQL("SET LOCAL lock_timeout TO DEFAULT")]),
            sql.SQL("DROP TABLE {}").format(table),
        )
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        raise BallotsBusyError(
            "The table of ballots is being read just now, perhaps for a backup. Nothing was "
            "changed; try again in a minute."
        ) from None


def _table(election: Election, word: str) -> sql.Identifier:
    return sql.Identifier(f"polls_secretballot_{election.pk}_{word}")


def _attached(election: Election, table: sql.Identifier) -> sql.Composed:
    return sql.SQL("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES IN ({})").format(
        PARENT, table, sql.Literal(election.pk)
    )


def _run(*statements: sql.Composable) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
