"""The roll of an election as its organizers see it, and as the people on it do."""

import datetime as dt
import zoneinfo
from collections.abc import Iterable, Sequence
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower

from community.core.errors import ForbiddenError, NotFoundError
from community.models import Chapter, Mail, Membership, User
from polls import states
from polls.models import Election, RollEntry, RollRequest
from polls.selectors.elections.elections import election_for, is_run_by
from polls.selectors.elections.standing import entry_of

LINK = "polls/election_link"
# What the address of somebody ends in who has deleted their account; no mail goes there.
GONE = "@deleted.invalid"


def organized_election(user: Any, slug: str) -> Election:
    """The election at `slug`, for one of its organizers.

    Raises NotFoundError for what `user` may not see, ForbiddenError for what others run.
    """
    election = election_for(slug, user)
    if not is_run_by(election, user):
        raise ForbiddenError("You do not run this chapter's elections.")
    return election


def entry_on(election: Election, pk: int) -> RollEntry:
    """The entry with this id. Raises NotFoundError."""
    entry = RollEntry.objects.filter(election=election, pk=pk).first()
    if entry is None:
        raise NotFoundError("There is no such entry on this roll.")
    return entry


def request_in(election: Election, pk: int) -> RollRequest:
    """The request with this id. Raises NotFoundError."""
    found = requests_of(election).select_related("election").filter(pk=pk).first()
    if found is None:
        raise NotFoundError("There is no such request.")
    return found


def roll_of(election: Election, search: str = "") -> QuerySet[RollEntry]:
    """The entries in the order of their addresses; `search` is a part of an address or name."""
    entries = RollEntry.objects.filter(election=election).order_by("email", "pk")
    search = search.replace("\x00", "").strip()
    if search:
        entries = entries.filter(Q(email__icontains=search) | Q(name__icontains=search))
    return entries


def roll_numbers(election: Election) -> dict[str, int]:
    """How many are on the roll, and how many of all of them have voted."""
    return RollEntry.objects.filter(election=election).aggregate(
        size=Count("pk"), voted=Count("pk", filter=Q(has_voted=True))
    )


def link_mails(entries: Sequence[RollEntry]) -> dict[int, Mail]:
    """The latest mail with the present link of each of `entries`, by the entry's id."""
    nonces = {entry.pk: entry.token_nonce.hex for entry in entries if entry.token_nonce}
    mails = Mail.objects.filter(
        purpose=LINK, to__in=[entry.email for entry in entries if entry.token_nonce]
    ).defer("text", "html", "calendar")
    return {
        mail.about["entry"]: mail
        for mail in mails.order_by("created_at")
        if mail.about.get("nonce") == nonces.get(mail.about.get("entry", 0), "")
    }


def waiting_requests(election: Election) -> QuerySet[RollRequest]:
    """Requests without an answer, the oldest first."""
    return requests_of(election).filter(state=RollRequest.State.ASKED)


def decided_requests(election: Election) -> QuerySet[RollRequest]:
    """Requests with their answers, the latest first."""
    return requests_of(election).exclude(state=RollRequest.State.ASKED).order_by("-decided_at")


def requests_of(election: Election) -> QuerySet[RollRequest]:
    """All of them, the oldest first."""
    requests = RollRequest.objects.filter(election=election)
    return requests.select_related("account", "decided_by")


def takes_requests(election: Election) -> bool:
    """Whether one can ask to be on the roll, and be answered."""
    before = election.state in (states.DRAFT, states.NOMINATING)
    return (before and not election.is_over) or election.takes_ballots


def standing_context(election: Election, user: Any) -> dict[str, Any]:
    """What `polls/elections/_standing.html` shows: `entry`, `request_of_mine`, `takes_requests`."""
    mine = None
    if user.is_authenticated:
        mine = requests_of(election).filter(account=user.pk).order_by("asked_at").last()
    return {
        "entry": entry_of(election, user),
        "request_of_mine": mine,
        "takes_requests": takes_requests(election),
    }


def accounts_by_address(emails: Iterable[str]) -> dict[str, int]:
    """Ids of the accounts that have these addresses (in lower case): their own, or confirmed."""
    wanted = list(emails)
    confirmed = EmailAddress.objects.filter(verified=True, user__is_active=True)
    found = confirmed.annotate(address=Lower("email")).filter(address__in=wanted)
    own = User.objects.filter(is_active=True).annotate(address=Lower("email"))
    return dict(found.values_list("address", "user")) | dict(
        own.filter(address__in=wanted).values_list("address", "pk")
    )


def members_by_rule(
    election: Election, chapter: Chapter, since: dt.date | None
) -> QuerySet[Membership]:
    """Members of `chapter` who joined on or before `since`, and are not on the roll."""
    members = Membership.objects.filter(chapter=chapter, user__is_active=True)
    if since is not None:
        zone = zoneinfo.ZoneInfo(chapter.timezone)
        end = dt.datetime.combine(since + dt.timedelta(days=1), dt.time(), zone)
        members = members.filter(since__lt=end)
    entries = RollEntry.objects.filter(election=election)
    confirmed = EmailAddress.objects.filter(verified=True).annotate(address=Lower("email"))
    listed = confirmed.filter(address__in=entries.values("email"))
    return (
        members.alias(address=Lower("user__email"))
        .exclude(user__in=entries.filter(account__isnull=False).values("account"))
        .exclude(address__in=entries.values("email"))
        .exclude(user__in=listed.values("user"))
        .select_related("user")
        .order_by("user__email")
    )
