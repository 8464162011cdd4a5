"""The demo: the season of 2012 as the archive, and beside it a small live season."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

from community.core import clock
from community.exceptions import OtherAccountsError
from community.models import Chapter, Organization, User
from community.project.demo_elections import load_demo_elections
from community.project.demo_voice import load_demo_voice
from community.services.accounts import create_member, make_organizer
from meetups.models import Meetup, Session, Site, Sponsorship, Venue
from meetups.services.rsvps import Answer, answer_rsvp
from meetups.services.season import load_season
from polls.models import Priority
from polls.services.carrying import carry_over
from polls.services.priorities import create_list

PASSWORD = "stackers-2012"  # noqa: S105 - the demo's published password
ACCOUNTS = {
    "organizer@example.org": "Olive Organizer",
    "member@example.org": "Max Member",
    "second@example.org": "Sam Second",
    "participant@example.org": "Pat Participant",
}
FILES = sorted((Path(__file__).parent / "demo").glob("*.json"))


def load_demo() -> None:
    """Load archive, accounts and live season into a database that has no other accounts.

    Raises OtherAccountsError: the demo's passwords are public.
    """
    if User.objects.exclude(email__in=ACCOUNTS).exists():
        raise OtherAccountsError(
            "This database has accounts of its own; the demo, whose passwords are public, "
            "is not loaded into it. Start with --empty."
        )
    if User.objects.filter(email="organizer@example.org").exists():
        return
    load_season(FILES)
    people = {
        email: create_member(
            email=email, name=name, password=PASSWORD, accepts_code_of_conduct=True
        )
        for email, name in ACCOUNTS.items()
    }
    make_organizer(email="organizer@example.org")
    hack_day = _live_season()
    going = Answer(guests=0)
    answer_rsvp(meetup=hack_day, answer=going, by=people["participant@example.org"])
    _draft_of_priorities(people["organizer@example.org"])
    load_demo_voice(people)
    load_demo_elections(people)


def _at(days: int, hour: int, minute: int, zone: str) -> dt.datetime:
    day = clock.now().astimezone(ZoneInfo(zone)).date() + dt.timedelta(days=days)
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=ZoneInfo(zone))


def _live_season() -> Meetup:
    austin = Chapter.objects.get(slug="austin")
    boston = Chapter.objects.get(slug="boston")
    ranch, _ = Venue.objects.get_or_create(chapter=austin, name="Austin TechRanch")
    meetup = Meetup.objects.create(
        chapter=austin,
        slug="next-meetup",
        title="Monthly meetup: what the lab taught us",
        summary="Two short talks, a demo on the lab's own nodes, and time to talk.",
        starts_at=_at(6, 18, 30, austin.timezone),
        ends_at=_at(6, 21, 0, austin.timezone),
        timezone=austin.timezone,
        venue=ranch,
        capacity=60,
        has_online=True,
        online_capacity=200,
        is_published=True,
        is_demo=True,
    )
    for position, (kind, title, speaker) in enumerate(
        [
            ("talk", "Deploying twice: what changed between the runs", "Olive Organizer"),
            ("demo", "Six nodes, one blueprint, every line live", "Pat Participant"),
            ("discussion", "What should the next hack day build?", ""),
        ],
        start=1,
    ):
        Session.objects.create(
            meetup=meetup,
            kind=kind,
            title=title,
            speakers=[speaker] if speaker else [],
            position=position,
        )
    dell, _ = Organization.objects.get_or_create(name="Dell")
    Sponsorship.objects.create(meetup=meetup, organization=dell, provides="food")
    hack_day = Meetup.objects.create(
        chapter=austin,
        slug="hack-day",
        title="Hack day: your own cloud by the evening",
        kind=Meetup.Kind.HACK_DAY,
        summary="Reserve nodes of the lab, deploy onto them, and watch every line live.",
        starts_at=_at(9, 9, 0, austin.timezone),
        ends_at=_at(9, 18, 0, austin.timezone),
        timezone=austin.timezone,
        venue=ranch,
        capacity=40,
        has_online=True,
        has_lab=True,
        is_published=True,
        is_demo=True,
    )
    for position, (name, chapter) in enumerate([("Austin", austin), ("Boston", boston)]):
        Site.objects.create(
            meetup=hack_day, name=name, timezone=chapter.timezone, position=position
        )
    return hack_day


def _draft_of_priorities(by: User) -> None:
    """A list to publish and assess: two issues of 2012 carried over, and one of the demo's own."""
    draft = create_list(
        by=by,
        chapter=Chapter.objects.get(slug="austin"),
        title="What we bring to the next summit",
        introduction="Carried over from 2012, to be argued about and ranked anew.",
        addressed_to="the next summit",
        items=[{"title": "A lab that everyone can reserve", "description": ""}],
        observers=["member@example.org", "second@example.org"],
    )
    for issue in Priority.objects.filter(list__season__slug="austin-2012", position__in=(3, 4)):
        carry_over(priority=issue, into_list=draft, by=by)
