"""Somebody who is not on the roll asks to be; the organizers decide, with a reason."""

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from community.core import clock
from community.core.errors import ConflictError, InvalidError
from community.models import User
from community.services.audit import record
from community.services.limits import limit
from community.services.mail import queue_mail
from polls import states
from polls.exceptions import ElectionClosedError
from polls.letters.election_roll import DECIDED, thread_of
from polls.models import Election, RollEntry, RollRequest
from polls.selectors.elections.roll import roll_numbers, takes_requests
from polls.selectors.elections.standing import entry_of
from polls.services.elections.locks import lock_as_organizer, lock_election
from polls.services.elections.log import note
from polls.services.elections.own_roll import gone_word
from polls.services.elections.tokens import request_tokens
from polls.wording import look_of, one_line

LONGEST_TEXT, LONGEST_DECISION = 500, 300
DAY = 86_400


def _words(text: str, field: str, longest: int) -> str:
    text = one_line(text)
    if not look_of(text):
        raise InvalidError("Say why. Nothing was saved.", errors={field: ["missing"]})
    if len(text) > longest:
        raise InvalidError(
            f"That is longer than {longest} characters. Nothing was saved.",
            errors={field: ["too long"]},
        )
    return text


@transaction.atomic
def ask_for_roll(*, election: Election, text: str, by: User) -> RollRequest:
    """Ask to be on the roll; `text` says why.

    Raises ElectionClosedError from the close on, ConflictError for somebody who is on it or whose
    request waits, InvalidError, TooManyError beyond five in a day.
    """
    text = _words(text, "text", LONGEST_TEXT)
    election = lock_election(election)
    if not takes_requests(election):
        raise ElectionClosedError("The roll of this election is closed. Nothing was asked.")
    if entry_of(election, by) is not None:
        raise ConflictError("You are on the roll. There is nothing to ask for.", code="on_roll")
    limit("roll-request", f"{election.pk}:{by.pk}", most=5, seconds=DAY)
    try:
        with transaction.atomic():
            return RollRequest.objects.create(election=election, account=by, text=text)
    except IntegrityError:
        raise ConflictError(
            "You have asked already; the organizers have not decided yet.", code="already_asked"
        ) from None


@transaction.atomic
def decide_request(*, request: RollRequest, accept: bool, reason: str, by: User) -> RollRequest:
    """Accept or refuse; the person gets a mail with the reason, and their link if voting is open.

    Raises ForbiddenError, InvalidError without a reason, ConflictError for one that is decided,
    ElectionClosedError from the close on.
    """
    election = lock_as_organizer(request.election, by)
    reason = _words(reason, "reason", LONGEST_DECISION)
    found = _rows().filter(pk=request.pk).first()
    if found is None or found.account is None or found.state != RollRequest.State.ASKED:
        raise ConflictError("This request is decided. Nothing was changed.", code="decided")
    if not takes_requests(election):
        raise ElectionClosedError("The roll of this election is closed. Nothing was changed.")
    if accept:
        _enter(election, found.account, reason)
    found.state = RollRequest.State.ACCEPTED if accept else RollRequest.State.REFUSED
    found.decided_by, found.decided_at, found.decision_reason = by, clock.now(), reason
    found.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])
    _tell(election, found, by)
    return found


def _rows() -> QuerySet[RollRequest]:
    rows = RollRequest.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("account")


def _enter(election: Election, account: User, reason: str) -> None:
    if entry_of(election, account) is not None:  # the organizers were quicker by another way
        return
    email = account.email.lower()
    if RollEntry.objects.filter(election=election, email=email).exists():
        raise ConflictError(
            "There is an entry for this address that is not this account's. Nothing was changed.",
            code="on_roll",
        )
    # Who deleted an account and came back has the line of then, with the vote it may have cast.
    entry, _ = RollEntry.objects.update_or_create(
        election=election,
        email=gone_word(election.pk, email),
        defaults={
            "account": account,
            "email": email,
            "name": account.name,
            "reason": f"exception: {reason}"[:200],
        },
    )
    if election.state == states.OPEN:
        request_tokens(election=election, entries=[entry])


def _tell(election: Election, found: RollRequest, by: User) -> None:
    if election.announced_at is not None:
        size = roll_numbers(election)["size"]
        note(election, "exception_decided", outcome=found.state, size=size)
    record(
        f"{found.state} a request for", f"election {election.slug}",
        by=by, chapter=election.chapter, request=found.pk,
    )  # fmt: skip
    if found.account is not None:
        queue_mail(
            key=f"election:{election.pk}:request:{found.pk}",
            to=found.account,
            template=DECIDED,
            about={"request": found.pk},
            thread=thread_of(election),
            chapter=election.chapter_id,
        )
