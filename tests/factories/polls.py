import datetime as dt

import factory

from community.core import clock
from polls.models import (
    Brainstorm,
    Candidate,
    Election,
    Inspector,
    Poll,
    PollOption,
    PriorityList,
    RollEntry,
)
from tests.factories.community import ChapterFactory


class BrainstormFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Brainstorm

    chapter = factory.SubFactory(ChapterFactory)
    slug = factory.Sequence(lambda n: f"brainstorm-{n}")
    title = factory.Sequence(lambda n: f"Brainstorm {n}")


class PollFactory(factory.django.DjangoModelFactory):
    """An open poll of the chapter's members; `options=3` gives it as many."""

    class Meta:
        model = Poll
        skip_postgeneration_save = True

    chapter = factory.SubFactory(ChapterFactory)
    slug = factory.Sequence(lambda n: f"poll-{n}")
    title = factory.Sequence(lambda n: f"Poll {n}")
    state = "open"
    opens_at = factory.LazyFunction(lambda: clock.now() - dt.timedelta(hours=1))
    closes_at = factory.LazyFunction(lambda: clock.now() + dt.timedelta(days=2))

    @factory.post_generation
    def options(self, create, extracted, **kwargs):
        PollOption.objects.bulk_create(
            PollOption(poll=self, title=f"Option {number}", position=number)
            for number in range(1, (extracted or 0) + 1)
        )


class PriorityListFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PriorityList

    chapter = factory.SubFactory(ChapterFactory)
    slug = factory.Sequence(lambda n: f"priorities-{n}")
    title = factory.Sequence(lambda n: f"Priorities {n}")
    published_at = factory.LazyFunction(clock.now)


class ElectionFactory(factory.django.DjangoModelFactory):
    """A draft with `candidates` people on its list, `roll` addresses and `inspectors`."""

    class Meta:
        model = Election
        skip_postgeneration_save = True

    chapter = factory.SubFactory(ChapterFactory)
    slug = factory.Sequence(lambda n: f"election-{n}")
    title = factory.Sequence(lambda n: f"Election {n}")
    seats = 2
    votes_per_voter = 8
    results_at = "close"
    closes_at = factory.LazyFunction(lambda: clock.now() + dt.timedelta(days=2))

    @factory.post_generation
    def candidates(self, create, extracted, **kwargs):
        for number in range(1, (3 if extracted is None else extracted) + 1):
            CandidateFactory(election=self, name=f"Candidate {number}")

    @factory.post_generation
    def roll(self, create, extracted, **kwargs):
        RollEntry.objects.bulk_create(
            RollEntry(election=self, email=f"voter{number}@example.org", reason="a member")
            for number in range(1, (3 if extracted is None else extracted) + 1)
        )

    @factory.post_generation
    def inspectors(self, create, extracted, **kwargs):
        for account in extracted or []:
            Inspector.objects.create(election=self, account=account, name=account.display_name)


class CandidateFactory(factory.django.DjangoModelFactory):
    """Entered by organizers and accepted."""

    class Meta:
        model = Candidate

    election = factory.SubFactory(ElectionFactory, candidates=0)
    name = factory.Sequence(lambda n: f"Candidate {n}")
    state = "accepted"
    is_entered = True
