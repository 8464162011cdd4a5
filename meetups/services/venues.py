from community.models import Chapter
from meetups.models import Venue


def venue_named(name: str, *, chapter: Chapter, address: str = "") -> Venue:
    """The chapter's venue of that name, made where it is new; `address` is noted where given."""
    venue, _ = Venue.objects.get_or_create(chapter=chapter, name=name.strip())
    if address and venue.address != address:
        venue.address = address
        venue.save(update_fields=["address"])
    return venue
