import pytest
from allauth.account.models import EmailAddress

from community.core import clock
from community.core.errors import ConflictError, InvalidError
from community.models import AuditEntry, Mail, User
from meetups.models import CheckIn, Rsvp
from meetups.selectors.exports import PEOPLE_COLUMNS, csv_text, people_rows
from meetups.services import attendees
from meetups.services.attendees import ImportRefusedError, import_attendees, preview_attendees
from meetups.services.rsvps import Answer, answer_rsvp
from tests.factories.community import member, organizer
from tests.factories.meetups import MeetupFactory

pytestmark = pytest.mark.django_db

HEAD = "Email,Name,Guests,Status,Checked in\n"
GOOD = HEAD + (
    "ada@example.org,Ada Lovelace,2,going,yes\n"
    "BEA@example.org,Bea,,,\n"
    "cleo@example.org,Cleo,0,cancelled,no\n"
)


@pytest.fixture
def desk():
    meetup = MeetupFactory(capacity=10)
    return meetup, organizer(meetup.chapter)


def counts():
    return User.objects.count(), Rsvp.objects.count(), CheckIn.objects.count()


def answers(meetup):
    return list(meetup.rsvps.order_by("user__email").values_list("user__email", "status", "guests"))


def test_a_preview_stores_nothing_and_says_what_would_be(desk):
    meetup, boss = desk
    before = counts()
    preview = preview_attendees(meetup=meetup, text=GOOD, by=boss)
    assert [(row.email, row.does, row.faults) for row in preview.rows] == [
        ("ada@example.org", "new", ()),
        ("BEA@example.org", "new", ()),
        ("cleo@example.org", "new", ()),
    ]
    assert counts() == before
    meetup.refresh_from_db()
    assert meetup.going == 0


def test_taking_it_makes_accounts_answers_and_check_ins(desk):
    meetup, boss = desk
    import_attendees(meetup=meetup, text=GOOD, by=boss)
    assert answers(meetup) == [
        ("ada@example.org", "going", 2),
        ("bea@example.org", "going", 0),
        ("cleo@example.org", "not_going", 0),
    ]
    meetup.refresh_from_db()
    assert meetup.going == 4
    entry = CheckIn.objects.get()
    assert (entry.rsvp.user.name, entry.people, entry.noted_by) == ("Ada Lovelace", 3, boss)
    ada = entry.rsvp.user
    assert (ada.code_of_conduct_at, ada.memberships.get().chapter) == (None, meetup.chapter)
    assert Mail.objects.count() == 0
    assert AuditEntry.objects.get(verb="attendees imported").detail == {"lines": 3}


def test_a_second_time_changes_nothing_and_a_changed_list_only_what_changed(desk):
    meetup, boss = desk
    import_attendees(meetup=meetup, text=GOOD, by=boss)
    before = counts()
    again = import_attendees(meetup=meetup, text=GOOD, by=boss)
    assert again.doing("skip") == 3
    changed = import_attendees(meetup=meetup, text=GOOD.replace("Ada Lovelace,2", "X,1"), by=boss)
    assert (changed.doing("update"), changed.doing("skip")) == (1, 2)
    assert counts() == before
    assert answers(meetup)[0] == ("ada@example.org", "going", 1)
    assert User.objects.get(email="ada@example.org").name == "Ada Lovelace"  # hers to change


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("nonsense,X,0,going,", "no e-mail address"),
        (",X,0,going,", "There is no address."),
        ("x@example.org,X,6,going,", "from 0 to 5"),
        ("x@example.org,X,-1,going,", "from 0 to 5"),
        ("x@example.org,X,many,going,", "from 0 to 5"),
        ("x@example.org,X,0,perhaps,", "no answer we know"),
        ("Ada@Example.org,X,0,going,", "in the file already"),
    ],
)
def test_one_bad_line_and_nothing_is_taken(desk, line, fault):
    meetup, boss = desk
    before = counts()
    text = GOOD + line + "\n"
    preview = preview_attendees(meetup=meetup, text=text, by=boss)
    assert preview.faulty == 1
    assert fault in preview.rows[-1].faults[0]
    with pytest.raises(ImportRefusedError) as refused:
        import_attendees(meetup=meetup, text=text, by=boss)
    assert refused.value.extra["rows"][0]["number"] == 4
    assert counts() == before
    assert AuditEntry.objects.filter(verb="attendees imported").count() == 0


