"""The roll for programs: what pages do, with every refusal."""

import pytest

from community.models import Mail
from polls.models import RollEntry
from polls.services.elections.tokens import request_tokens
from tests.contracts.calls import call, problem
from tests.factories.community import ChapterFactory, bearer, member, organizer
from tests.factories.rolls import election, entry

pytestmark = pytest.mark.django_db


def test_a_roll_is_filled_and_read(client):
    race, boss, user = election("nominating"), organizer(), member()
    at = f"elections/{race.slug}/roll/"
    people = [{"email": user.email, "reason": "member"}, {"email": "no", "reason": ""}]
    body = problem(call(client, "post", at, {"people": people}, boss), 422, "invalid")
    assert body["errors"]["rows"] == [{"row": 2, "error": "“no” is no e-mail address."}]
    assert body["detail"] == "1 row cannot be added. Nothing was added."
    made = call(client, "post", at, {"people": people[:1]}, boss)
    assert made.json() == {"people": 1, "is_written": True, "size": 1}
    csv = {"csv": "email;reason;name\nann@example.org;guest;Ann"}
    dry = call(client, "post", f"{at}import/", csv | {"dry_run": True}, boss)
    assert (dry.status_code, dry.json()) == (200, {"people": 1, "is_written": False, "size": 1})
    made = call(client, "post", f"{at}import/", csv, boss, **{"Idempotency-Key": "a"})
    again = call(client, "post", f"{at}import/", csv, boss, **{"Idempotency-Key": "a"})
    assert made.json() == again.json() == {"people": 1, "is_written": True, "size": 2}
    refused = problem(call(client, "post", f"{at}import/", csv, boss), 422, "invalid")
    assert refused["errors"]["rows"] == [{"row": 2, "error": "The address is on the roll already."}]
    rule = {"since": None}
    dry = call(client, "post", f"{at}members/", rule | {"dry_run": True}, boss)
    assert dry.json() == {"people": 1, "is_written": False, "size": 2}
    assert call(client, "post", f"{at}members/", rule, boss).json()["size"] == 3
    ann = race.roll.get(email="ann@example.org")
    assert call(client, "delete", f"{at}{ann.pk}/", user=boss).status_code == 204
    problem(call(client, "delete", f"{at}{ann.pk}/", user=boss), 404, "not_found")
    listed = call(client, "get", f"{at}?q={user.email}", user=boss).json()
    assert listed["results"] == [
        {"id": race.roll.get(account=user).pk, "email": user.email, "name": "",
         "reason": "member", "has_account": True, "link": None},
    ]  # fmt: skip
    RollEntry.objects.all().delete()
    type(race).objects.filter(pk=race.pk).update(state="open", opened_at=race.opens_at)
    for path, sent in (("", {"people": people[:1]}), ("import/", csv), ("members/", rule)):
        problem(call(client, "post", at + path, sent, boss), 409, "rules_fixed")


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_however_long(client, count, django_assert_num_queries):
    race, boss = election(), organizer()
    for number in range(count):
        entry(race, f"v{number}@example.org")
    request_tokens(election=race, entries=race.roll.all())
    call(client, "get", f"elections/{race.slug}/roll/", user=boss)
    headers = bearer(boss)
    with django_assert_num_queries(7):
        rows = client.get(f"/api/v1/elections/{race.slug}/roll/", headers=headers).json()["results"]
    assert [row["link"]["state"] for row in rows] == ["queued"] * count


def test_links_and_reminders(client):
    race, boss = election(), organizer()
    there = entry(race)
    at = f"elections/{race.slug}/roll/"
    sent = call(client, "post", f"{at}{there.pk}/resend/", user=boss)
    assert (sent.status_code, sent.json()["link"]["state"]) == (202, "queued")
    assert call(client, "post", f"{at}remind/", user=boss).json() == {"mails": 1}
    problem(call(client, "post", f"{at}remind/", user=boss), 429, "too_many_requests")
    for email in (there.email, "nobody@example.org"):
        answer = call(client, "post", f"{at}link/", {"email": email})
        assert (answer.status_code, answer.json()) == (202, {"accepted": True})
    assert set(Mail.objects.values_list("to", flat=True)) == {there.email}
    for _ in range(2):
        call(client, "post", f"{at}link/", {"email": "nobody@example.org"})
    answer = call(client, "post", f"{at}link/", {"email": "nobody@example.org"})
    problem(answer, 429, "too_many_requests")


def test_asking_and_deciding(client):
    race, boss, user = election(), organizer(), member(name="Ann Lee")
    at = f"elections/{race.slug}/roll/requests/"
    asked = call(client, "post", at, {"text": "I joined in May"}, user)
    assert (asked.status_code, asked.json()["state"]) == (201, "asked")
    problem(call(client, "post", at, {"text": "Once more"}, user), 409, "already_asked")
    (row,) = call(client, "get", at, user=boss).json()["results"]
    assert (row["email"], row["name"], row["text"]) == (user.email, "Ann Lee", "I joined in May")
    decide = f"{at}{row['id']}/decide/"
    assert call(client, "post", decide, {"accept": True}, boss).status_code == 422
    done = call(client, "post", decide, {"accept": True, "reason": "She did"}, boss).json()
    assert (done["state"], done["decision_reason"]) == ("accepted", "She did")
    again = call(client, "post", decide, {"accept": False, "reason": "No"}, boss)
    problem(again, 409, "decided")
    problem(call(client, "post", at, {"text": "Me, too"}, user), 409, "on_roll")
    problem(call(client, "post", f"{at}999/decide/", {}, boss), 404, "not_found")


def test_who_may_not(client):
    race, other = election(), organizer(ChapterFactory(slug="boston"))
    there = entry(race)
    at = f"elections/{race.slug}/roll/"
    calls = [
        ("get", ""), ("post", ""), ("post", "import/"), ("post", "members/"), ("post", "remind/"),
        ("delete", f"{there.pk}/"), ("post", f"{there.pk}/resend/"), ("get", "requests/"),
        ("post", "requests/1/decide/"),
    ]  # fmt: skip
    for verb, path in calls:
        assert call(client, verb, at + path).status_code == 401
        problem(call(client, verb, at + path, user=member()), 403, "permission_denied")
        problem(call(client, verb, at + path, user=other), 403, "forbidden")
    assert call(client, "post", f"{at}requests/", {"text": "x"}).status_code == 401
    hidden = election("draft", announced_at=None)
    answer = call(
        client, "post", f"elections/{hidden.slug}/roll/requests/", {"text": "x"}, member()
    )
    problem(answer, 404, "not_found")
