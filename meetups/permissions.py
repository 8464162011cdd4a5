"""The meetups app's rows of the permission table."""

from community.core.permissions import Level, declare

READ_MEETUPS = declare("meetups.read", Level.ANONYMOUS, "published ones; drafts of own chapters")
WRITE_MEETUPS = declare("meetups.write", Level.ORGANIZER, "own chapters")
RSVP = declare("meetups.rsvp", Level.MEMBER, "one's own RSVP to a published meetup")

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
