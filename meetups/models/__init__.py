from meetups.models.agenda import MinutesItem, Session, Sponsorship, Topic
from meetups.models.meetup import Meetup, MeetupQuerySet
from meetups.models.rsvp import Rsvp
from meetups.models.site import Site
from meetups.models.venue import Venue

__all__ = [
    "Meetup",
    "MeetupQuerySet",
    "MinutesItem",
    "Rsvp",
    "Session",
    "Site",
    "Sponsorship",
    "Topic",
    "Venue",
]
