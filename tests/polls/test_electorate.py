"""Who may vote: the count and the list say the same as the question about one person."""

import pytest
from allauth.account.models import EmailAddress

from community.core import clock
from community.models import User
from meetups.models import CheckIn, Rsvp
from polls.models import Poll, PollVoter
from polls.selectors.electorate import (
    addresses_without_account,
    electorate_size,
    voters_of,
    who_has_not_voted,
)
from polls.services.ballots import cast_ballot
from tests.factories.community import ChapterFactory, UserFactory, member, organizer
from tests.factories.meetups import MeetupFactory
from tests.factories.polls import PollFactory

pytestmark = pytest.mark.django_db


def crowd():
    """People of every kind, and a poll of each electorate among them."""
    austin, boston = ChapterFactory(), ChapterFactory(slug="boston")
    meetup, other = MeetupFactory(), MeetupFactory()
    people = {
        "member": member(austin), "organizer": organizer(austin), "elsewhere": member(boston),
        "nobody": UserFactory(), "gone": member(austin, is_active=False),
    }  # fmt: skip
    for name, status in (("going", "going"), ("waiting", "waitlisted"), ("not", "not_going")):
        people[name] = UserFactory()
        waits = {"waitlisted_at": clock.now()} if status == "waitlisted" else {}
        Rsvp.objects.create(meetup=meetup, user=people[name], status=status, **waits)
    people["other"] = UserFactory()
    Rsvp.objects.create(meetup=other, user=people["other"], status="going")
    came = Rsvp.objects.create(meetup=meetup, user=people["member"], status="not_going")
    CheckIn.objects.create(meetup=meetup, rsvp=came, came_at=clock.now())
    polls = {
        kind: PollFactory(electorate=kind, meetup=meetup, options=2)
        for kind in ("chapter", "meetup", "emails")
    }
    people["second"] = UserFactory(email="first@example.org")
    EmailAddress.objects.create(user=people["second"], email="Second@Example.org", verified=True)
    EmailAddress.objects.create(user=people["nobody"], email="claimed@example.org", verified=False)
    listed = [people["member"].email, "second@example.org", "first@example.org",
              "claimed@example.org", "new@example.org", people["gone"].email]  # fmt: skip
    PollVoter.objects.bulk_create(PollVoter(poll=polls["emails"], email=one) for one in listed)
    return people, polls


WHO = {
    "chapter": {"member", "organizer"},
    "meetup": {"going", "member"},
    "emails": {"member", "second"},
}


@pytest.mark.parametrize("kind", sorted(WHO))
def test_the_list_is_the_question_asked_of_everyone(kind):
    people, polls = crowd()
    poll = polls[kind]
    asked = {
        user.pk
        for user in User.objects.filter(is_active=True)
        if Poll.objects.open_to(user).filter(pk=poll.pk).exists()
    }
    names = {user.pk: name for name, user in people.items()}
    assert {names[pk] for pk in asked} == WHO[kind]
    assert set(voters_of(poll).values_list("pk", flat=True)) == asked
    addresses = ["claimed@example.org", people["gone"].email, "new@example.org"]
    without = [voter.email for voter in addresses_without_account(poll)]
    assert without == (sorted(addresses) if kind == "emails" else [])
    assert electorate_size(poll) == len(asked) + len(without)


def test_who_voted_and_left_still_counts():
    people, polls = crowd()
    poll = polls["chapter"]
    voter = people["member"]
    cast_ballot(poll=poll, choices={"ranking": [poll.options.first().pk]}, by=voter)
    assert list(who_has_not_voted(poll)) == [people["organizer"]]
    assert electorate_size(poll) == 2
    voter.memberships.all().delete()
    assert electorate_size(poll) == 2
    poll.ballots.update(voter=None)
    assert electorate_size(poll) == 2
    assert list(who_has_not_voted(poll)) == [people["organizer"]]
