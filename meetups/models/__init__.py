from meetups.models.agenda import MinutesItem, Recording, Session, Topic
from meetups.models.checkin import CheckIn
from meetups.models.meetup import Meetup, MeetupQuerySet
from meetups.models.note import Note, NoteEvent, NoteQuerySet, NoteStream
from meetups.models.rsvp import DietaryNote, Rsvp
from meetups.models.series import Series
from meetups.models.site import Site
from meetups.models.sponsor import SponsorKind, SponsorOffer, Sponsorship
from meetups.models.venue import Venue

__all__ = [
    "CheckIn",
    "DietaryNote",
    "Meetup",
    "MeetupQuerySet",
    "MinutesItem",
    "Note",
    "NoteEvent",
    "NoteQuerySet",
    "NoteStream",
    "Recording",
    "Rsvp",
    "Series",
    "Session",
    "Site",
    "SponsorKind",
    "SponsorOffer",
    "Sponsorship",
    "Topic",
    "Venue",
]
