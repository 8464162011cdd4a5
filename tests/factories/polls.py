import datetime as dt

import factory

from community.core import clock
from polls.models import Brainstorm, Poll, PollOption, PriorityList
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
