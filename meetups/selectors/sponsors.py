"""Who pays for what: the rota of the months to come, and thanks for those that were."""

import datetime as dt
import zoneinfo
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, When
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from community.core import clock
from community.models import Chapter, Organization
from meetups.models import Meetup, SponsorKind, SponsorOffer, Sponsorship

MONTHS_AHEAD = 12
ROTA_KINDS = (SponsorKind.FOOD, SponsorKind.ROOM, SponsorKind.AV, SponsorKind.DRINKS)


@dataclass
class Slot:
    """One kind in one month: who has it; `is_next` for the kind's first free month."""

    kind: SponsorKind
    holders: list[str] = field(default_factory=list)
    is_next: bool = False


@dataclass
class RotaMonth:
    """One month of a chapter's rota; `month` is its first day."""

    chapter: Chapter
    month: dt.date
    slots: list[Slot]
    meetups: list[Meetup] = field(default_factory=list)

    @property
    def meetup(self) -> Meetup | None:
        """The month's first meetup."""
        return self.meetups[0] if self.meetups else None

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is to be said of it but that all is free."""
        return not self.meetup and not any(slot.holders or slot.is_next for slot in self.slots)


@dataclass
class ChapterRota:
    """A chapter's rota for reading: the months that say something, then those all free."""

    chapter: Chapter
    rows: list[RotaMonth]
    quiet: list[RotaMonth]


def month_of(meetup: Meetup) -> dt.date | None:
    """The first day of the month `meetup` is held in, in its own zone."""
    start = meetup.local_start
    return start.date().replace(day=1) if start else None


