"""The versions of the voice's pages for strangers: each changes with what its page mainly shows.

A row's `xmin` is the transaction that wrote it last, so it is another as soon as the row is
(PostgreSQL documentation, 5.6 System Columns). What else stands on such a page is at most some
seconds old: see `community.core.public_pages`.
"""

from django.db import connection


def _version(query: str, slug: str) -> str | None:
    with connection.cursor() as cursor:  # before every page for strangers: no more than it needs
        cursor.execute(query, [slug])
        row = cursor.fetchone()
    return row and "|".join(str(value) for value in row)


def brainstorm_version(slug: str) -> str | None:
    """Every change of a card counts on in the row; None where strangers see nothing."""
    return _version(
        "SELECT xmin, last_seq FROM polls_brainstorm WHERE slug = %s AND is_public", slug
    )


def result_version(slug: str) -> str | None:
    """A result does not change, but whether its cards may be seen; None while it is not public."""
    return _version(
        "SELECT poll.xmin, pad.is_public FROM polls_poll poll"
        " LEFT JOIN polls_brainstorm pad ON pad.id = poll.brainstorm_id WHERE poll.slug = %s"
        " AND poll.is_public AND poll.state = 'closed' AND poll.opens_at IS NOT NULL",
        slug,
    )


def scorecard_version(slug: str) -> str | None:
    """Changes with the list, its issues and what observers say of them; None for a draft."""
    return _version(
        "SELECT list.xmin, count(issue.id), max(issue.xmin::text::bigint), count(said.id),"
        " extract(epoch FROM max(said.changed_at)) FROM polls_prioritylist list"
        " LEFT JOIN polls_priority issue ON issue.list_id = list.id"
        " LEFT JOIN polls_assessment said ON said.priority_id = issue.id"
        " WHERE list.slug = %s AND list.published_at IS NOT NULL GROUP BY list.id, list.xmin",
        slug,
    )


def election_version(slug: str) -> str | None:
    """Changes with the election, who stands, who inspects and what was entered from elsewhere."""
    return _version(
        "SELECT election.xmin,"
        " (SELECT count(*) || '.' || max(one.xmin::text::bigint) FROM polls_candidate one"
        " WHERE one.election_id = election.id),"
        " (SELECT count(*) || '.' || max(one.xmin::text::bigint) FROM polls_campaign one"
        " WHERE one.election_id = election.id),"
        " (SELECT count(*) || '.' || max(one.xmin::text::bigint) FROM polls_inspector one"
        " WHERE one.election_id = election.id),"
        " (SELECT count(*) || '.' || max(one.xmin::text::bigint) FROM polls_outsideresult one"
        " JOIN polls_candidate own ON own.id = one.candidate_id"
        " WHERE own.election_id = election.id)"
        " FROM polls_election election WHERE slug = %s AND announced_at IS NOT NULL",
        slug,
    )


def election_result_version(slug: str) -> str | None:
    """A count does not change, its signatures do; None before the announced moment."""
    return _version(
        "SELECT election.xmin, (SELECT count(one.signed_at) FROM polls_inspector one"
        " WHERE one.election_id = election.id) FROM polls_election election"
        " WHERE slug = %s AND (state = 'certified'"
        " OR (state = 'counted' AND results_at = 'close'))",
        slug,
    )
