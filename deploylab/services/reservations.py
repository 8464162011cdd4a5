"""Holding nodes: all or none, and never twice.

The node rows are locked in the order of their ids before anything is counted or written, so
that two reservations never deadlock; the exclusion constraint refuses an overlap whatever the
code does.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from community.core import clock
from community.core.errors import ForbiddenError
from community.models import User
from community.services.audit import record
from deploylab.exceptions import NodesNotAvailableError, UnknownNodeError, WindowError
from deploylab.models import Allocation, Node, Reservation
from deploylab.selectors.nodes import first_free_window, free_nodes, held_range
from deploylab.services.ending import stop_using
from deploylab.states import RESERVATION, EndReason, ReservationState

LATE_START = clock.seconds(60)


@dataclass(frozen=True)
class Wish:
    """What is asked for: by `names`, or `count` nodes with `traits`; no start means now."""

    ends_at: dt.datetime
    starts_at: dt.datetime | None = None
    count: int | None = None
    names: Sequence[str] = ()
    traits: Sequence[str] = field(default_factory=list)
    purpose: str = ""


@dataclass(frozen=True)
class Window:
    """`[starts_at, ends_at)`, and the turnaround held after it."""

    starts_at: dt.datetime
    ends_at: dt.datetime

    @property
    def held_until(self) -> dt.datetime:
        """When the next holder may begin."""
        return self.ends_at + clock.seconds(settings.LAB_TURNAROUND_S)


class _TakenError(Exception):
    """Somebody else holds `nodes`, or too few are free; ends the transaction and its locks."""

    def __init__(self, nodes: Sequence[Node] = ()) -> None:
        super().__init__()
        self.nodes = nodes


def _window(wish: Wish) -> Window:
    now = clock.now()
    starts_at = wish.starts_at or now
    if now - LATE_START <= starts_at < now:
        starts_at = now
    if starts_at < now:
        raise WindowError("That start is in the past. Nothing was reserved.", code="in_the_past")
    if wish.ends_at <= starts_at:
        raise WindowError(
            "The end must be after the start. Nothing was reserved.", code="backwards"
        )
    hours = (wish.ends_at - starts_at) / dt.timedelta(hours=1)
    if hours > settings.LAB_LONGEST_HOURS:
        raise WindowError(
            f"{hours:.0f} hours is too long; a reservation lasts at most "
            f"{settings.LAB_LONGEST_HOURS} hours.",
            code="too_long",
        )
    if starts_at > now + dt.timedelta(days=settings.LAB_HORIZON_DAYS):
        raise WindowError(
            f"Reservations begin within {settings.LAB_HORIZON_DAYS} days from now.",
            code="too_far_ahead",
        )
    return Window(starts_at, wish.ends_at)


def reserve_nodes(*, wish: Wish, by: User) -> Reservation:
    """Reserve what `wish` asks for, all of it or nothing, for `by`.

    A reservation whose window begins now is active at once. Raises WindowError,
    UnknownNodeError, and NodesNotAvailableError with the conflicts and the first free window.
    """
    window = _window(wish)
    taken: Sequence[Node] = ()
    try:
        with transaction.atomic():
            nodes = _lock_nodes(wish, window)
            return _hold(nodes, window, wish, by)
    except _TakenError as refusal:
        taken = refusal.nodes
    except IntegrityError as error:
        if "no_double_booking" not in str(error):
            raise
    # Said without the locks: the next in line need not wait for the words of a refusal.
    raise _not_available(wish, window, taken)


def _lock_nodes(wish: Wish, window: Window) -> list[Node]:
    """The nodes to hold, their rows locked in the order of ids."""
    held = held_range(window.starts_at, window.held_until)
    if wish.names:
        names = list(dict.fromkeys(wish.names))
        nodes = list(
            Node.objects.filter(name__in=names).order_by("pk").select_for_update(no_key=True)
        )
        unknown = sorted(set(names) - {node.name for node in nodes})
        if unknown:
            raise UnknownNodeError(f"There is no node named {', '.join(unknown)}.")
        free = set(
            free_nodes(held).filter(pk__in=[n.pk for n in nodes]).values_list("pk", flat=True)
        )
        taken = [node for node in nodes if node.pk not in free]
        if taken:
            raise _TakenError(taken)
        return nodes
    count = wish.count or 0
    total = Node.objects.count()
    if count < 1 or count > total:
        raise UnknownNodeError(f"The lab has {total} nodes; ask for 1 to {total}.", code="count")
    list(Node.objects.reservable().order_by("pk").select_for_update(no_key=True).values_list("pk"))
    nodes = list(free_nodes(held, list(wish.traits)).order_by("pk")[:count])
    if len(nodes) < count:
        raise _TakenError
    return nodes


def _hold(nodes: list[Node], window: Window, wish: Wish, by: User) -> Reservation:
    is_now = window.starts_at <= clock.now()
    reservation = Reservation.objects.create(
        chapter_id=nodes[0].chapter_id,
        holder=by,
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        purpose=wish.purpose,
        state=ReservationState.ACTIVE if is_now else ReservationState.PENDING,
    )
    held = held_range(window.starts_at, window.held_until)
    Allocation.objects.bulk_create(
        Allocation(reservation=reservation, node=node, held=held) for node in nodes
    )
    names = [node.name for node in nodes]
    record("reserved", ", ".join(names), by=by, chapter=reservation.chapter, id=str(reservation.pk))
    return reservation


def _conflicts(held: Any, taken: Sequence[Node], *, own: Reservation | None = None) -> list[Any]:
    """Who holds what in `held`, as answers show it; one's `own` reservation is no conflict."""
    rows = Allocation.objects.filter(is_live=True, held__overlap=held)
    if own is not None:
        rows = rows.exclude(reservation=own)
    if taken:
        rows = rows.filter(node__in=taken)
    return [
        {"node": row.node.name, "starts_at": row.held.lower, "ends_at": row.held.upper}
        for row in rows.select_related("node").order_by("node_id", "held")[:50]
    ]