def months_ahead(chapter: Chapter, count: int = MONTHS_AHEAD) -> list[dt.date]:
    """The first days of this month and the following, `count` in all, by the chapter's clock."""
    today = clock.now().astimezone(zoneinfo.ZoneInfo(chapter.timezone)).date()
    first = today.year * 12 + today.month - 1
    return [dt.date(at // 12, at % 12 + 1, 1) for at in range(first, first + count)]


def slot_kind(sponsorship: Sponsorship) -> str:
    """Its kind, read from its own words where none was chosen."""
    words = {str(kind.label).lower(): kind.value for kind in SponsorKind}
    return sponsorship.kind or words.get(sponsorship.provides.strip().lower(), "")


def sponsor_rota(chapters: Iterable[Chapter]) -> list[RotaMonth]:
    """The next twelve months of each chapter, kind by kind.

    A slot is taken by a confirmed offer or by a sponsorship of a meetup of that month.
    """
    chapters = list(chapters)
    holders = _holders(chapters)
    meetups = _meetups_of_months(chapters)
    rota = []
    for chapter in chapters:
        open_kinds = set(ROTA_KINDS)
        for month in months_ahead(chapter):
            slots = [Slot(kind, holders[chapter.pk, month, kind.value]) for kind in ROTA_KINDS]
            for slot in slots:
                slot.is_next = not slot.holders and slot.kind in open_kinds
                if slot.is_next:
                    open_kinds.remove(slot.kind)
            rota.append(RotaMonth(chapter, month, slots, meetups[chapter.pk, month]))
    return rota


def rota_for_reading(chapters: Iterable[Chapter]) -> list[ChapterRota]:
    """The rota by chapter, with the quiet months at its end apart."""
    found = []
    for chapter, months in groupby(sponsor_rota(chapters), key=lambda row: row.chapter):
        rows, quiet = list(months), list[RotaMonth]()
        while rows and rows[-1].is_quiet:
            quiet.insert(0, rows.pop())
        found.append(ChapterRota(chapter, rows, quiet))
    return found


def _holders(chapters: list[Chapter]) -> dict[tuple[int, dt.date, str], list[str]]:
    holders: dict[tuple[int, dt.date, str], list[str]] = defaultdict(list)
    confirmed = SponsorOffer.objects.filter(
        chapter__in=chapters, state=SponsorOffer.State.CONFIRMED
    ).select_related("sponsorship__organization")
    for offer in confirmed.order_by("id"):
        given = offer.sponsorship
        name = given.organization.name if given else offer.organization_name
        holders[offer.chapter_id, offer.month, offer.kind].append(name)
    sponsorships = Sponsorship.objects.filter(meetup__in=_live_meetups(chapters))
    for sponsorship in sponsorships.select_related("meetup", "organization").order_by(
        "position", "id"
    ):
        meetup, month = sponsorship.meetup, month_of(sponsorship.meetup)
        if month is None:
            continue
        known = holders[meetup.chapter_id, month, slot_kind(sponsorship)]
        if sponsorship.organization.name not in known:
            known.append(sponsorship.organization.name)
    return holders


def _live_meetups(chapters: Iterable[Chapter]) -> QuerySet[Meetup]:
    return Meetup.objects.filter(
        chapter__in=chapters,
        season=None,
        is_cancelled=False,
        is_published=True,
        starts_at__gt=clock.now() - dt.timedelta(days=32),
    )


def _meetups_of_months(chapters: list[Chapter]) -> dict[tuple[int, dt.date], list[Meetup]]:
    found: dict[tuple[int, dt.date], list[Meetup]] = defaultdict(list)
    for meetup in _live_meetups(chapters).order_by("starts_at"):
        month = month_of(meetup)
        if month is not None:
            found[meetup.chapter_id, month].append(meetup)
    return found


def slot_holders(*, chapter: Chapter, month: dt.date, kind: str) -> list[str]:
    """Who has the slot; “something else” is never taken."""
    if kind == SponsorKind.OTHER:
        return []
    return _holders([chapter]).get((chapter.pk, month, kind), [])


def past_sponsors(chapters: Iterable[Chapter]) -> QuerySet[Organization]:
    """Organizations that paid for something at a meetup now over, with `times` counted.

    Two records of one meeting count once.
    """
    over = (
        Q(sponsorships__meetup__chapter__in=list(chapters))
        & Q(sponsorships__meetup__same_as=None, sponsorships__meetup__is_published=True)
        & (
            Q(sponsorships__meetup__season__isnull=False)
            | Q(sponsorships__meetup__ends_at__lte=clock.now())
        )
    )
    return (
        Organization.objects.filter(over)
        .annotate(times=Count("sponsorships__meetup", filter=over, distinct=True))
        .order_by("-times", "name")
    )


def offers_seen_by(user: Any) -> QuerySet[SponsorOffer]:
    """Offers to the chapters `user` organizes: undecided first, then by month."""
    return (
        SponsorOffer.objects.visible_to(user)
        .select_related("chapter", "sponsorship__meetup", "decided_by")
        .order_by(
            Case(When(state=SponsorOffer.State.PROPOSED, then=0), default=1), "month", "kind", "id"
        )
    )


def thanks_for(sponsorships: Iterable[Sponsorship]) -> list[str]:
    """One sentence of thanks for each sponsor: the organizers' own, else one from what was given.

    A sponsor's own text stands first; what has none is gathered by organization.
    """
    written: list[str] = []
    given: dict[str, list[str]] = defaultdict(list)
    for sponsorship in sponsorships:
        if sponsorship.thanks:
            written.append(sponsorship.thanks)
        else:
            given[sponsorship.organization.name].append(_what(sponsorship))
    for who, what in given.items():
        named = list(dict.fromkeys(filter(None, what)))
        if named:
            written.append(
                _("Thanks to %(who)s for %(what)s.")
                % {"who": who, "what": get_text_list(named, _("and"))}
            )
        else:
            written.append(_("Thanks to %(who)s.") % {"who": who})
    return written


def _what(sponsorship: Sponsorship) -> str:
    if sponsorship.provides:
        return sponsorship.provides
    plain = {SponsorKind.OTHER.value: "", "": ""}
    return plain.get(sponsorship.kind, sponsorship.get_kind_display())
