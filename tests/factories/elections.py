"""Elections at the stages at which information and nominations look at them."""

import datetime as dt

from community.core import clock
from polls import states
from polls.services.elections.setup import announce_election, create_election, publish_external

DAY = dt.timedelta(days=1)


def nominating(boss, *, left=DAY, **fields):
    """An announced election that takes nominations for `left` yet."""
    now = clock.now()
    times = {
        "nominations_close_at": now + left,
        "opens_at": now + left + DAY,
        "closes_at": now + left + 8 * DAY,
    }
    election = create_election(by=boss, **{"title": "Board", **times, **fields})
    election = announce_election(election=election, by=boss)
    election.state = states.ELECTION.next(election.state, "nominate").target
    election.save()
    return election


def external(boss, **fields):
    """An election held elsewhere that is open for five days from now."""
    now = clock.now()
    times = {"opens_at": now, "closes_at": now + 5 * DAY}
    election = create_election(by=boss, **{"title": "Foundation board", **times, **fields})
    return publish_external(election=election, by=boss)
