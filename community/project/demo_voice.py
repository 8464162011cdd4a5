"""The demo's voice: a brainstorm to write in, a poll to vote in, and one that is counted."""

import datetime as dt

from community.core import clock
from community.models import Chapter, User
from meetups.models import Meetup
from polls import states
from polls.models import Poll, PollOption
from polls.services.ballots import cast_ballot
from polls.services.brainstorms import create_brainstorm
from polls.services.ideas import post_idea
from polls.services.moves import close_poll

OPEN_DAYS = 14
CARDS = (
    ("Swift with rings of two zones", ("and take one zone away",)),
    ("Upgrade a running cloud by one release", ()),
    ("A node that says in one sentence why it failed", ("instead of a stack trace",)),
    ("The same blueprint on bare metal and on virtual machines", ()),
)
TOPICS = (
    "Operations: what broke last month, and how it was found",
    "Storage for people who have three disks",
    "Reading a release's notes together",
    "Contributing: the first patch, live",
)
WISHES = ("More disks", "A second switch", "A serial console for every node", "Quieter fans")


def load_demo_voice(people: dict[str, User]) -> None:
    """Make them; `people` are the demo's accounts by address."""
    boss = people["organizer@example.org"]
    chapter = Chapter.objects.get(slug="austin")
    _brainstorm(chapter, list(people.values()), boss)
    _poll(
        chapter,
        "what-should-we-meet-about",
        "What should the coming meetups be about?",
        TOPICS,
        purpose=Poll.Purpose.TOPICS,
        meetup=Meetup.objects.get(slug="next-meetup"),
        most_ranked=3,
    )
    counted = _poll(chapter, "what-the-lab-needs", "What does the lab need next?", WISHES)
    disks, switch, console, fans = counted.options.all()
    for email, order in (
        ("member@example.org", (console, disks)),
        ("second@example.org", (disks, console, switch)),
        ("participant@example.org", (console, fans)),
    ):
        choices = {"ranking": [option.pk for option in order]}
        cast_ballot(poll=counted, choices=choices, by=people[email])
    close_poll(poll=counted, reason="Everyone who is in the lab has voted.", by=boss)


def _brainstorm(chapter: Chapter, writers: list[User], boss: User) -> None:
    brainstorm = create_brainstorm(
        by=boss,
        chapter=chapter,
        title="What should the hack day build?",
        slug="hack-day-ideas",
        prompt="One idea a card. Notes go under it.",
        meetup=Meetup.objects.get(slug="hack-day"),
    )
    for number, (text, notes) in enumerate(CARDS):
        card = post_idea(brainstorm=brainstorm, text=text, by=writers[number % len(writers)])
        for note in notes:
            post_idea(brainstorm=brainstorm, text=note, by=writers[number - 1], parent=card)


def _poll(
    chapter: Chapter, slug: str, title: str, options: tuple[str, ...], **fields: object
) -> Poll:
    """An open poll of which nobody is told by mail: it is there from the start."""
    now = clock.now()
    poll = Poll.objects.create(
        chapter=chapter,
        slug=slug,
        title=title,
        state=states.OPEN,
        opens_at=now,
        closes_at=now + dt.timedelta(days=OPEN_DAYS),
        **fields,
    )
    PollOption.objects.bulk_create(
        PollOption(poll=poll, title=option, position=place) for place, option in enumerate(options)
    )
    return poll
