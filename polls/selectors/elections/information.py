"""What the information pages, the home page and reminders read of elections."""

import datetime as dt
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from community.core import clock
from community.models import Membership, User
from polls import states
from polls.models import (
    Candidate,
    Election,
    ElectionEntry,
    ElectionQuerySet,
    Inspector,
    OutsideResult,
    RollEntry,
)
from polls.selectors.elections.results import are_results_out
from polls.selectors.elections.standing import own_entries

SOON = dt.timedelta(days=30)
FEED = 30
ENDED = (states.CLOSED, states.SEALED, states.COUNTED, states.CERTIFIED, states.CANCELLED)


def listed_elections(user: Any) -> ElectionQuerySet:
    """The elections `user` may see, those that close last at the top, dateless ones before."""
    rows = Election.objects.visible_to(user).select_related("chapter")
    return rows.order_by(F("closes_at").desc(nulls_first=True), "-pk")


def announced_elections() -> QuerySet[Election]:
    """Those everyone sees, the latest announced first."""
    rows = Election.objects.filter(announced_at__isnull=False).select_related("chapter")
    return rows.order_by("-announced_at", "-pk")


def members_told(election: Election) -> QuerySet[User]:
    """The chapter's members who can be told of its elections, in the order they were made."""
    members = Membership.objects.filter(chapter=election.chapter_id)
    return User.objects.filter(is_active=True, pk__in=members.values("user")).order_by("pk")


def log_of(election: Election) -> QuerySet[ElectionEntry]:
    """The public log, from its beginning."""
    return ElectionEntry.objects.filter(election=election).order_by("number")


def elections_to_vote_in(user: Any) -> list[Election]:
    """Open elections in which `user` is on the roll and has not voted; what closes first first."""
    if not user.is_authenticated:
        return []
    entries: QuerySet[RollEntry] = own_entries(user)
    on_roll, voted = entries.values("election"), entries.filter(has_voted=True).values("election")
    rows = Election.objects.filter(
        state=states.OPEN, closes_at__gt=clock.now(), pk__in=on_roll
    ).exclude(pk__in=voted)
    return list(rows.order_by("closes_at", "pk"))


def counts_to_certify(user: Any) -> list[Election]:
    """Counted elections that wait for `user`'s signature, the one counted first first."""
    if not user.is_authenticated:
        return []
    unsigned = Inspector.objects.filter(account=user.pk, signed_at=None).values("election")
    rows = Election.objects.filter(state=states.COUNTED, pk__in=unsigned)
    return list(rows.order_by("closed_at", "pk"))


def nominations_awaiting(user: Any) -> list[Candidate]:
    """Nominations that `user` can still accept or decline."""
    if not user.is_authenticated:
        return []
    now = clock.now()
    rows = Candidate.objects.filter(
        Q(election__nominations_close_at=None) | Q(election__nominations_close_at__gt=now),
        account=user.pk,
        state=states.NOMINATED,
        election__state=states.NOMINATING,
    )
    return list(rows.select_related("election__chapter").order_by("election", "pk"))


def elections_ahead(user: Any) -> list[Election]:
    """Announced elections of `user`'s chapters that take nominations, open soon, or run elsewhere.

    Soon is within 30 days. Those they can vote in here are not among them.
    """
    if not user.is_authenticated:
        return []
    now = clock.now()
    chapters = Membership.objects.filter(user=user.pk).values("chapter")
    coming = Q(state=states.DRAFT, opens_at__gt=now, opens_at__lte=now + SOON)
    elsewhere = Q(state=states.EXTERNAL, closes_at__gt=now, opens_at__lte=now + SOON)
    rows = Election.objects.filter(
        Q(state=states.NOMINATING) | coming | elsewhere,
        chapter__in=chapters,
        announced_at__isnull=False,
    )
    return list(rows.select_related("chapter").order_by("opens_at", "pk"))


def stage_of(election: Election) -> str:
    """Where in the list it stands: `drafts`, `running` now, `coming`, or `past`."""
    if election.announced_at is None and election.state != states.CANCELLED:
        return "drafts"
    if election.state in ENDED or election.is_over:
        return "past"
    has_begun = election.opens_at is not None and election.opens_at <= clock.now()
    runs_elsewhere = election.is_external and has_begun
    if election.state in (states.NOMINATING, states.OPEN) or runs_elsewhere:
        return "running"
    return "coming"


class FeedLine(NamedTuple):
    """An entry of the feed: that an election was announced, or that its result is out."""

    election: Election
    at: dt.datetime
    is_result: bool


def feed_lines() -> list[FeedLine]:
    """The feed's entries, the latest first."""
    elections = list(announced_elections()[:FEED])
    out_at = _when_out(elections)
    lines = []
    for election in elections:
        if election.announced_at is None:
            continue
        lines.append(FeedLine(election, election.announced_at, is_result=False))
        if election.pk in out_at:
            at = out_at[election.pk] or election.announced_at
            lines.append(FeedLine(election, at, is_result=True))
    return sorted(lines, key=lambda line: line.at, reverse=True)[:FEED]


def _when_out(elections: list[Election]) -> dict[int, dt.datetime | None]:
    """When each result that is out came out, by the log; None for those of recorded seasons."""
    entries = ElectionEntry.objects.filter(
        election__in=elections, event__in=("counted", "certified", "result_entered")
    )
    told = dict(entries.order_by("number").values_list("election", "at"))  # the last one counts
    rows = OutsideResult.objects.filter(candidate__election__in=elections)
    entered = set(rows.values_list("candidate__election", flat=True))
    return {
        election.pk: told.get(election.pk)
        for election in elections
        if (election.pk in entered if election.is_external else are_results_out(election))
    }
