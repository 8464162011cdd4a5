"""Live notes: who writes, who reads, who hides, and how fast."""

import datetime as dt

import pytest

from community.core import clock
from community.core.errors import ForbiddenError, TooManyError
from community.project.organizers import grant_organizers
from community.services.accounts import organizers_group
from meetups.exceptions import NotesClosedError
from meetups.models import CheckIn, Note, NoteEvent, NoteStream, Rsvp
from meetups.selectors.notes import is_running, takes_notes
from meetups.services.notes import close_notes, hide_note, open_notes, post_note, restore_note
from tests.factories.community import ChapterFactory, bearer, member, organizer
from tests.factories.meetups import MeetupFactory

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def running(**fields):
    return MeetupFactory(starts_at=clock.now() - dt.timedelta(minutes=10), **fields)


def going(meetup, status="going", **fields):
    user = member(meetup.chapter)
    Rsvp.objects.create(meetup=meetup, user=user, status=status, **fields)
    return user


def api(client, meetup, user=None, text="hello", path="", method="post"):
    headers = bearer(user) if user else {}
    url = f"/api/v1/meetups/{meetup.slug}/notes/{path}"
    body = {} if path else {"text": text}
    return getattr(client, method)(
        url, body if method == "post" else None, content_type="application/json", headers=headers
    )


