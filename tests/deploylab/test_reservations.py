import datetime as dt

import pytest

from community.core import clock
from deploylab.models import Allocation, PowerCommand, Reservation
from deploylab.selectors.nodes import first_free_window
from deploylab.services.reaper import reap
from deploylab.services.reservations import Wish, reserve_nodes, run_due_reservations
from tests.factories.community import participant
from tests.factories.deploylab import NodeFactory, deploy, hours_from_now, reserve

pytestmark = pytest.mark.django_db(transaction=True)


def _later(name):
    wish = Wish(starts_at=hours_from_now(3), ends_at=hours_from_now(4), names=[name])
    return reserve_nodes(wish=wish, by=participant())


def test_windows_begin_and_end_by_themselves_the_ends_first():
    node = NodeFactory()
    first, second = reserve(), _later(node.name)
    assert (first.state, second.state) == ("active", "pending")
    past, soon = clock.now() - dt.timedelta(seconds=1), hours_from_now(1)
    Reservation.objects.filter(pk=first.pk).update(
        starts_at=past - dt.timedelta(hours=1), ends_at=past
    )
    Reservation.objects.filter(pk=second.pk).update(starts_at=past, ends_at=soon)
    assert run_due_reservations() == 2
    for row in (first, second):
        row.refresh_from_db()
    assert (first.state, first.end_reason, second.state) == ("ended", "expired", "active")
    assert run_due_reservations() == 0
    assert Allocation.objects.filter(is_live=True).get().reservation == second


def test_the_nodes_are_powered_off_at_the_end_and_what_ran_is_stopped():
    node = NodeFactory()
    deployment = deploy()
    Reservation.objects.update(starts_at=clock.now() - dt.timedelta(hours=1), ends_at=clock.now())
    reap()
    off = PowerCommand.objects.get(node=node, reservation=None)
    assert (off.action, off.epoch) == ("off", None)
    from deploylab.tasks import cancel_deployment

    cancel_deployment(str(deployment.pk))  # what the release enqueued
    deployment.refresh_from_db()
    assert deployment.state == "cancelled"


def test_the_turnaround_belongs_to_the_held_range(settings):
    node = NodeFactory()
    mine = reserve()
    begin = mine.ends_at + dt.timedelta(seconds=settings.LAB_TURNAROUND_S)
    wish = Wish(starts_at=begin, ends_at=begin + dt.timedelta(hours=1), names=[node.name])
    assert reserve_nodes(wish=wish, by=participant()).state == "pending"
    early = Wish(starts_at=begin - dt.timedelta(seconds=1), ends_at=begin, names=[node.name])
    with pytest.raises(Exception, match="cannot be had"):
        reserve_nodes(wish=early, by=participant())


def test_nodes_that_are_not_good_are_not_given_out():
    good, bad = NodeFactory(), NodeFactory(health="maintenance")
    found = first_free_window(
        count=1, length=dt.timedelta(hours=1), earliest=clock.now(), traits=[]
    )
    assert found[1] == [good.name]
    for wish in (
        Wish(ends_at=hours_from_now(1), count=2),
        Wish(ends_at=hours_from_now(1), names=[bad.name]),
    ):
        with pytest.raises(Exception, match="Nothing was reserved") as refusal:
            reserve_nodes(wish=wish, by=participant())
        assert refusal.value.code == "nodes_not_available"
        assert refusal.value.extra["first_free"] is None or wish.names
    assert Reservation.objects.count() == 0


def test_traits_are_asked_for_together():
    NodeFactory(traits=["gpu"])
    both = NodeFactory(traits=["gpu", "ssd"])
    wish = Wish(ends_at=hours_from_now(1), count=1, traits=["gpu", "ssd"])
    assert [n.name for n in reserve_nodes(wish=wish, by=participant()).nodes.all()] == [both.name]
