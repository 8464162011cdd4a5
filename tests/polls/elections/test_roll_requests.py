"""Asking to be on a roll: one request at a time, decided once, with a reason."""

import re

import pytest

from community.core import clock
from community.core.errors import ConflictError, ForbiddenError, InvalidError, TooManyError
from community.models import AuditEntry, Mail
from community.services.outgoing import send_queued_mail
from community.services.personal import erase_account, personal_data
from polls.exceptions import ElectionClosedError
from polls.models import ElectionEntry, RollEntry, RollRequest
from polls.selectors.elections.standing import entry_of
from polls.services.elections.own_roll import gone_word
from polls.services.elections.roll_requests import ask_for_roll, decide_request
from polls.services.elections.tokens import entry_of_token, make_token, request_tokens
from tests.factories.community import UserFactory, member, organizer
from tests.factories.rolls import election, entry

pytestmark = pytest.mark.django_db


def asked(race, by=None, text="I joined in May"):
    return ask_for_roll(election=race, text=text, by=by or member(name="Ann Lee"))


def decide(request, by=None, *, accept=True, reason="She did"):
    return decide_request(request=request, accept=accept, reason=reason, by=by or organizer())


def test_an_accepted_request_is_an_entry_and_a_link_while_voting_is_open(mailoutbox):
    race, user = election(), member(name="Ann Lee")
    found = decide(asked(race, user))
    there = race.roll.get()
    assert (there.account, there.email, there.reason) == (user, user.email, "exception: She did")
    assert (found.state, found.decision_reason) == ("accepted", "She did")
    (line,) = ElectionEntry.objects.all()
    assert (line.event, line.facts) == ("exception_decided", {"outcome": "accepted", "size": 1})
    for mail in Mail.objects.all():
        send_queued_mail(str(mail.pk))
    subjects = sorted(message.subject for message in mailoutbox)
    assert subjects == ["You are on the roll: The board 2026", "Your link to vote: The board 2026"]
    texts = "".join(message.body for message in mailoutbox)
    assert "Their reason: She did" in texts
    (token,) = re.findall(r"/vote/([\w-]{43})/", texts)
    assert entry_of_token(election=race, token=token) == there
    detail = AuditEntry.objects.get(verb="accepted a request for").detail
    assert detail == {"request": found.pk}


def test_before_the_opening_no_link_is_sent_and_a_refusal_is_told(mailoutbox):
    race, user = election("nominating"), member()
    decide(asked(race))
    assert race.roll.get().token_nonce is None
    decide(asked(race, user), accept=False, reason="Joined too late")
    assert race.roll.count() == 1
    send_queued_mail(str(Mail.objects.get(to=user.email).pk))
    assert "did not accept it" in mailoutbox[0].body
    assert "Joined too late" in mailoutbox[0].body
    again = asked(race, user, "Look at the list")
    assert again.state == "asked"


def test_what_cannot_be_asked_or_decided():
    race, user, boss = election(), member(), organizer()
    first = asked(race, user)
    with pytest.raises(ConflictError, match="have asked already"):
        asked(race, user)
    for text in (" \u200b", "x" * 501):
        with pytest.raises(InvalidError):
            asked(race, member(), text)
        with pytest.raises(InvalidError):
            decide(first, boss, reason=text)
    with pytest.raises(ForbiddenError):
        decide(first, member())
    decide(first, boss)
    with pytest.raises(ConflictError, match="is decided"):
        decide(first, boss, accept=False)
    with pytest.raises(ConflictError, match="You are on the roll"):
        asked(race, user)
    late = asked(race, member())
    race.closes_at = clock.now()
    race.save()
    for act in (lambda: asked(race, member()), lambda: decide(late, boss)):
        with pytest.raises(ElectionClosedError):
            act()
    for state in ("external", "closed"):
        with pytest.raises(ElectionClosedError):
            asked(election(state))


def test_nobody_asks_all_day():
    race, user = election(), member()
    for _ in range(5):
        decide(asked(race, user), accept=False)
    with pytest.raises(TooManyError):
        asked(race, user)


def test_organizers_who_were_quicker_and_an_address_that_is_anothers():
    race, user, other = election(), member(), member()
    wanted, clash = asked(race, user), asked(race, other)
    entry(race, "work@example.org", account=user)
    entry(race, other.email, account=UserFactory())
    assert decide(wanted).state == "accepted"
    with pytest.raises(ConflictError, match="not this account's"):
        decide(clash)
    assert race.roll.count() == 2
    clash.refresh_from_db()
    assert clash.state == "asked"


def erased(user):
    erase_account(email=user.email, by=user)


def test_what_rolls_hold_on_a_person():
    race, user = election(), member()
    entry(race, user.email, has_voted=True)
    asked(election(), user)
    data = personal_data(by=user)
    assert data["election_rolls"] == [
        {"election__slug": race.slug, "email": user.email, "name": "", "reason": "member of Austin",
         "has_voted": True},
    ]  # fmt: skip
    assert [row["text"] for row in data["roll_requests"]] == ["I joined in May"]


def test_with_the_account_the_right_goes_and_no_second_vote_comes(client):
    race, before, user = election(), election("nominating"), member(name="Ann Lee")
    email = user.email
    there = entry(race, email, account=user, name="Ann Lee", reason="guest of Ann Lee")
    entry(before, email)
    request_tokens(election=race, entries=[there])
    there.refresh_from_db()
    token = make_token(there.pk, there.token_nonce)
    RollEntry.objects.filter(pk=there.pk).update(has_voted=True)
    asked(before, member(), f"like {email}")
    erased(user)
    assert not before.roll.exists()
    assert RollRequest.objects.get().text == "like someone"
    there.refresh_from_db()
    gone = (there.email, there.account, there.name, there.reason, there.token_nonce)
    assert gone == (gone_word(race.pk, email), None, "", "guest of someone", None)
    assert client.get(f"/elections/{race.slug}/vote/{token}/").status_code == 403
    back = member(email=email)
    assert entry_of(race, back) is None
    decide(asked(race, back))
    assert entry_of(race, back) == there
    assert race.roll.get().has_voted


@pytest.mark.parametrize("has_voted", [True, False])
def test_organizers_do_not_see_by_who_left_and_came_back_whether_they_voted(has_voted):
    race, user = election(), member()
    email = user.email
    entry(race, email, has_voted=has_voted)
    erased(user)
    assert race.roll.get().email.startswith("gone-")
    assert decide(asked(race, member(email=email))).state == "accepted"
    there = race.roll.get()
    assert (there.email, there.has_voted) == (email, has_voted)


def test_requests_of_the_erased_are_dropped_or_nobodys():
    race, user, boss = election(), member(), organizer()
    organizer()
    done = decide(asked(race, user), boss, accept=False)
    asked(race, user)
    erased(boss)
    erased(user)
    found = RollRequest.objects.get()
    assert (found.pk, found.account, found.text, found.decided_by) == (done.pk, None, "", None)
