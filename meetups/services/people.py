"""An organizer's hand in the list of answers.

Each goes through `answer_rsvp` as if the person had answered: the same lock, the same waitlist, the
same mail. Who did it stands in the audit trail.
"""

from dataclasses import replace

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from community.core.errors import ConflictError, InvalidError
from community.models import User
from community.services.accounts import account_for
from community.services.audit import record
from meetups.models import Meetup, Rsvp
from meetups.services.diets import dietary_note
from meetups.services.rsvps import Answer, answer_rsvp

Status = Rsvp.Status


def change_party(*, rsvp: Rsvp, guests: int, by: User) -> Rsvp:
    """Set the guests of a party that is going or waits. Raises what `answer_rsvp` raises."""
    if rsvp.status == Status.NOT_GOING:
        raise ConflictError("They are not going; add them instead.")
    answer = Answer(guests=guests, mode=rsvp.mode, site=rsvp.site, diet=dietary_note(rsvp))
    return _answer(rsvp.meetup, answer, rsvp.user, by)


def take_off(*, rsvp: Rsvp, by: User) -> Rsvp:
    """Answer “not going” for a person; the place goes to the waitlist at once."""
    return _answer(rsvp.meetup, Answer(status=Status.NOT_GOING), rsvp.user, by)


def add_person(*, meetup: Meetup, email: str, by: User, name: str = "", guests: int = 0) -> Rsvp:
    """Count in the person with `email`, who gets an account where there is none.

    Raises InvalidError for what is no address, ConflictError for who answered already, and what
    `answer_rsvp` raises.
    """
    with transaction.atomic():
        person = person_with(email=email, name=name, meetup=meetup)
        known = Rsvp.objects.filter(meetup=meetup, user=person).exclude(status=Status.NOT_GOING)
        if known.exists():
            raise ConflictError(f"{person.email} is on the list already.", code="already_there")
        return _answer(meetup, Answer(guests=guests), person, by)


def person_with(*, email: str, name: str, meetup: Meetup) -> User:
    """The account of `email`; a new one belongs to the meetup's chapter. Raises InvalidError."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise InvalidError(
            f"“{email[:80]}” is no e-mail address.", errors={"email": ["not an address"]}
        ) from None
    return account_for(email=email, name=name.strip()[:120], chapter=meetup.chapter)


def _answer(meetup: Meetup, answer: Answer, person: User, by: User) -> Rsvp:
    with transaction.atomic():
        had_accepted = person.code_of_conduct_at is not None
        rsvp = answer_rsvp(
            meetup=meetup, answer=replace(answer, accepts_code_of_conduct=True), by=person
        )
        if not had_accepted:  # consent is one's own to give: they are asked at their own answer
            person.code_of_conduct_at = None
            person.save(update_fields=["code_of_conduct_at"])
        record(
            "answered for a person",
            f"meetup {meetup.slug}",
            by=by,
            chapter=meetup.chapter,
            person=person.pk,
            status=rsvp.status,
            guests=rsvp.guests,
        )
    return rsvp
