"""The meetups app's rows of the permission table."""

from community.core.permissions import Level, declare

READ_MEETUPS = declare("meetups.read", Level.ANONYMOUS, "published ones; drafts of own chapters")
WRITE_MEETUPS = declare("meetups.write", Level.ORGANIZER, "own chapters")
RSVP = declare("meetups.rsvp", Level.MEMBER, "one's own RSVP to a published meetup")
