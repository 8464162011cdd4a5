"""Answers without an account: the link in a mail says who one is."""

import uuid

from django.db import transaction

from community.core.errors import ConflictError
from community.models import Mail, User
from community.selectors.people import account_of
from community.services.accounts import account_for
from community.services.limits import limit
from community.services.mail import queue_mail
from community.services.mail_links import reader_of
from meetups.exceptions import RsvpClosedError
from meetups.letters.meetup import RSVP_LINK, thread_of
from meetups.models import Meetup, Rsvp

SENTENCE = "A link was sent to this address just now. Wait a few minutes, or look there."


def request_rsvp_link(*, meetup: Meetup, email: str, guests: int = 0, mode: str = "") -> None:
    """Mail `email` a link at which to answer; nothing is answered before it is used.

    Raises RsvpClosedError. What it says is the same whether the address has an account or not.
    """
    if not meetup.takes_rsvps:
        raise RsvpClosedError(f"RSVP for “{meetup.title}” is closed. Nothing was sent.")
    email = email.strip().lower()
    known = account_of(email)
    queue_mail(
        key=f"rsvp-link:{meetup.pk}:{uuid.uuid4()}",
        # To the address that was typed: the account's own may be another.
        to=known if known is not None and known.is_active and known.email == email else email,
        template=RSVP_LINK,
        about={"meetup": meetup.pk, "guests": guests, "mode": mode or Rsvp.Mode.IN_PERSON},
        thread=thread_of(meetup),
        chapter=meetup.chapter_id,
    )


@transaction.atomic
def person_of_link(*, mail: Mail) -> User:
    """The account of the link's reader, made where there is none yet.

    The address is confirmed by the link having been read. Raises ConflictError where the account
    may not sign in any more.
    """
    reader = reader_of(mail)
    if reader is not None:
        return reader
    person = None if mail.recipient_id else account_for(email=mail.to)
    if person is None or not person.is_active:
        raise ConflictError("This account is closed. Nothing was changed.")
    return person


def limit_links(email: str, address: str) -> None:
    """Three links in five minutes for an address; a venue's shared address may ask for many."""
    limit("rsvp-link", email.lower(), most=3, seconds=300, sentence=SENTENCE)
    limit("rsvp-link-from", address, most=600, seconds=60, sentence=SENTENCE)
