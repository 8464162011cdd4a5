import datetime as dt

import pytest

from community.core import clock
from community.core.errors import ConflictError, InvalidError
from community.models import AuditEntry
from meetups.exceptions import UnknownCodeError
from meetups.models import CheckIn, Rsvp
from meetups.selectors.door import (
    door_roster,
    door_sentence,
    door_totals,
    missing_rsvps,
    normal_code,
    with_attendance,
)
from meetups.services.checkin import Device, check_in_party, check_in_walk_in, undo_check_in
from meetups.services.rsvps import Answer, answer_rsvp
from tests.factories.community import member, organizer
from tests.factories.meetups import MeetupFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def door():
    meetup = MeetupFactory(capacity=4)
    return meetup, organizer(meetup.chapter)


def going(meetup, guests=0, **fields):
    return answer_rsvp(meetup=meetup, answer=Answer(guests=guests), by=member(**fields))


@pytest.mark.parametrize("typed", ["10AB-C10X", " loab c1ox ", "IOABCLOX", "1-0-a-b-c-i-0-x"])
def test_a_code_is_typed_as_one_likes(typed):
    assert normal_code(typed) == "10ABC10X"


def test_a_party_is_counted_once(door):
    meetup, boss = door
    rsvp = going(meetup, guests=1, name="Pat")
    first = check_in_party(meetup=meetup, code=rsvp.code, device=Device("a"), by=boss)
    again = check_in_party(meetup=meetup, code=rsvp.code, device=Device("a"), by=boss)
    other = check_in_party(meetup=meetup, code=rsvp.code.lower(), device=Device("b"), by=boss)
    assert [counted.is_new for counted in (first, again, other)] == [True, False, False]
    assert {counted.check_in.pk for counted in (first, again, other)} == {first.check_in.pk}
    assert CheckIn.objects.values_list("people", "noted_by").get() == (2, boss.pk)
    assert door_sentence(first.check_in, is_new=True) == "Pat is in, 2 people."
    assert "already" in door_sentence(again.check_in, is_new=False)


def test_walk_ins_are_told_apart_by_the_devices_number_alone(door):
    meetup, boss = door
    for number in ("a", "b", "a"):
        check_in_walk_in(meetup=meetup, device=Device(number), by=boss, people=2)
    assert CheckIn.objects.filter(rsvp=None).count() == 2
    assert door_totals(meetup).came == 4


def test_the_same_number_at_another_meetup_is_another_entry(door):
    meetup, boss = door
    other = MeetupFactory(chapter=meetup.chapter)
    for place in (meetup, other):
        assert check_in_walk_in(meetup=place, device=Device("a"), by=boss).is_new


def test_who_stands_at_the_door_came_whatever_they_answered(door):
    meetup, boss = door
    going(meetup, guests=3)
    waiting = going(meetup, name="Wanda")
    assert waiting.status == Rsvp.Status.WAITLISTED
    counted = check_in_party(meetup=meetup, code=waiting.code, device=Device("a"), by=boss)
    assert counted.is_new
    assert "on the waitlist" in door_sentence(counted.check_in, is_new=True)
    waiting.refresh_from_db()
    assert waiting.status == Rsvp.Status.WAITLISTED
    totals = door_totals(meetup)
    assert (totals.came, totals.going, totals.missing) == (1, 4, 1)


def test_unknown_codes_and_foreign_ones_are_told(door):
    meetup, boss = door
    elsewhere = going(MeetupFactory(chapter=meetup.chapter))
    for code in ("ZZZZZZZZ", elsewhere.code, "", "x" * 200):
        with pytest.raises(UnknownCodeError):
            check_in_party(meetup=meetup, code=code, device=Device("a"), by=boss)
    assert CheckIn.objects.count() == 0


def test_numbers_that_cannot_be_and_a_cancelled_meetup(door):
    meetup, boss = door
    for people in (0, 51):
        with pytest.raises(InvalidError):
            check_in_walk_in(meetup=meetup, device=Device("a"), by=boss, people=people)
    for number in ("", "x" * 65):
        with pytest.raises(InvalidError):
            check_in_walk_in(meetup=meetup, device=Device(number), by=boss)
    meetup.is_cancelled = True
    with pytest.raises(ConflictError):
        check_in_walk_in(meetup=meetup, device=Device("a"), by=boss)
    assert CheckIn.objects.count() == 0


@pytest.mark.parametrize(
    ("age", "is_believed"),
    [(dt.timedelta(hours=1), True), (dt.timedelta(days=3), False), (dt.timedelta(hours=-1), False)],
)
def test_a_devices_time_is_believed_within_reason(door, age, is_believed):
    meetup, boss = door
    said = clock.now() - age
    counted = check_in_walk_in(meetup=meetup, device=Device("a", said), by=boss)
    assert (counted.check_in.came_at == said) is is_believed
    assert is_believed or clock.now() - counted.check_in.came_at < dt.timedelta(minutes=1)


def test_undo_leaves_a_line_in_the_audit_trail(door):
    meetup, boss = door
    rsvp = going(meetup)
    counted = check_in_party(meetup=meetup, code=rsvp.code, device=Device("a"), by=boss)
    assert list(missing_rsvps(meetup)) == []
    undo_check_in(check_in=counted.check_in, by=boss)
    undo_check_in(check_in=counted.check_in, by=boss)
    assert list(missing_rsvps(meetup)) == [rsvp]
    assert AuditEntry.objects.filter(verb="check-in undone", actor=boss).count() == 1


def test_the_roster_holds_every_answer(door):
    meetup, _ = door
    going(meetup, guests=2, name="Ada")
    answer_rsvp(meetup=meetup, answer=Answer(status="not_going"), by=going(meetup, name="Bea").user)
    roster = door_roster(meetup)
    assert [(row["name"], row["people"], row["expected"]) for row in roster] == [
        ("Ada", 3, True),
        ("Bea", 1, False),
    ]


def test_attendance_is_known_only_where_people_were_counted(door):
    meetup, boss = door
    came, stayed_away = going(meetup), going(meetup)
    elsewhere = going(MeetupFactory(chapter=meetup.chapter))
    check_in_party(meetup=meetup, code=came.code, device=Device("a"), by=boss)
    found = {rsvp.pk: (rsvp.was_counted, rsvp.came) for rsvp in with_attendance(Rsvp.objects.all())}
    assert found == {
        came.pk: (True, True),
        stayed_away.pk: (True, False),
        elsewhere.pk: (False, False),
    }
