from functools import partial

import pytest
from django.db import IntegrityError, transaction

from deploylab.exceptions import NodesNotAvailableError
from deploylab.models import Allocation, Reservation
from deploylab.selectors.nodes import held_range
from deploylab.services.reservations import Wish, release_reservation, reserve_nodes
from tests.concurrency.stampede import stampede
from tests.factories.community import participant
from tests.factories.deploylab import NodeFactory, hours_from_now

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

WRITERS = 16


def _outcome(results):
    won = [result for result in results if isinstance(result, Reservation)]
    lost = [result for result in results if isinstance(result, NodesNotAvailableError)]
    other = [r for r in results if not isinstance(r, Reservation | NodesNotAvailableError)]
    return won, lost, other


def test_sixteen_writers_want_one_node_again_and_again():
    """150 rounds are in bench/; ten here show one winner each and no deadlock."""
    node = NodeFactory()
    users = [participant() for _ in range(WRITERS)]
    for _ in range(10):
        wish = Wish(ends_at=hours_from_now(1), names=[node.name])
        calls = [partial(reserve_nodes, wish=wish, by=user) for user in users]
        won, lost, other = _outcome(stampede(calls, width=WRITERS))
        assert (len(won), len(lost), other) == (1, WRITERS - 1, [])
        release_reservation(reservation=won[0], by=won[0].holder)


def test_six_of_twenty_nodes_are_given_out_whole():
    NodeFactory.create_batch(20)
    users = [participant() for _ in range(WRITERS)]
    wish = Wish(ends_at=hours_from_now(1), count=6)
    calls = [partial(reserve_nodes, wish=wish, by=user) for user in users]
    won, lost, other = _outcome(stampede(calls, width=WRITERS))
    assert (len(won), len(lost), other) == (3, WRITERS - 3, [])
    held = [node.pk for reservation in won for node in reservation.nodes.all()]
    assert len(held) == len(set(held)) == 18


def test_the_database_refuses_an_overlap_whatever_the_code_does():
    node = NodeFactory()
    user = participant()
    first = reserve_nodes(wish=Wish(ends_at=hours_from_now(2), names=[node.name]), by=user)
    second = Reservation.objects.create(
        chapter=node.chapter,
        holder=user,
        starts_at=hours_from_now(1),
        ends_at=hours_from_now(3),
        state="pending",
    )
    held = held_range(second.starts_at, second.ends_at)
    with pytest.raises(IntegrityError, match="no_double_booking"), transaction.atomic():
        Allocation.objects.create(reservation=second, node=node, held=held)
    Allocation.objects.filter(reservation=first).update(is_live=False)
    Allocation.objects.create(reservation=second, node=node, held=held)


def test_control_without_locks_the_constraint_still_gives_one_winner(monkeypatch):
    """The locks make it quick and kind; the constraint alone makes it true."""
    node = NodeFactory()
    users = [participant() for _ in range(WRITERS)]
    monkeypatch.setattr(
        "deploylab.services.reservations._lock_nodes", lambda _wish, _window: [node]
    )
    wish = Wish(ends_at=hours_from_now(1), names=[node.name])
    calls = [partial(reserve_nodes, wish=wish, by=user) for user in users[:4]]
    results = stampede(calls, width=4)
    assert sum(isinstance(result, Reservation) for result in results) == 1
    assert Allocation.objects.filter(node=node, is_live=True).count() == 1
