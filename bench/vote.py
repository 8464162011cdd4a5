"""A whole vote over HTTP (ballot's page, ballot) beside a bare two-request flow, in one run.

Each member opens a ranked poll of twelve options and sends their first five. The bare flow shows
the twelve options in a form and stores one row a voter; it knows no electorate and checks nothing.
"""

import argparse
import datetime as dt
import sys

from bench.common import own_database, report
from bench.flows import Flow, compared, our_members, ours, plain, statements_of

OPTIONS, RANKED = 12, 5
SLUG = "bench-poll"
BARE = Flow("/poll/", "/ballot/", {f"option-{n}": str(n) for n in range(1, RANKED + 1)})


def our_flow() -> Flow:
    """A poll of its own in the demo's chapter, and a ballot in it."""
    from community.core import clock
    from community.models import Chapter
    from polls.models import Poll, PollOption

    now = clock.now()
    poll = Poll.objects.create(
        chapter=Chapter.objects.get(slug="austin"), slug=SLUG, title="Twelve", state="open",
        opens_at=now, closes_at=now + dt.timedelta(days=1), most_ranked=RANKED,
    )  # fmt: skip
    PollOption.objects.bulk_create(
        PollOption(poll=poll, title=f"Option {number}", position=number)
        for number in range(OPTIONS)
    )
    ids = list(poll.options.values_list("pk", flat=True))[:RANKED]
    form = {f"option-{pk}": str(place) for place, pk in enumerate(ids, start=1)}
    return Flow(f"/polls/{SLUG}/", f"/polls/{SLUG}/ballot/", form)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=400)
    options = parser.parse_args()
    with own_database(demo=True):
        flow = our_flow()
        sessions = our_members(options.people + 1)
        statements = statements_of(flow, sessions.pop())
        our = ours(flow, sessions)
    bare = plain(BARE, options.people)
    result = compared(our, bare, statements=statements, people=options.people)
    print(result, file=sys.stderr)
    report({"vote": result})


if __name__ == "__main__":
    main()
