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
READ_SPONSORS = declare("sponsors.read", Level.ANONYMOUS, "the rota and the thanks")
OFFER_SPONSORSHIP = declare(
    "sponsors.offer", Level.ANONYMOUS, "an offer to a group, without account"
)
DECIDE_SPONSORS = declare("sponsors.decide", Level.ORGANIZER, "offers to own chapters, thanks")
READ_SITES = declare("sites.read", Level.ANONYMOUS, "approved ones; one's own proposals")
PROPOSE_SITES = declare("sites.propose", Level.MEMBER, "events one may see")
DECIDE_SITES = declare("sites.decide", Level.ORGANIZER, "own chapters")
READ_SERIES = declare("series.read", Level.ANONYMOUS, "all; their drafts of own chapters")
WRITE_SERIES = declare("series.write", Level.ORGANIZER, "own chapters")
# The door and the kitchen.
CHECK_IN = declare("meetups.check_in", Level.ORGANIZER, "the doors of own chapters' meetups")
READ_FORECAST = declare("meetups.forecast", Level.ORGANIZER, "own chapters")
MANAGE_PEOPLE = declare("meetups.people", Level.ORGANIZER, "RSVPs and mails of own chapters")
