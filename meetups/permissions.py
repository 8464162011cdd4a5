"""The meetups app's rows of the permission table."""

from community.core.permissions import Level, declare

READ_MEETUPS = declare("meetups.read", Level.ANONYMOUS, "published ones; drafts of own chapters")
WRITE_MEETUPS = declare("meetups.write", Level.ORGANIZER, "own chapters")
RSVP_BY_LINK = declare("meetups.rsvp_link", Level.ANONYMOUS, "the answer of a mail's reader")
READ_OWN_FEED = declare("meetups.own_feed", Level.ANONYMOUS, "the feed of a secret address")
RSVP = declare("meetups.rsvp", Level.MEMBER, "one's own RSVP to a published meetup")

# The door and the kitchen.
CHECK_IN = declare("meetups.check_in", Level.ORGANIZER, "the doors of own chapters' meetups")
READ_FORECAST = declare("meetups.forecast", Level.ORGANIZER, "own chapters")
MANAGE_PEOPLE = declare("meetups.people", Level.ORGANIZER, "RSVPs and mails of own chapters")
