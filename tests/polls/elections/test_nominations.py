import pytest

from community.core import clock
from community.core.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    TooManyError,
    TransitionError,
)
from community.models import Mail
from community.services.mail import write_mail
from polls import states
from polls.exceptions import RulesFixedError
from polls.models import Candidate, Election
from polls.selectors.elections.candidates import candidates_of, candidates_to_be
from polls.services.elections.candidates import (
    accept_nomination,
    decline_nomination,
    endorse_candidate,
    enter_candidate,
    nominate_candidate,
    reinstate_candidate,
    remove_candidate,
    rule_out_candidate,
    withdraw_candidacy,
    withdraw_endorsement,
)
from polls.services.elections.inspectors import name_inspector, release_inspector
from polls.services.elections.questions import write_questions
from polls.services.elections.words import change_words, end_campaign, write_campaign
from tests.factories.community import ChapterFactory, UserFactory, member, organizer
from tests.factories.elections import DAY, external, nominating

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return organizer()


@pytest.fixture
def election(boss):
    return nominating(boss, endorsements_needed=1)


def names(rows):
    return [one.name for one in rows]


def test_from_the_first_word_to_the_ballot(election, boss):
    rob, monty, stranger = member(name="Rob"), member(name="Monty"), UserFactory()
    candidate = nominate_candidate(election=election, by=monty, email=rob.email.upper())
    assert (candidate.state, candidate.account, candidate.name) == ("nominated", rob, "Rob")
    letter = Mail.objects.get(purpose="polls/election_nominated")
    write_mail(letter)
    assert letter.recipient == rob
    assert "Monty nominated you" in letter.text
    endorse_candidate(candidate=candidate, by=monty)
    endorse_candidate(candidate=candidate, by=monty)
    assert candidate.endorsements.count() == 1
    assert not candidates_to_be(election).exists()
    for other in (monty, boss):
        with pytest.raises(ForbiddenError):
            accept_nomination(candidate=candidate, by=other)
    with pytest.raises(ForbiddenError):
        endorse_candidate(candidate=candidate, by=rob)
    with pytest.raises(ForbiddenError):
        endorse_candidate(candidate=candidate, by=stranger)
    with pytest.raises(ForbiddenError):
        nominate_candidate(election=election, by=stranger)
    accept_nomination(candidate=candidate, by=rob)
    assert names(candidates_to_be(election)) == ["Rob"]
    assert withdraw_endorsement(candidate=candidate, by=monty)
    assert not withdraw_endorsement(candidate=candidate, by=monty)
    assert not candidates_to_be(election).exists()
    own = nominate_candidate(election=election, by=monty, profile="Builds things")
    assert (own.state, own.profile) == ("accepted", "Builds things")


def test_nobody_is_nominated_twice_or_without_an_account(election):
    rob, other = member(name="Rob"), member()
    nominate_candidate(election=election, by=rob)
    with pytest.raises(ConflictError) as caught:
        nominate_candidate(election=election, by=other, email=rob.email)
    assert caught.value.code == "already_nominated"
    with pytest.raises(InvalidError) as nobody:
        nominate_candidate(election=election, by=other, email="nobody@example.org")
    assert "email" in nobody.value.extra["errors"]
    with pytest.raises(InvalidError):
        nominate_candidate(election=election, by=other, email=member().email, statement="mine")


def test_after_the_deadline_nothing_is_taken(election):
    rob, other = member(), member()
    asked = nominate_candidate(election=election, by=other, email=rob.email)
    Election.objects.filter(pk=election.pk).update(nominations_close_at=clock.now())
    for act in (
        lambda: nominate_candidate(election=election, by=other),
        lambda: endorse_candidate(candidate=asked, by=other),
        lambda: withdraw_endorsement(candidate=asked, by=other),
        lambda: accept_nomination(candidate=asked, by=rob),
    ):
        with pytest.raises(ConflictError) as caught:
            act()
        assert caught.value.code == "nominations_closed"
    assert decline_nomination(candidate=asked, by=rob).state == "declined"


@pytest.mark.parametrize("state", sorted(states.CANDIDACY.states))
@pytest.mark.parametrize("event", sorted(states.CANDIDACY.events))
def test_every_step_keeps_to_the_table(election, boss, state, event):
    rob = member()
    candidate = Candidate.objects.create(election=election, account=rob, name="R", state=state)
    act = {
        "accept": lambda: accept_nomination(candidate=candidate, by=rob),
        "decline": lambda: decline_nomination(candidate=candidate, by=rob),
        "withdraw": lambda: withdraw_candidacy(candidate=candidate, by=rob),
        "rule_out": lambda: rule_out_candidate(candidate=candidate, reason="x", by=boss),
        "reinstate": lambda: reinstate_candidate(candidate=candidate, reason="x", by=boss),
    }[event]
    if state in states.CANDIDACY.sources(event):
        act()
        candidate.refresh_from_db()
        assert candidate.state == states.CANDIDACY.next(state, event).target
        return
    with pytest.raises(TransitionError):
        act()
    candidate.refresh_from_db()
    assert candidate.state == state


