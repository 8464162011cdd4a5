from community.models import Chapter
from meetups.models import Venue


def venue_named(name: str, *, chapter: Chapter) -> Venue:
    """The chapter's venue of that name, made where it is new."""
    venue, _ = Venue.objects.get_or_create(chapter=chapter, name=name.strip())
    return venue
