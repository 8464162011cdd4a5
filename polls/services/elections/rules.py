"""What an election's own fields must be, alone and together."""

from typing import Any

from django.core.exceptions import ValidationError

from community.core.errors import InvalidError
from polls.models import Election
from polls.services.moves import check_year
from polls.validators import RESERVED_ELECTION_SLUGS
from polls.wording import look_of, one_line

TIMES = ("nominations_open_at", "nominations_close_at", "opens_at", "closes_at")
MOST_SITTING = 99
LONGEST_NAME, LONGEST_COMPANY, LONGEST_TEXT = 150, 120, 20_000
# What each time must not come before.
ORDER = (
    ("nominations_close_at", "nominations_open_at", "Nominations must close after they open."),
    ("opens_at", "nominations_close_at", "Nominations must close before voting opens."),
    ("closes_at", "opens_at", "Voting must close after it opens."),
)
TEXTS = ("about", "eligibility", "how_to_vote", "result_source")


def check_election(election: Election) -> None:
    """Bring the fields into shape; raise InvalidError with the first that makes no sense."""
    if not look_of(election.title):
        raise InvalidError("An election needs a title.", errors={"title": ["empty"]})
    if election.slug in RESERVED_ELECTION_SLUGS:
        raise InvalidError("Choose another address.", errors={"slug": ["reserved"]})
    for name in TEXTS:
        setattr(election, name, checked_text(name, getattr(election, name)))
    _check_fields(election)
    _check_times(election)
    _check_votes(election)
    election.cap_sitting = _sitting(election.cap_sitting)
    if election.cap_sitting and election.cap_max is None:
        raise InvalidError(
            "Sitting directors count for a cap alone; say how many of one company there may be.",
            errors={"cap_max": ["needed"]},
        )


def checked_text(name: str, text: str) -> str:
    """Free text as it is kept. Raises InvalidError where it is too long."""
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST_TEXT:
        raise InvalidError(
            f"A text has at most {LONGEST_TEXT} characters.", errors={name: ["too long"]}
        )
    return text


def check_fields(thing: Any, *names: str) -> None:
    """Raise InvalidError with what the model's own validators say of these fields."""
    others = [field.name for field in thing._meta.fields if field.name not in names]  # noqa: SLF001 - Django's documented model API
    try:
        thing.clean_fields(exclude=others)
    except ValidationError as error:
        name, sentences = next(iter(error.message_dict.items()))
        raise InvalidError(f"{name}: {sentences[0]}", errors=error.message_dict) from None


def _check_fields(election: Election) -> None:
    kept = ("chapter", "season", "cap_sitting", "state")
    check_fields(election, *(f.name for f in Election._meta.fields if f.name not in kept))  # noqa: SLF001 - Django's documented model API


def _check_times(election: Election) -> None:
    for name in TIMES:
        check_year(name, getattr(election, name))
    for late, early, sentence in ORDER:
        after, before = getattr(election, late), getattr(election, early)
        # Nominations may close at the very moment at which voting opens.
        is_equal_fine = late == "opens_at"
        if after and before and (after < before or (after == before and not is_equal_fine)):
            raise InvalidError(sentence, errors={late: ["too early"]})


def _check_votes(election: Election) -> None:
    if election.method != Election.Method.CUMULATIVE and election.votes_per_voter != 1:
        raise InvalidError(
            "Votes are divided in cumulative elections alone; elsewhere each voter has one ballot.",
            errors={"votes_per_voter": ["only where the method is cumulative"]},
        )


def _sitting(rows: Any) -> list[dict[str, str]]:
    """Directors of other classes as the count reads them: name and company, both needed."""
    if not isinstance(rows, list) or len(rows) > MOST_SITTING:
        raise _bad_sitting(f"Sitting directors are a list of at most {MOST_SITTING}.")
    return [_director(row) for row in rows]


def _director(row: Any) -> dict[str, str]:
    if not isinstance(row, dict) or row.keys() != {"name", "affiliation"}:
        raise _bad_sitting("A sitting director has a name and an affiliation.")
    if not all(isinstance(value, str) for value in row.values()):
        raise _bad_sitting("Name and affiliation of a sitting director are texts.")
    director = {name: one_line(value) for name, value in row.items()}
    if not all(look_of(value) for value in director.values()):
        raise _bad_sitting("A sitting director has a name and an affiliation.")
    if len(director["name"]) > LONGEST_NAME or len(director["affiliation"]) > LONGEST_COMPANY:
        raise _bad_sitting("A name or a company of a sitting director is too long.")
    return director


def _bad_sitting(sentence: str) -> InvalidError:
    return InvalidError(f"{sentence} Nothing was saved.", errors={"cap_sitting": [sentence]})
