"""Who is in, who is missing: what the people at the door need to know."""

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.utils.translation import gettext as _

from meetups.models import CheckIn, Meetup, Rsvp

Status, Mode = Rsvp.Status, Rsvp.Mode
# What is read or typed for a digit: none of these letters is in a code.
_LOOK_ALIKES = str.maketrans("OIL", "011")
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015_.]+")


def normal_code(typed: str) -> str:
    """A typed code as it is stored: capitals, without spaces and dashes, O as 0, I and L as 1."""
    return _BETWEEN.sub("", typed).upper().translate(_LOOK_ALIKES)


@dataclass(frozen=True)
class Totals:
    """People at the door: `came` with guests and walk-ins, `going` as answered, both in the room.

    `missing` counts the parties that are going and not in yet.
    """

    came: int
    walk_ins: int
    going: int
    missing: int


def check_ins_of(meetup: Meetup) -> QuerySet[CheckIn]:
    """Who came, the latest first."""
    return (
        CheckIn.objects.filter(meetup=meetup)
        .select_related("rsvp__user")
        .order_by("-came_at", "-id")
    )


def missing_rsvps(meetup: Meetup) -> QuerySet[Rsvp]:
    """Parties with a place in the room that are not in yet, by name."""
    return (
        Rsvp.objects.filter(
            meetup=meetup, status=Status.GOING, mode=Mode.IN_PERSON, check_in__isnull=True
        )
        .select_related("user")
        .order_by("user__name", "user__email")
    )


def counted_at_the_door(meetup: Meetup) -> int:
    """How many people were checked in, walk-ins included."""
    people = CheckIn.objects.filter(meetup=meetup).aggregate(people=Sum("people"))["people"]
    return int(people or 0)


def door_totals(meetup: Meetup) -> Totals:
    """How many are in, of how many."""
    check_ins = CheckIn.objects.filter(meetup=meetup).order_by()
    walk_ins = check_ins.filter(rsvp=None).aggregate(people=Sum("people"))["people"]
    return Totals(
        came=counted_at_the_door(meetup),
        walk_ins=walk_ins or 0,
        going=Meetup.objects.values_list("going", flat=True).get(pk=meetup.pk),
        missing=missing_rsvps(meetup).order_by().count(),
    )


def door_roster(meetup: Meetup) -> list[dict[str, Any]]:
    """Every answer to `meetup` with its code: what a device needs to work without a network."""
    rsvps = Rsvp.objects.filter(meetup=meetup).select_related("user", "check_in")
    return [
        {
            "code": rsvp.code,
            "name": rsvp.user.display_name,
            "people": rsvp.party_size,
            "status": rsvp.status,
            "expected": rsvp.status == Status.GOING and rsvp.mode == Mode.IN_PERSON,
        }
        for rsvp in rsvps.order_by("user__name", "user__email")
    ]


def with_attendance(rsvps: QuerySet[Rsvp]) -> QuerySet[Rsvp]:
    """`rsvps`, each with `came` and with `was_counted`: whether its meetup checked people in."""
    counted = CheckIn.objects.filter(meetup=OuterRef("meetup"))
    return rsvps.annotate(
        came=Exists(CheckIn.objects.filter(rsvp=OuterRef("pk"))), was_counted=Exists(counted)
    )


def name_at_the_door(check_in: CheckIn) -> str:
    """The person's name; a walk-in who gave none is just that."""
    if check_in.rsvp is not None:
        return check_in.rsvp.user.display_name
    return check_in.name or _("A walk-in")


def door_sentence(check_in: CheckIn, *, is_new: bool) -> str:
    """What the door is told: who is in, how many, and what is odd about it."""
    words = {"name": name_at_the_door(check_in), "people": check_in.people}
    if not is_new:
        return _("%(name)s was in already. Nothing was changed.") % words
    if check_in.people > 1:
        sentence = _("%(name)s is in, %(people)s people.") % words
    else:
        sentence = _("%(name)s is in.") % words
    rsvp = check_in.rsvp
    if rsvp is None or (rsvp.status == Status.GOING and rsvp.mode == Mode.IN_PERSON):
        return sentence
    odd = {
        Status.GOING: _("They had answered to come online."),
        Status.WAITLISTED: _("They are on the waitlist: they have no place in the room."),
        Status.OFFERED: _("They were offered a place and had not taken it."),
        Status.NOT_GOING: _("They had answered that they do not come."),
    }
    return f"{sentence} {odd[Status(rsvp.status)]}"