def test_a_row_says_everything_that_is_wrong_with_it(desk):
    meetup, boss = desk
    preview = preview_attendees(meetup=meetup, text=HEAD + "x,X,9,perhaps,\n", by=boss)
    assert len(preview.rows[0].faults) == 3


def test_the_room_holds_no_more_than_it_holds(desk):
    meetup, boss = desk
    lines = "".join(f"p{number}@example.org,P,4,going,\n" for number in range(3))
    preview = preview_attendees(meetup=meetup, text=HEAD + lines, by=boss)
    assert [row.faults for row in preview.rows] == [
        (), (), ("There is no place left for this party.",)
    ]  # fmt: skip
    with pytest.raises(ImportRefusedError):
        import_attendees(meetup=meetup, text=HEAD + lines, by=boss)
    assert meetup.rsvps.count() == 0


def test_a_list_passes_nobody_who_waits_and_frees_places_for_them(desk):
    meetup, boss = desk
    for guests in (5, 4):
        answer_rsvp(meetup=meetup, answer=Answer(guests=guests), by=member())
    first = meetup.rsvps.get(guests=5)
    waiting = meetup.rsvps.get(guests=4)
    assert waiting.status == "waitlisted"
    preview = preview_attendees(meetup=meetup, text=GOOD, by=boss)
    assert "nobody passes them" in preview.rows[0].faults[0]
    import_attendees(meetup=meetup, text=HEAD + f"{first.user.email},,0,no,\n", by=boss)
    waiting.refresh_from_db()
    assert waiting.status == "going"


def test_attendance_of_a_meetup_that_is_over(desk):
    meetup, boss = desk
    meetup.starts_at, meetup.ends_at = clock.in_seconds(-90000), clock.in_seconds(-80000)
    meetup.save()
    import_attendees(meetup=meetup, text=GOOD, by=boss)
    assert CheckIn.objects.get().came_at == meetup.starts_at


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffAttendee email;Attendee name;Status;Checked in\nx@example.org;X;paid;2012-04-12\n",
        "E-mail\tMember name\tRSVP\tGuests\tAttended\nx@example.org\tX\tYes\t0\t1\n",
        "Ticket,EMAIL ADDRESS,Full name,Answer,came\n7,x@example.org,X,confirmed,true\n",
    ],
)
def test_others_name_their_columns_otherwise(desk, text):
    meetup, boss = desk
    import_attendees(meetup=meetup, text=text, by=boss)
    assert answers(meetup) == [("x@example.org", "going", 0)]
    assert CheckIn.objects.count() == 1
    assert User.objects.get(email="x@example.org").name == "X"


def test_our_own_export_comes_back_as_it_went(desk):
    meetup, boss = desk
    import_attendees(meetup=meetup, text=GOOD.replace("Ada Lovelace", "=Ada"), by=boss)
    text = csv_text(PEOPLE_COLUMNS, people_rows(meetup))
    assert "'=Ada" in text
    assert import_attendees(meetup=meetup, text=text, by=boss).doing("skip") == 3
    other = MeetupFactory(chapter=meetup.chapter)
    User.objects.filter(email="ada@example.org").update(name="")
    import_attendees(meetup=other, text=text, by=boss)
    assert answers(other) == answers(meetup)


@pytest.mark.parametrize(
    "text",
    ["", "Email\n", "Name\nAda\n", "Email,Name\nx@example.org,X,too,many\n", "x" * 600_000],
)
def test_what_is_no_list_is_told(desk, text):
    meetup, boss = desk
    with pytest.raises(InvalidError):
        preview_attendees(meetup=meetup, text=text, by=boss)


def test_too_many_lines_and_a_cancelled_meetup(desk, monkeypatch):
    meetup, boss = desk
    monkeypatch.setattr(attendees, "MOST_ROWS", 2)
    with pytest.raises(InvalidError):
        preview_attendees(meetup=meetup, text=GOOD, by=boss)
    meetup.is_cancelled = True
    meetup.save()
    with pytest.raises(ConflictError):
        import_attendees(meetup=meetup, text=GOOD, by=boss)


def test_a_second_confirmed_address_is_the_same_persons(desk):
    meetup, boss = desk
    user = member(meetup.chapter)
    EmailAddress.objects.create(user=user, email="also@example.org", verified=True)
    answer_rsvp(meetup=meetup, answer=Answer(), by=user)
    text = "email,guests\nalso@example.org,1\n"
    preview = import_attendees(meetup=meetup, text=text, by=boss)
    assert preview.doing("update") == 1
    assert Rsvp.objects.get(meetup=meetup, user=user).guests == 1
