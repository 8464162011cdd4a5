"""The roll: whole lists or nothing, each with a reason, and fixed when voting opens."""

import datetime as dt
import hashlib

import pytest
from allauth.account.models import EmailAddress

from community.core.errors import ForbiddenError, InvalidError, NotFoundError
from community.models import AuditEntry, Membership
from polls.exceptions import RulesFixedError
from polls.models import ElectionEntry, RollEntry
from polls.services.elections.roll import (
    add_members,
    add_people,
    preview_members,
    preview_people,
    remove_person,
    snapshot,
)
from polls.services.elections.roll_rows import MOST_ROWS, Person, read_roll_csv
from tests.factories.community import ChapterFactory, member, organizer
from tests.factories.rolls import election, entry

pytestmark = pytest.mark.django_db


def rows_of(refusal):
    return {row["row"]: row["error"] for row in refusal.value.extra["errors"]["rows"]}


def test_people_are_added_with_their_accounts_and_told_in_numbers():
    race, boss = election("nominating"), organizer()
    user, other = member(), member()
    EmailAddress.objects.create(user=other, email="Second@example.org", verified=True)
    EmailAddress.objects.create(user=user, email="claimed@example.org", verified=False)
    people = [
        Person(f" {user.email.upper()} ", "member\n since 2012"),
        Person("second@example.org", "guest", "Sue \x00 Two"),
        Person("claimed@example.org", "listed"),
    ]
    preview = preview_people(election=race, people=people, by=boss)
    assert [found.email for found in preview] == [user.email, "second@example.org", people[2].email]
    assert not RollEntry.objects.exists()
    assert add_people(election=race, people=people, by=boss) == 3
    assert sorted(race.roll.values_list("email", "account", "reason", "name")) == sorted(
        [
            (user.email, user.pk, "member since 2012", ""),
            ("second@example.org", other.pk, "guest", "Sue Two"),
            ("claimed@example.org", None, "listed", ""),
        ]
    )
    (line,) = ElectionEntry.objects.all()
    assert line.facts == {"added": 3, "removed": 0, "size": 3}
    remove_person(election=race, entry=race.roll.first(), by=boss)
    assert ElectionEntry.objects.last().facts == {"added": 0, "removed": 1, "size": 2}
    assert AuditEntry.objects.filter(verb="changed the roll of").count() == 2
    with pytest.raises(NotFoundError):
        remove_person(election=election("draft"), entry=race.roll.first(), by=boss)


def test_before_it_is_announced_the_log_is_silent():
    race = election("draft", announced_at=None)
    add_people(election=race, people=[Person("a@example.org", "r")], by=organizer())
    assert not ElectionEntry.objects.exists()


def test_every_wrong_row_is_named_and_nothing_is_written():
    race = election("draft")
    entry(race, "there@example.org")
    user, held = member(), member()
    EmailAddress.objects.create(user=user, email="again@example.org", verified=True)
    EmailAddress.objects.create(user=held, email="held@example.org", verified=True)
    entry(race, "held@example.org")  # before the address was an account's
    people = [
        Person("ok@example.org", "r"),
        Person("", "r"),
        Person("no address", "r"),
        Person("x@example.org", " \u200b"),
        Person("y@example.org", "r" * 201),
        Person("z@example.org", "r", "n" * 151),
        Person("OK@example.org", "r"),
        Person("there@example.org", "r"),
        Person(user.email, "r"),
        Person("again@example.org", "r"),
        Person(held.email, "r"),
        Person(f"{'a' * 64}@{'b.' * 100}example.org", "r"),
    ]
    with pytest.raises(InvalidError, match=r"10 rows cannot be added\. Nothing") as refusal:
        add_people(election=race, people=people, by=organizer())
    assert rows_of(refusal) == {
        2: "The address is missing.",
        3: "“no address” is no e-mail address.",
        4: "The reason is missing: why may they vote?",
        5: "The reason is longer than 200 characters.",
        6: "The name is longer than 150 characters.",
        7: "The address stands in row 1, too.",
        8: "The address is on the roll already.",
        10: "It is the account of row 9, with another address.",
        11: "Their account is on the roll already, with another address.",
        12: rows_of(refusal)[12],
    }
    assert RollEntry.objects.count() == 2
    for wrong in ([], [Person("a@example.org", "r")] * (MOST_ROWS + 1)):
        with pytest.raises(InvalidError):
            add_people(election=race, people=wrong, by=organizer())


def test_a_long_list_is_looked_at_in_few_statements(django_assert_num_queries):
    race, boss = election("draft"), organizer()
    people = [Person(f"v{number}@example.org", "r") for number in range(3000)]
    with django_assert_num_queries(13):
        assert add_people(election=race, people=people, by=boss) == 3000


