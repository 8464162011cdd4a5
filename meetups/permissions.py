"""The meetups app's rows of the permission table."""

from community.core.permissions import Level, declare

READ_MEETUPS = declare("meetups.read", Level.ANONYMOUS, "published ones; drafts of own chapters")
WRITE_MEETUPS = declare("meetups.write", Level.ORGANIZER, "own chapters")
RSVP_BY_LINK = declare("meetups.rsvp_link", Level.ANONYMOUS, "the answer of a mail's reader")
READ_OWN_FEED = declare("meetups.own_feed", Level.ANONYMOUS, "the feed of a secret address")
RSVP = declare("meetups.rsvp", Level.MEMBER, "one's own RSVP to a published meetup")

READ_NOTES = declare("meetups.notes", Level.ANONYMOUS, "of every meetup one may see")
POST_NOTES = declare("meetups.post_notes", Level.MEMBER, "at a meetup one is at, while it is on")
MODERATE_NOTES = declare("meetups.moderate_notes", Level.ORGANIZER, "own chapters")
ORGANIZE = declare("meetups.organize", Level.ORGANIZER, "own chapters' plans, agendas and minutes")
