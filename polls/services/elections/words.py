"""What candidates say of themselves, and what those say who run together."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from community.core.errors import ForbiddenError, InvalidError
from community.models import User
from community.models.chapter import organizes
from community.services.audit import record
from meetups.exceptions import RecordedError
from polls.models import Campaign, Candidate, CandidateAnswer, Election
from polls.services.elections.locks import check_rules_open, lock_as_organizer, lock_election
from polls.services.elections.people import lock_candidate
from polls.services.elections.rules import checked_text
from polls.wording import look_of, one_line

WORDS = frozenset({"name", "affiliation", "profile", "statement", "links"})
MOST_LINKS, LONGEST_LINK, LONGEST_ANSWER = 10, 500, 5000
_is_web_address = URLValidator(schemes=["http", "https"])


def checked_words(**words: str) -> dict[str, str]:
    """A candidate's words as they are kept. Raises InvalidError with the first that is wrong."""
    unknown = words.keys() - WORDS
    if unknown:
        raise TypeError(f"A candidate has no {', '.join(sorted(unknown))}.")
    checked = {}
    for name, value in words.items():
        if name == "statement":
            checked[name] = checked_text(name, value)
        elif name == "links":
            checked[name] = _links(value)
        else:
            checked[name] = _line(name, value)
    return checked


@transaction.atomic
def change_words(
    *, candidate: Candidate, by: User, answers: Mapping[int, str] | None = None, **words: str
) -> Candidate:
    """Change what a candidate says, until voting opens; the candidate, or an organizer for them.

    `answers` are texts by the ids of the organizers' questions; an empty one is taken back. Raises
    ForbiddenError, InvalidError, RulesFixedError, RecordedError.
    """
    election = lock_election(candidate.election)
    if election.season_id is not None:
        raise RecordedError("This election is on record as it was printed. It stays as it is.")
    candidate = lock_candidate(candidate)
    is_run = organizes(by, election.chapter_id)
    is_own = candidate.account_id == by.pk
    if not is_own and not (is_run and candidate.is_entered):
        raise ForbiddenError("Candidates say themselves what they stand for.")
    if not election.is_external:
        check_rules_open(election)
    if not is_run:
        words.pop("name", None)  # one stands under the name one was nominated by
    checked = checked_words(**words)
    if "name" in checked and not look_of(checked["name"]):
        raise InvalidError("A candidate needs a name.", errors={"name": ["empty"]})
    for name, value in checked.items():
        setattr(candidate, name, value)
    candidate.save(update_fields=[*checked])
    for number, text in (answers or {}).items():
        _write_answer(candidate, number, text)
    return candidate


@transaction.atomic
def write_campaign(
    *,
    election: Election,
    by: User,
    title: str,
    statement: str = "",
    record_text: str = "",
    members: Collection[Candidate] = (),
    campaign: Campaign | None = None,
) -> Campaign:
    """A joint campaign of `members`, made or changed before voting opens.

    Raises ForbiddenError, InvalidError for less than two candidates or those of another election,
    RulesFixedError.
    """
    election = _open_to_changes(election, by)
    title = _line("title", title, most=200)
    if not look_of(title):
        raise InvalidError("A campaign needs a name.", errors={"title": ["empty"]})
    if len(members) < 2 or any(one.election_id != election.pk for one in members):  # noqa: PLR2004 - jointly
        raise InvalidError(
            "A joint campaign has two candidates at least.", errors={"members": ["two at least"]}
        )
    campaign = campaign or Campaign(election=election)
    campaign.title = title
    campaign.statement = checked_text("statement", statement)
    campaign.record = checked_text("record", record_text)
    campaign.save()
    Candidate.objects.filter(campaign=campaign).update(campaign=None)
    Candidate.objects.filter(pk__in=[one.pk for one in members]).update(campaign=campaign)
    subject = f"a joint campaign of election {election.slug}"
    record("wrote", subject, by=by, chapter=election.chapter)
    return campaign


@transaction.atomic
def end_campaign(*, campaign: Campaign, by: User) -> None:
    """Let its candidates run each alone, before voting opens.

    Raises ForbiddenError, RulesFixedError.
    """
    election = _open_to_changes(campaign.election, by)
    campaign.delete()
    subject = f"a joint campaign of election {election.slug}"
    record("ended", subject, by=by, chapter=election.chapter)


def _open_to_changes(election: Election, by: User) -> Election:
    election = lock_as_organizer(election, by)
    if not election.is_external:
        check_rules_open(election)
    return election


def _line(name: str, value: str, *, most: int | None = None) -> str:
    value = one_line(value)
    most = most or Candidate._meta.get_field(name).max_length or 0  # type: ignore[union-attr]  # noqa: SLF001 - Django's documented model API
    if len(value) > most:
        raise InvalidError(f"That has at most {most} characters.", errors={name: ["too long"]})
    return value


def _links(text: str) -> str:
    links = list(dict.fromkeys(text.replace("\x00", "").split()))
    if len(links) > MOST_LINKS:
        raise InvalidError(f"There are at most {MOST_LINKS} links.", errors={"links": ["too many"]})
    for link in links:
        try:
            _is_web_address(link)
        except ValidationError:
            raise _bad_link(link) from None
        if len(link) > LONGEST_LINK:
            raise _bad_link(link)
    return "\n".join(links)


def _bad_link(link: str) -> InvalidError:
    sentence = f"“{link[:80]}” is no address of a web page."
    return InvalidError(f"{sentence} Nothing was saved.", errors={"links": [sentence]})


def _write_answer(candidate: Candidate, number: int, text: Any) -> None:
    question = candidate.election.questions.filter(pk=number).first()
    if question is None:
        raise InvalidError("That is no question of this election.", errors={"answers": ["unknown"]})
    text = checked_text("answers", str(text))
    if len(text) > LONGEST_ANSWER:
        raise InvalidError(
            f"An answer has at most {LONGEST_ANSWER} characters.", errors={"answers": ["too long"]}
        )
    if text:
        CandidateAnswer.objects.update_or_create(
            question=question, candidate=candidate, defaults={"text": text}
        )
    else:
        CandidateAnswer.objects.filter(question=question, candidate=candidate).delete()
