"""Who may vote in a poll, counted and listed; `PollQuerySet.open_to` asks the same of one person.

Addresses on a list that belong to no account count too: their owners may still come.
"""

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from community.models import Membership, User
from meetups.models import CheckIn, Rsvp
from polls.models import Ballot, Poll, PollVoter


def voters_of(poll: Poll) -> QuerySet[User]:
    """The accounts that may vote in `poll`, in the order they were made."""
    people = User.objects.filter(is_active=True).order_by("pk")
    if poll.electorate == Poll.Electorate.CHAPTER:
        members = Membership.objects.filter(chapter=poll.chapter_id)
        return people.filter(pk__in=members.values("user"))
    if poll.electorate == Poll.Electorate.MEETUP:
        going = Rsvp.objects.filter(meetup=poll.meetup_id, status=Rsvp.Status.GOING)
        came = CheckIn.objects.filter(meetup=poll.meetup_id, rsvp__user__isnull=False)
        return people.filter(Q(pk__in=going.values("user")) | Q(pk__in=came.values("rsvp__user")))
    listed = PollVoter.objects.filter(poll=poll).values("email")
    confirmed = _confirmed().filter(address__in=listed)
    return people.alias(own=Lower("email")).filter(
        Q(own__in=listed) | Q(pk__in=confirmed.values("user"))
    )


def addresses_without_account(poll: Poll) -> QuerySet[PollVoter]:
    """The addresses on the list of `poll` that no account has, in their order."""
    listed = PollVoter.objects.filter(poll=poll).order_by("email")
    if poll.electorate != Poll.Electorate.EMAILS:
        return listed.none()
    known = User.objects.filter(is_active=True).annotate(own=Lower("email"))
    return listed.exclude(email__in=known.values("own")).exclude(
        email__in=_confirmed().filter(user__is_active=True).values("address")
    )


def _confirmed() -> QuerySet[EmailAddress]:
    confirmed = EmailAddress.objects.filter(verified=True)
    found: QuerySet[EmailAddress] = confirmed.annotate(address=Lower("email"))
    return found


def who_has_not_voted(poll: Poll) -> QuerySet[User]:
    """Those of `voters_of` without a ballot."""
    voted = Ballot.objects.filter(poll=poll, voter__isnull=False)
    return voters_of(poll).exclude(pk__in=voted.values("voter"))


def electorate_size(poll: Poll, ballots: int | None = None) -> int:
    """How many may vote, together with those who have voted and may no longer.

    `ballots` is their number, where it is known already.
    """
    if ballots is None:
        ballots = Ballot.objects.filter(poll=poll).count()
    return who_has_not_voted(poll).count() + addresses_without_account(poll).count() + ballots