def test_nominating_does_not_tell_who_has_an_account_here(election):
    known, stranger, curious = member(), UserFactory(), member()
    for email in (known.email, "nobody@example.org"):
        with pytest.raises(ForbiddenError):
            nominate_candidate(election=election, by=stranger, email=email)
    for number in range(20):
        with pytest.raises(InvalidError):
            nominate_candidate(election=election, by=curious, email=f"guess-{number}@example.org")
    with pytest.raises(TooManyError):
        nominate_candidate(election=election, by=curious, email=known.email)
    assert nominate_candidate(election=election, by=curious).account == curious


def test_who_withdraws_while_voting_is_open_stays_on_the_paper(election):
    rob = member(name="Rob")
    candidate = nominate_candidate(election=election, by=rob)
    Candidate.objects.update(is_on_ballot=True)
    Election.objects.update(state="open", opened_at=clock.now())
    withdraw_candidacy(candidate=candidate, by=rob)
    line = election.log.order_by("number").last()
    assert (line.event, line.facts) == (
        "candidate_withdrew", {"candidate": candidate.pk, "name": "Rob"},
    )  # fmt: skip
    candidate.refresh_from_db()
    assert (candidate.state, candidate.is_on_ballot) == ("withdrawn", True)
    other = Candidate.objects.create(
        election=election, account=member(), name="O", state="accepted", is_on_ballot=True
    )
    Election.objects.update(closes_at=clock.now(), opens_at=clock.now() - DAY)
    with pytest.raises(ConflictError):
        withdraw_candidacy(candidate=other, by=other.account)


def test_organizers_enter_rule_out_and_take_up_again_until_it_opens(election, boss):
    entered = enter_candidate(election=election, by=boss, name="Ann", affiliation="Rackspace")
    assert names(candidates_to_be(election)) == ["Ann"]
    with pytest.raises(ConflictError):
        enter_candidate(election=election, by=boss, name="ANN")
    with pytest.raises(ConflictError):
        remove_candidate(candidate=entered, by=boss)
    with pytest.raises(InvalidError):
        rule_out_candidate(candidate=entered, reason=" ", by=boss)
    with pytest.raises(ForbiddenError):
        rule_out_candidate(candidate=entered, reason="x", by=member())
    rule_out_candidate(candidate=entered, reason="Not a member.", by=boss)
    assert not candidates_to_be(election).exists()
    assert reinstate_candidate(candidate=entered, reason="She is.", by=boss).state == "accepted"
    events = [line.event for line in election.log.order_by("number")]
    assert events[1:] == ["candidate_ruled_out", "candidate_reinstated"]
    Election.objects.update(state="open", opened_at=clock.now())
    with pytest.raises(RulesFixedError):
        rule_out_candidate(candidate=entered, reason="x", by=boss)
    with pytest.raises(RulesFixedError):
        enter_candidate(election=election, by=boss, name="Late")


def test_the_ruled_out_are_told_why(election, boss):
    rob = member()
    candidate = nominate_candidate(election=election, by=rob)
    rule_out_candidate(candidate=candidate, reason="Not a member since March.", by=boss)
    letter = Mail.objects.get(purpose="polls/election_ruled_out")
    write_mail(letter)
    assert letter.recipient == rob
    assert "Not a member since March." in letter.text


def test_words_are_ones_own_until_voting_opens(election, boss):
    write_questions(election=election, texts=["Why?"], by=boss)
    question = election.questions.get()
    rob, other = member(), member()
    candidate = nominate_candidate(election=election, by=rob)
    change_words(
        candidate=candidate,
        by=rob,
        name="Somebody famous",
        statement="Users first.",
        affiliation=" Dell  Inc ",
        links="https://a.example/\n\nhttp://b.example/\nhttps://a.example/",
        answers={question.pk: "Because."},
    )
    candidate.refresh_from_db()
    assert candidate.name == rob.display_name
    assert candidate.links == "https://a.example/\nhttp://b.example/"
    assert candidate.affiliation == "Dell Inc"
    assert candidate.answers.get().text == "Because."
    for by in (other, boss):
        with pytest.raises(ForbiddenError):
            change_words(candidate=candidate, by=by, statement="x")
    for wrong in ("ftp://a.example/", "javascript:alert(1)", "a b"):
        with pytest.raises(InvalidError):
            change_words(candidate=candidate, by=rob, links=wrong)
    with pytest.raises(InvalidError):
        change_words(candidate=candidate, by=rob, answers={question.pk + 1: "x"})
    change_words(candidate=candidate, by=rob, answers={question.pk: " "})
    assert not candidate.answers.exists()
    Election.objects.update(state="open", opened_at=clock.now())
    with pytest.raises(RulesFixedError):
        change_words(candidate=candidate, by=rob, statement="Late")