def test_those_present_write_and_nobody_else():
    meetup = running()
    checked_in = going(meetup, "not_going")
    CheckIn.objects.create(
        meetup=meetup, rsvp=Rsvp.objects.get(user=checked_in), client_id="a", came_at=clock.now()
    )
    for person in (going(meetup), checked_in, organizer(meetup.chapter)):
        assert post_note(meetup=meetup, text="here", by=person).author == person
    elsewhere = organizer(ChapterFactory(slug="boston"))
    for person in (member(), going(meetup, "not_going"), elsewhere):
        with pytest.raises(ForbiddenError):
            post_note(meetup=meetup, text="there", by=person)
    assert list(Note.objects.values_list("text", flat=True)) == ["here"] * 3
    assert list(NoteEvent.objects.values_list("seq", "kind")) == [
        (1, "added"), (2, "added"), (3, "added"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("offset", "on"),
    [
        (-HOUR - dt.timedelta(seconds=1), False),
        (-HOUR + dt.timedelta(seconds=1), True),
        (dt.timedelta(hours=5) - dt.timedelta(seconds=1), True),
        (dt.timedelta(hours=5), False),
    ],
)
def test_from_an_hour_before_to_three_hours_after(time_machine, offset, on):
    meetup = MeetupFactory(starts_at=dt.datetime(2027, 3, 4, 1, tzinfo=dt.UTC))
    time_machine.move_to(meetup.starts_at + offset, tick=False)
    boss = organizer(meetup.chapter)
    assert is_running(meetup) is on
    if on:
        assert post_note(meetup=meetup, text="now", by=boss)
    else:
        with pytest.raises(NotesClosedError):
            post_note(meetup=meetup, text="now", by=boss)


@pytest.mark.parametrize("field", ["is_cancelled", "is_postponed"])
def test_what_is_called_off_takes_no_notes(field):
    assert is_running(running())
    assert not is_running(running(**{field: True}))
    assert not is_running(running(is_published=False))


def test_organizers_close_and_open_the_notes():
    meetup = running()
    boss = organizer(meetup.chapter)
    close_notes(meetup=meetup, by=boss)
    assert not takes_notes(meetup)
    with pytest.raises(NotesClosedError):
        post_note(meetup=meetup, text="too late", by=boss)
    assert NoteStream.objects.get().last_seq == 0  # a refusal leaves no gap
    open_notes(meetup=meetup, by=boss)
    post_note(meetup=meetup, text="in time", by=boss)
    assert NoteEvent.objects.get().seq == 1


def test_the_notes_are_closed_through_the_api_too(client):
    meetup = running()
    boss = organizer(meetup.chapter)
    url = f"/api/v1/meetups/{meetup.slug}/notes/state/"

    def put(user, body):
        return client.put(url, body, content_type="application/json", headers=bearer(user))

    assert client.get(url).json() == {"is_open": True, "last_seq": 0}
    assert put(member(), {"is_open": False}).status_code == 403
    assert put(organizer(ChapterFactory(slug="boston")), {"is_open": False}).status_code == 403
    assert put(boss, {}).status_code == 422
    assert put(boss, {"is_open": False}).json() == {"is_open": False, "last_seq": 0}
    assert api(client, meetup, boss).json()["code"] == "notes_closed"
    assert put(boss, {"is_open": True}).json()["is_open"] is True


def test_ten_a_minute_and_when_to_try_again(client, time_machine):
    time_machine.move_to(dt.datetime(2027, 3, 4, 1, tzinfo=dt.UTC), tick=False)
    meetup = running()
    person, other = going(meetup), going(meetup)
    for number in range(10):
        post_note(meetup=meetup, text=f"{number}", by=person)
        time_machine.shift(1)
    with pytest.raises(TooManyError):
        post_note(meetup=meetup, text="eleventh", by=person)
    answer = api(client, meetup, person)
    assert (answer.status_code, answer["Retry-After"]) == (429, "50")
    assert answer.json()["code"] == "too_many_requests"
    assert api(client, meetup, other).status_code == 201  # the limit is a person's own
    time_machine.shift(50)
    assert api(client, meetup, person).status_code == 201
    numbers = list(NoteEvent.objects.values_list("seq", flat=True))
    assert numbers == list(range(1, 13))


def test_hidden_notes_are_the_organizers_to_see(client):
    meetup = running()
    boss, author = organizer(meetup.chapter), going(meetup)
    note = post_note(meetup=meetup, text="unkind words", by=author)
    post_note(meetup=meetup, text="kind words", by=author)
    assert api(client, meetup, author, path=f"{note.pk}/hide/").status_code == 403
    assert api(client, meetup, path=f"{note.pk}/hide/").status_code == 401
    elsewhere = organizer(ChapterFactory(slug="boston"))
    assert api(client, meetup, elsewhere, path=f"{note.pk}/hide/").status_code == 403
    assert api(client, meetup, boss, path=f"{note.pk}/hide/").json()["is_hidden"] is True
    for person in (None, author):
        listed = api(client, meetup, person, method="get").json()["results"]
        assert [row["text"] for row in listed] == ["kind words"]
        page = client.get(f"/meetups/{meetup.slug}/notes/").content.decode()
        assert "unkind" not in page
        assert "kind words" in page
    rows = api(client, meetup, boss, method="get").json()["results"]
    assert [row["text"] for row in rows] == ["unkind words", "kind words"]
    assert api(client, meetup, boss, path=f"{note.pk}/hide/").status_code == 409
    assert api(client, meetup, boss, path=f"{note.pk}/restore/").json()["is_hidden"] is False
    assert api(client, meetup, boss, path=f"{note.pk}/restore/").status_code == 409
    assert api(client, meetup, None, method="get").json()["count"] == 2
    kinds = list(NoteEvent.objects.values_list("seq", "kind"))
    assert kinds == [(1, "added"), (2, "added"), (3, "hidden"), (4, "restored")]


def test_strangers_to_a_draft_find_nothing(client):
    meetup = running(is_published=False)
    boss = organizer(meetup.chapter)
    Note.objects.create(meetup=meetup, author=boss, text="secret", at=clock.now())
    assert api(client, meetup, member(), method="get").status_code == 404
    assert client.get(f"/meetups/{meetup.slug}/notes/").status_code == 404
    assert api(client, meetup, boss, method="get").json()["count"] == 1


def test_the_page_keeps_what_could_not_be_posted(client):
    meetup = running()
    person = going(meetup)
    client.force_login(person)
    url = f"/meetups/{meetup.slug}/notes/"
    assert "Post the note" in client.get(url).content.decode()
    answer = client.post(f"{url}new/", {"text": "  first\n\n note "})
    assert answer.status_code == 302
    assert Note.objects.get().text == "first note"
    Rsvp.objects.filter(user=person).update(status="not_going")
    answer = client.post(f"{url}new/", {"text": "second"})
    assert answer.status_code == 403
    assert "Only those who are there write notes" in answer.content.decode()
    assert client.post(f"{url}new/", {"text": " "}).status_code == 422
    assert Note.objects.count() == 1


def test_organizers_moderate_on_the_page(client):
    meetup = running()
    boss = organizer(meetup.chapter)
    note = post_note(meetup=meetup, text="words", by=boss)
    client.force_login(boss)
    url = f"/meetups/{meetup.slug}/notes/"
    assert client.post(f"{url}{note.pk}/hide/", follow=True).status_code == 200
    note.refresh_from_db()
    assert note.hidden_by == boss
    client.post(f"{url}{note.pk}/restore/")
    note.refresh_from_db()
    assert note.hidden_at is None
    client.post(f"{url}state/", {"state": "close"})
    assert not takes_notes(meetup)
    client.post(f"{url}state/", {"state": "open"})
    assert takes_notes(meetup)


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_as_often_for_three_as_for_one(client, rows, django_assert_num_queries):
    meetup = running()
    for number in range(rows):
        post_note(meetup=meetup, text=f"{number}", by=organizer(meetup.chapter))
    with django_assert_num_queries(3):
        api(client, meetup, method="get")
    with django_assert_num_queries(5):
        client.get(f"/meetups/{meetup.slug}/notes/")


def test_without_scripts_the_page_refreshes_by_itself_but_not_under_a_field(client):
    meetup = running()
    url = f"/meetups/{meetup.slug}/notes/"
    refresh = '<noscript><meta http-equiv="refresh" content="20"></noscript>'
    assert refresh in client.get(url).content.decode()
    client.force_login(going(meetup))
    assert refresh not in client.get(url).content.decode()
    assert refresh in client.get(f"{url}?follow").content.decode()
    over = MeetupFactory(starts_at=clock.now() - dt.timedelta(days=2))
    assert refresh not in client.get(f"/meetups/{over.slug}/notes/").content.decode()


def test_control_hiding_is_what_keeps_a_note_from_readers(client):
    meetup = running()
    boss = organizer(meetup.chapter)
    note = post_note(meetup=meetup, text="unkind words", by=boss)
    url = f"/meetups/{meetup.slug}/notes/"
    assert "unkind" in client.get(url).content.decode()
    hide_note(note=note, by=boss)
    assert "unkind" not in client.get(url).content.decode()
    restore_note(note=note, by=boss)
    assert "unkind" in client.get(url).content.decode()


def test_a_note_hidden_after_the_meeting_goes_from_its_page_at_once(client):
    meetup = MeetupFactory(starts_at=clock.now() - 3 * HOUR)  # over since an hour
    boss = organizer(meetup.chapter)
    note = post_note(meetup=meetup, text="unkind words", by=boss)
    url = f"/meetups/{meetup.slug}/"
    assert "unkind" in client.get(url).content.decode()
    hide_note(note=note, by=boss)
    assert "unkind" not in client.get(url).content.decode()


def test_organizers_hide_their_own_chapters_notes_in_the_admin(client):
    grant_organizers()
    meetup = running()
    elsewhere = running(chapter=ChapterFactory(slug="boston"))
    boss = organizer(meetup.chapter)
    boss.groups.add(organizers_group())
    client.force_login(boss)
    ours = post_note(meetup=meetup, text="ours", by=boss)
    theirs = post_note(meetup=elsewhere, text="theirs", by=organizer(elsewhere.chapter))
    url = "/admin/meetups/note/"
    assert "theirs" not in client.get(url).content.decode()
    client.post(url, {"action": "hide", "_selected_action": [ours.pk, theirs.pk]})
    assert list(Note.objects.filter(hidden_at=None)) == [theirs]
    client.post(url, {"action": "restore", "_selected_action": [ours.pk]})
    assert Note.objects.filter(hidden_at=None).count() == 2
