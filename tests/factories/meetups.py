import datetime as dt

import factory

from community.core import clock
from meetups.models import Meetup, Venue
from tests.factories.community import ChapterFactory


class VenueFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Venue

    chapter = factory.SubFactory(ChapterFactory)
    name = factory.Sequence(lambda n: f"Room {n}")


class MeetupFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Meetup

    chapter = factory.SubFactory(ChapterFactory)
    slug = factory.Sequence(lambda n: f"meetup-{n}")
    title = factory.Sequence(lambda n: f"Meetup {n}")
    starts_at = factory.LazyFunction(lambda: clock.now() + dt.timedelta(days=5))
    ends_at = factory.LazyAttribute(
        lambda meetup: meetup.starts_at and meetup.starts_at + dt.timedelta(hours=2)
    )
    is_published = True
