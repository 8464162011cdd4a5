"""The whole RSVP over HTTP (page, answer, mail queued) beside a bare two-request flow, in one run.

Each member opens the meetup's page and answers, once. The bare flow shows a form, locks the event's
row, inserts one row and counts on; no mail, no waitlist, no dietary note.
"""

import argparse
import sys

from bench.common import own_database, report
from bench.flows import Flow, compared, our_members, ours, plain, statements_of

OURS = Flow(
    "/meetups/next-meetup/",
    "/meetups/next-meetup/rsvp/",
    {"status": "going", "guests": "0", "mode": "in_person"},
)
BARE = Flow("/page/", "/answer/", {})


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=400)
    options = parser.parse_args()
    with own_database(demo=True):
        from meetups.models import Meetup  # after django.setup()
        from polls.models import Poll

        Meetup.objects.filter(slug="next-meetup").update(capacity=100000)
        Poll.objects.filter(meetup__slug="next-meetup").update(meetup=None)  # measured in vote.py
        sessions = our_members(options.people + 1)
        statements = statements_of(OURS, sessions.pop())
        our = ours(OURS, sessions)
    bare = plain(BARE, options.people)
    result = compared(our, bare, statements=statements, people=options.people)
    print(result, file=sys.stderr)
    report({"rsvp": result})


if __name__ == "__main__":
    main()
