"""The polls app's rows of the permission table."""

from community.core.permissions import Level, declare

READ_BRAINSTORMS = declare(
    "brainstorms.read", Level.ANONYMOUS, "public ones; members those of their chapters"
)
WRITE_IDEAS = declare(
    "brainstorms.write", Level.MEMBER, "cards, in brainstorms of one's chapters and meetups"
)
RUN_BRAINSTORMS = declare("brainstorms.run", Level.ORGANIZER, "own chapters")

READ_POLLS = declare("polls.read", Level.ANONYMOUS, "public ones; those one may vote in")
VOTE = declare("polls.vote", Level.MEMBER, "polls in whose electorate one is")
READ_RESULTS = declare("polls.results", Level.ANONYMOUS, "of closed polls one may see")
RUN_POLLS = declare("polls.run", Level.ORGANIZER, "own chapters; nobody sees results before close")

READ_PRIORITIES = declare("priorities.read", Level.ANONYMOUS, "published lists")
ASSESS = declare("priorities.assess", Level.MEMBER, "lists one observes, own chapters' lists")
WRITE_PRIORITIES = declare("priorities.write", Level.ORGANIZER, "own chapters")

READ_ELECTIONS = declare("elections.read", Level.ANONYMOUS, "announced ones")
NOMINATE = declare(
    "elections.nominate", Level.MEMBER, "nominate and endorse, in elections that ask for it"
)
STAND = declare("elections.stand", Level.MEMBER, "own candidacy: accept, decline, words")
VOTE_SECRETLY = declare(
    "elections.vote", Level.ANONYMOUS, "on the roll: with a personal link, or signed in"
)
ASK_FOR_ROLL = declare("elections.roll", Level.MEMBER, "own standing, and asking for it")
READ_ELECTION_RESULTS = declare(
    "elections.results", Level.ANONYMOUS, "from the announced moment; the log and receipts before"
)
INSPECT = declare("elections.inspect", Level.MEMBER, "elections one was named an inspector of")
RUN_ELECTIONS = declare(
    "elections.run", Level.ORGANIZER, "own chapters; no result before the announced moment"
)