def test_joint_campaigns(election, boss):
    rob, joe = (enter_candidate(election=election, by=boss, name=name) for name in ("Rob", "Joe"))
    with pytest.raises(InvalidError):
        write_campaign(election=election, by=boss, title="Both", members=[rob])
    campaign = write_campaign(election=election, by=boss, title="Both", members=[rob, joe])
    assert set(campaign.candidates.all()) == {rob, joe}
    foreign = enter_candidate(election=nominating(boss), by=boss, name="F")
    with pytest.raises(InvalidError):
        write_campaign(election=election, by=boss, title="Both", members=[rob, foreign])
    end_campaign(campaign=campaign, by=boss)
    rob.refresh_from_db()
    assert rob.campaign is None


def test_no_inspector_stands_and_no_candidate_inspects(election, boss):
    rob, ann = member(name="Rob"), member(name="Ann")
    candidate = nominate_candidate(election=election, by=rob)
    asked = nominate_candidate(election=election, by=rob, email=ann.email)
    for person in (rob, ann):
        with pytest.raises(ConflictError) as caught:
            name_inspector(election=election, account=person, by=boss)
        assert caught.value.code == "is_candidate"
    decline_nomination(candidate=asked, by=ann)
    inspector = name_inspector(election=election, account=ann, affiliation="HP", by=boss)
    with pytest.raises(ConflictError) as refused:
        accept_nomination(candidate=asked, by=ann)
    assert refused.value.code == "is_inspector"
    watcher = member()
    name_inspector(election=election, account=watcher, by=boss)
    with pytest.raises(ConflictError):
        nominate_candidate(election=election, by=rob, email=watcher.email)
    with pytest.raises(ConflictError):
        enter_candidate(election=election, by=boss, email=watcher.email)
    release_inspector(inspector=inspector, reason="Asked to be.", by=boss)
    assert accept_nomination(candidate=asked, by=ann).state == "accepted"
    lines = [(line.event, line.facts) for line in election.log.order_by("number")]
    assert lines[1] == ("inspector_named", {"name": "Ann", "company": "HP"})
    assert lines[-1] == (
        "inspector_released", {"name": "Ann", "company": "HP", "reason": "Asked to be."},
    )  # fmt: skip
    assert candidate.state == "accepted"


def test_at_most_two_inspectors_of_one_company(election, boss):
    for company in ("Red  Hat", "red hat"):
        name_inspector(election=election, account=member(), affiliation=company, by=boss)
    with pytest.raises(InvalidError):
        name_inspector(election=election, account=member(), affiliation=" RED HAT ", by=boss)
    for _ in range(3):  # who is of no company is of none together
        name_inspector(election=election, account=member(), by=boss)
    known = election.inspectors.first().account
    with pytest.raises(ConflictError):
        name_inspector(election=election, account=known, by=boss)
    Election.objects.update(state="certified", opened_at=clock.now(), closed_at=clock.now())
    with pytest.raises(ConflictError):
        name_inspector(election=election, account=member(), by=boss)
    with pytest.raises(ConflictError):
        release_inspector(inspector=election.inspectors.first(), reason="x", by=boss)
    assert Mail.objects.filter(purpose="polls/election_inspector").count() == 5


def test_who_is_nominated_is_seen_by_those_who_may_endorse(election, client):
    rob, other = member(name="Rob"), member()
    nominate_candidate(election=election, by=other, email=rob.email)
    nobody = client.get(f"/elections/{election.slug}/").wsgi_request.user
    assert candidates_of(election, nobody) == []
    assert names(candidates_of(election, other)) == ["Rob"]


def test_a_draft_and_one_held_elsewhere_can_lose_who_was_entered_by_mistake(boss):
    election = external(boss)
    entered = enter_candidate(election=election, by=boss, name="Typo")
    remove_candidate(candidate=entered, by=boss)
    assert not election.candidates.exists()
    other = ChapterFactory(slug="boston")
    with pytest.raises(ForbiddenError):
        enter_candidate(election=election, by=organizer(other), name="X")
