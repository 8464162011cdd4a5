"""What organizers ask every candidate."""

from collections.abc import Sequence

from django.db import transaction

from community.core.errors import InvalidError
from community.models import User
from polls.models import Election, ElectionQuestion
from polls.services.elections.locks import check_rules_open, lock_as_organizer
from polls.wording import look_of, one_line

MOST_QUESTIONS, LONGEST_QUESTION = 20, 300


@transaction.atomic
def write_questions(*, election: Election, texts: Sequence[str], by: User) -> None:
    """Make the questions what `texts` says, in its order, before voting opens.

    A question keeps its answers as long as its words stay. Raises ForbiddenError, InvalidError,
    RulesFixedError.
    """
    election = lock_as_organizer(election, by)
    if not election.is_external:
        check_rules_open(election)
    write_questions_locked(election, texts)


def write_questions_locked(election: Election, texts: Sequence[str]) -> None:
    """The same, for a caller who holds the election's row."""
    wanted = [one_line(text) for text in texts]
    wanted = list(dict.fromkeys(text for text in wanted if look_of(text)))
    if len(wanted) > MOST_QUESTIONS:
        raise _invalid(f"There are at most {MOST_QUESTIONS} questions.")
    if any(len(text) > LONGEST_QUESTION for text in wanted):
        raise _invalid(f"A question has at most {LONGEST_QUESTION} characters.")
    known = {question.text: question for question in election.questions.all()}
    for position, text in enumerate(wanted):
        question = known.pop(text, None) or ElectionQuestion(election=election, text=text)
        question.position = position
        question.save()
    election.questions.filter(pk__in=[question.pk for question in known.values()]).delete()


def _invalid(sentence: str) -> InvalidError:
    return InvalidError(f"{sentence} Nothing was saved.", errors={"questions": [sentence]})