def test_members_by_the_day_they_joined_in_the_chapters_own_zone():
    race, boss = election("draft"), organizer()
    early, late, listed, held = (member() for _ in range(4))
    gone = member(is_active=False)
    EmailAddress.objects.create(user=listed, email="list@example.org", verified=True)
    entry(race, "list@example.org")
    entry(race, "other@example.org", account=held)
    midnight = dt.datetime(2026, 3, 2, 6, tzinfo=dt.UTC)  # Austin's, of 1 to 2 March
    Membership.objects.update(since=midnight - dt.timedelta(seconds=1))
    Membership.objects.filter(user__in=[late, boss]).update(since=midnight)
    rule = {"election": race, "chapter": race.chapter, "by": boss}
    found = preview_members(since=dt.date(2026, 3, 1), **rule)
    assert found == [Person(early.email, "member of Austin since 2026-03-01", early.name)]
    assert add_members(since=dt.date(2026, 3, 1), **rule) == 1
    assert add_members(since=dt.date(2026, 3, 1), **rule) == 0
    assert add_members(since=None, **rule) == 2
    assert race.roll.get(account=late).reason == "member of Austin since 2026-03-02"
    assert not race.roll.filter(account=gone).exists()
    with pytest.raises(ForbiddenError):
        preview_members(election=race, chapter=ChapterFactory(slug="boston"), since=None, by=boss)


@pytest.mark.parametrize("state", ["open", "closed"])
def test_from_the_opening_on_the_roll_stays(state):
    race, boss = election(state), organizer()
    there = entry(race)
    one = [Person("new@example.org", "r")]
    for change in (
        lambda: add_people(election=race, people=one, by=boss),
        lambda: preview_people(election=race, people=one, by=boss),
        lambda: add_members(election=race, chapter=race.chapter, since=None, by=boss),
        lambda: remove_person(election=race, entry=there, by=boss),
    ):
        with pytest.raises(RulesFixedError):
            change()
    with pytest.raises(ForbiddenError):
        add_people(election=election("draft"), people=one, by=member())


def test_a_snapshot_is_the_hash_of_sorted_lines():
    race = election("draft")
    assert snapshot(race) == {"size": 0, "digest": hashlib.sha256(b"").hexdigest()}
    entry(race, "b@example.org", reason="list")
    entry(race, "a@example.org", reason="Größe")
    told = "a@example.org\tGröße\nb@example.org\tlist\n".encode()
    assert snapshot(race) == {"size": 2, "digest": hashlib.sha256(told).hexdigest()}


@pytest.mark.parametrize(
    "text",
    [
        'email,reason,name\na@example.org,r,Ann\n\nb@example.org,"two, or\nthree",\n',
        '\ufeffName; Reason ;EMAIL\r\nAnn;r;a@example.org\r\n;;\r\n;"two, or\nthree";b@example.org',
        b'\xef\xbb\xbfemail,name,reason\ra@example.org,Ann,r\r\rb@example.org,,"two, or\nthree"\r',
    ],
)
def test_a_csv_is_read_in_the_forms_it_comes_in(text):
    assert read_roll_csv(text) == [
        Person("a@example.org", "r", "Ann", 2), Person("b@example.org", "two, or\nthree", "", 4)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "row", "words"),
    [
        ("", None, "The list is empty"),
        ("name,reason\na,b", 1, "called email"),
        ("email;name\na;b", 1, "called reason"),
        ("email,reason,email\na,b,c", 1, "called email"),
        ("email,reason\na@example.org,r\nb@example.org\n", 3, "1 cells, not 2"),
        ('email,reason\na@example.org,"r\n', 2, "cannot be read as CSV"),
        ("email,reason\na@example.org,\x00r", 2, None),
        ("email,reason\nö@example.org,r".encode("latin-1"), 2, "not UTF-8"),
        ("email,reason\n".encode("utf-16"), 1, "not UTF-8"),
    ],
)
def test_a_csv_that_cannot_be_read_names_its_line(text, row, words):
    if words is None:  # NUL is dropped with the row's other blanks, by Pythons that read it
        assert read_roll_csv(text)[0].row == row
        return
    with pytest.raises(InvalidError) as refusal:
        read_roll_csv(text)
    if row is None:
        assert words in refusal.value.sentence
    else:
        assert list(rows_of(refusal)) == [row]
        assert words in rows_of(refusal)[row]


def test_the_lines_of_a_file_are_those_a_refusal_names():
    race = election("draft")
    people = read_roll_csv("email,reason\nbad,r\nok@example.org,r\nworse,r")
    with pytest.raises(InvalidError) as refusal:
        add_people(election=race, people=people, by=organizer())
    assert list(rows_of(refusal)) == [2, 4]
