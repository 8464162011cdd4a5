import datetime as dt
import json
from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Exists, OuterRef, QuerySet

from deploylab.models import Allocation, Node, Reservation
from deploylab.states import Health, Provision, ReservationState


def held_range(starts_at: dt.datetime, ends_at: dt.datetime) -> DateTimeTZRange:
    """The half-open range `[starts_at, ends_at)`."""
    return DateTimeTZRange(starts_at, ends_at, "[)")


def free_nodes(window: DateTimeTZRange, traits: list[str] | None = None) -> QuerySet[Node]:
    """Nodes that can be reserved and that nobody holds in `window`, with all of `traits`."""
    held = Allocation.objects.filter(node=OuterRef("pk"), is_live=True, held__overlap=window)
    nodes = Node.objects.reservable().filter(~Exists(held))
    return nodes.filter(traits__contains=traits) if traits else nodes


def nodes_of_user(user: Any) -> set[int]:
    """The ids of the nodes `user` holds now."""
    if not user.is_authenticated:
        return set()
    return set(
        Allocation.objects.filter(
            reservation__holder=user.pk,
            reservation__state=ReservationState.ACTIVE,
            is_live=True,
        ).values_list("node_id", flat=True)
    )


def active_reservation(node: Node) -> Reservation | None:
    """The reservation that holds `node` now."""
    return Reservation.objects.filter(
        allocations__node=node, allocations__is_live=True, state=ReservationState.ACTIVE
    ).first()


_FIRST_WINDOW = """
WITH usable AS (
    SELECT id, name FROM deploylab_node
    WHERE health = %(health)s AND provision_state = ANY(%(provision)s)
      AND traits @> %(traits)s::jsonb
), starts AS (
    SELECT %(earliest)s::timestamptz AS at
    UNION
    SELECT upper(held) FROM deploylab_allocation
    WHERE is_live AND upper(held) > %(earliest)s AND node_id IN (SELECT id FROM usable)
)
SELECT starts.at, array_agg(usable.name ORDER BY usable.id)
FROM starts CROSS JOIN usable
WHERE NOT EXISTS (
    SELECT 1 FROM deploylab_allocation held
    WHERE held.is_live AND held.node_id = usable.id
      AND held.held && tstzrange(starts.at, starts.at + make_interval(secs => %(length)s), '[)')
)
GROUP BY starts.at HAVING count(*) >= %(count)s
ORDER BY starts.at LIMIT 1
"""


def first_free_window(
    *, count: int, length: dt.timedelta, earliest: dt.datetime, traits: list[str] | None = None
) -> tuple[dt.datetime, list[str]] | None:
    """The first instant when `count` nodes are free for `length`, and their names.

    Looks from `earliest` on at nodes with all of `traits`; None where there never are that many.

    A window can only become free when a held range ends, so those ends are the candidates.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _FIRST_WINDOW,
            {
                "health": Health.GOOD,
                "provision": [Provision.AVAILABLE, Provision.ACTIVE],
                "traits": json.dumps(traits or []),
                "earliest": earliest,
                "length": length.total_seconds(),
                "count": count,
            },
        )
        row = cursor.fetchone()
    return (row[0], list(row[1])) if row else None