def _not_available(wish: Wish, window: Window, taken: Sequence[Node]) -> NodesNotAvailableError:
    """The refusal, with what stands in the way and when it would work."""
    held = held_range(window.starts_at, window.held_until)
    count = len(wish.names) or wish.count or 1
    first = first_free_window(
        count=count,
        length=window.held_until - window.starts_at,
        earliest=window.starts_at,
        traits=list(wish.traits),
    )
    free = None
    if first:
        free = {
            "starts_at": first[0],
            "ends_at": first[0] + (window.ends_at - window.starts_at),
            "nodes": first[1][:count],
        }
    what = (
        f"{', '.join(node.name for node in taken)} cannot be had"
        if taken
        else ("Not enough nodes are free")
    )
    return NodesNotAvailableError(
        f"{what} in that window. Nothing was reserved.",
        conflicts=_conflicts(held, taken),
        first_free=free,
    )


def lock_reservation(reservation: Reservation) -> Reservation:
    """The reservation with its row locked until the transaction ends."""
    return Reservation.objects.select_for_update(no_key=True).get(pk=reservation.pk)


def release_reservation(*, reservation: Reservation, by: User) -> Reservation:
    """Hand the nodes back before the end; what still runs on them is stopped."""
    if reservation.holder_id != by.pk and not _organizes(by, reservation):
        raise ForbiddenError("Only the holder or an organizer can hand these nodes back.")
    with transaction.atomic():
        reservation = lock_reservation(reservation)
        began = reservation.state == ReservationState.ACTIVE
        reason = EndReason.RELEASED if began else EndReason.CANCELLED
        _end(reservation, reason)
        record("released", reservation.pk, by=by, chapter=reservation.chapter)
    return reservation


def _organizes(user: User, reservation: Reservation) -> bool:
    return user.is_superuser or reservation.chapter_id in user.organized_chapter_ids


def _end(reservation: Reservation, reason: str) -> None:
    reservation.state = RESERVATION.next(reservation.state, "end").target
    reservation.end_reason = reason
    reservation.ended_at = clock.now()
    reservation.epoch += 1  # commands asked for under the old epoch are refused from here on
    reservation.save(update_fields=["state", "end_reason", "ended_at", "epoch"])
    stop_using(reservation)
    reservation.allocations.update(is_live=False)


def extend_reservation(*, reservation: Reservation, ends_at: dt.datetime, by: User) -> Reservation:
    """Move the end; later only as far as nobody else holds a node, which is named otherwise."""
    with transaction.atomic():
        # Nodes first, then the reservation: the order every writer keeps.
        list(
            Node.objects.filter(allocations__reservation=reservation.pk)
            .order_by("pk")
            .select_for_update(no_key=True)
            .values_list("pk")
        )
        reservation = lock_reservation(reservation)
        RESERVATION.next(reservation.state, "end")  # refuses what has ended
        if ends_at <= clock.now():
            raise WindowError("That end is in the past. Hand the nodes back instead.")
        hours = (ends_at - reservation.starts_at) / dt.timedelta(hours=1)
        if hours > settings.LAB_LONGEST_HOURS:
            raise WindowError(
                f"A reservation lasts at most {settings.LAB_LONGEST_HOURS} hours.", code="too_long"
            )
        window = Window(reservation.starts_at, ends_at)
        held = held_range(window.starts_at, window.held_until)
        others = Allocation.objects.filter(
            is_live=True, held__overlap=held, node__allocations__reservation=reservation
        ).exclude(reservation=reservation)
        taken = [row.node for row in others.select_related("node").order_by("held")]
        if taken:
            conflicts = _conflicts(held, taken, own=reservation)
            turnaround = clock.seconds(settings.LAB_TURNAROUND_S)
            raise NodesNotAvailableError(
                f"{conflicts[0]['node']} is held by someone else then. The end stays as it was.",
                conflicts=conflicts,
                latest_end=min(row["starts_at"] for row in conflicts) - turnaround,
            )
        reservation.ends_at = ends_at
        reservation.save(update_fields=["ends_at"])
        reservation.allocations.update(held=held)
        record("extended", reservation.pk, by=by, chapter=reservation.chapter)
    return reservation


def run_due_reservations() -> int:
    """End what is over, then start what begins; returns how many moved.

    Ends come before starts, so that a node handed from one window to the next is free for it.
    Rows are claimed with SKIP LOCKED: two workers share the work instead of waiting.
    """
    moved = 0
    for state, due, act in (
        (ReservationState.ACTIVE, "ends_at", lambda row: _end(row, EndReason.EXPIRED)),
        (ReservationState.PENDING, "ends_at", lambda row: _end(row, EndReason.EXPIRED)),
        (ReservationState.PENDING, "starts_at", _start),
    ):
        while True:
            with transaction.atomic():
                row = (
                    Reservation.objects.select_for_update(skip_locked=True, no_key=True)
                    .filter(state=state, **{f"{due}__lte": clock.now()})
                    .order_by(due, "pk")
                    .first()
                )
                if row is None:
                    break
                act(row)
                moved += 1
    return moved


def _start(reservation: Reservation) -> None:
    reservation.state = RESERVATION.next(reservation.state, "start").target
    reservation.save(update_fields=["state"])
