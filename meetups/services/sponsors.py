"""Sponsors: what is offered, what an organizer makes of it, and the thanks."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from community.core import clock
from community.core.errors import ForbiddenError, InvalidError
from community.models import Chapter, Organization, User
from community.services.audit import record
from community.services.chapters import check_runs
from community.services.limits import limit
from community.services.mail import queue_mail
from meetups.exceptions import DecidedError, SlotTakenError
from meetups.models import Meetup, SponsorKind, SponsorOffer, Sponsorship
from meetups.selectors.sponsors import month_of, months_ahead, slot_holders

State = SponsorOffer.State


def spend_offer_allowance(*, address: str, email: str) -> None:
    """Count an offer; raises TooManyError. A venue shares an address, so that limit is wide."""
    limit("sponsor-offer-from", address, most=60, seconds=3600)
    limit("sponsor-offer-by", email, most=5, seconds=86400)


def _slot_taken(offer: SponsorOffer, holder: str) -> SlotTakenError:
    return SlotTakenError(
        f"{holder} has the {offer.get_kind_display()} of {offer.month:%B %Y} already. "
        "Take another month, or offer something else.",
        holder=holder,
    )


@transaction.atomic
def offer_sponsorship(
    *, chapter: Chapter, month: dt.date, by: User | None = None, **fields: Any
) -> SponsorOffer:
    """“We would pay for that”: kept until an organizer decides, and both sides get a mail.

    `fields` are the form's: kind, organization_name, contact_name, contact_email, message.
    `by` is who is signed in, if anyone. Raises InvalidError, SlotTakenError.
    """
    if month not in months_ahead(chapter):
        raise InvalidError(
            "Choose one of the next twelve months.", errors={"month": ["not one of the rota's"]}
        )
    for name in ("organization_name", "contact_name"):  # one line each: a subject names them
        fields[name] = " ".join(fields[name].split())
    offer = SponsorOffer(chapter=chapter, month=month, **fields)
    for holder in slot_holders(chapter=chapter, month=month, kind=offer.kind):
        raise _slot_taken(offer, holder)
    offer.save()
    record("offered", f"sponsorship {offer.pk}", by=by, chapter=chapter)
    _tell_contact(offer, "received")
    organizers = User.objects.filter(
        memberships__chapter=chapter, memberships__role="organizer", is_active=True
    )
    for organizer in organizers:
        queue_mail(
            key=f"sponsor-offer:{offer.pk}:for:{organizer.pk}",
            to=organizer,
            template="meetups/sponsor_offer_made",
            about={"offer": offer.pk},
            chapter=chapter.pk,
        )
    return offer


def _tell_contact(offer: SponsorOffer, what: str, note: str = "") -> None:
    queue_mail(
        key=f"sponsor-offer:{offer.pk}:{what}",
        to=offer.contact_email,
        template=f"meetups/sponsor_offer_{what}",
        about={"offer": offer.pk, "note": note},
        chapter=offer.chapter_id,
    )


def _lock_offer(offer: SponsorOffer, by: User) -> SponsorOffer:
    """The offer under its chapter's lock: a meetup of the month cannot come up meanwhile."""
    check_runs(offer.chapter, by)
    lock_chapter(offer.chapter_id)
    return (
        SponsorOffer.objects.select_for_update(of=("self",))
        .select_related("chapter")
        .get(pk=offer.pk)
    )


def lock_chapter(chapter_id: int) -> Chapter:
    """The chapter with its row locked: who decides on offers and who makes meetups take turns."""
    return Chapter.objects.select_for_update(no_key=True).get(pk=chapter_id)


def _decide(offer: SponsorOffer, state: str, *, by: User, only: str) -> None:
    if offer.state != only:
        raise DecidedError(
            f"This offer was {offer.get_state_display()} meanwhile. Nothing was changed."
        )
    offer.state, offer.decided_at, offer.decided_by = state, clock.now(), by
    try:
        with transaction.atomic():
            offer.save(update_fields=["state", "decided_at", "decided_by"])
    except IntegrityError as error:
        if "one_sponsor_per_slot" not in str(error):
            raise
        raise _slot_taken(offer, "Another sponsor") from None


@transaction.atomic
def confirm_offer(*, offer: SponsorOffer, by: User) -> SponsorOffer:
    """Take an offer: it stands on the rota, and on the month's meetup once there is one.

    Raises ForbiddenError, DecidedError, SlotTakenError (the constraint one_sponsor_per_slot makes
    two sponsors of one slot impossible).
    """
    offer = _lock_offer(offer, by)
    _decide(offer, State.CONFIRMED, by=by, only=State.PROPOSED)
    record("confirmed", f"sponsorship {offer.pk}", by=by, chapter=offer.chapter)
    meetup = _meetup_of(offer)
    if meetup is not None:
        _attach(offer, meetup)
    _tell_contact(offer, "confirmed")
    return offer


@transaction.atomic
def decline_offer(*, offer: SponsorOffer, by: User, note: str = "") -> SponsorOffer:
    """Refuse an offer; the contact gets a mail with `note`. Raises ForbiddenError, DecidedError."""
    offer = _lock_offer(offer, by)
    _decide(offer, State.DECLINED, by=by, only=State.PROPOSED)
    record("declined", f"sponsorship {offer.pk}", by=by, chapter=offer.chapter)
    _tell_contact(offer, "declined", note)
    return offer


@transaction.atomic
def withdraw_offer(*, offer: SponsorOffer, by: User) -> SponsorOffer:
    """A confirmed sponsor cannot after all: the slot is free again, the meetup's line goes."""
    offer = _lock_offer(offer, by)
    _decide(offer, State.WITHDRAWN, by=by, only=State.CONFIRMED)
    if offer.sponsorship is not None:
        offer.sponsorship.delete()
        offer.sponsorship = None
    record("withdrew", f"sponsorship {offer.pk}", by=by, chapter=offer.chapter)
    return offer


def _meetup_of(offer: SponsorOffer) -> Meetup | None:
    """The first meetup of the offer's chapter and month, plain meetups before other days."""
    near = Meetup.objects.filter(
        chapter=offer.chapter,
        season=None,
        is_cancelled=False,
        starts_at__gte=dt.datetime.combine(offer.month, dt.time(), dt.UTC) - dt.timedelta(days=1),
        starts_at__lt=dt.datetime.combine(offer.month, dt.time(), dt.UTC) + dt.timedelta(days=33),
    )
    fitting = [meetup for meetup in near.order_by("starts_at") if month_of(meetup) == offer.month]
    return min(fitting, key=lambda meetup: meetup.kind != Meetup.Kind.MEETUP, default=None)


def _attach(offer: SponsorOffer, meetup: Meetup) -> None:
    if offer.sponsorship is not None:  # of a meetup that was cancelled
        offer.sponsorship.meetup = meetup
        offer.sponsorship.save(update_fields=["meetup"])
        return
    name = offer.organization_name
    organization = Organization.objects.filter(name__iexact=name).order_by("id").first()
    if organization is None:
        organization, _ = Organization.objects.get_or_create(name=name)
    provides = "" if offer.kind == SponsorKind.OTHER else str(offer.get_kind_display())
    offer.sponsorship = Sponsorship.objects.create(
        meetup=meetup, organization=organization, kind=offer.kind, provides=provides
    )
    offer.save(update_fields=["sponsorship"])


@transaction.atomic
def attach_confirmed_offers(meetup: Meetup) -> list[SponsorOffer]:
    """Give `meetup` its month's confirmed sponsors that stand on no meetup, or a cancelled one."""
    month = month_of(meetup)
    if month is None or meetup.season_id is not None or meetup.is_cancelled:
        return []
    lock_chapter(meetup.chapter_id)
    homeless = Q(sponsorship=None) | Q(sponsorship__meetup__is_cancelled=True)
    waiting = SponsorOffer.objects.select_for_update(of=("self",)).filter(
        homeless, chapter=meetup.chapter_id, month=month, state=State.CONFIRMED
    )
    offers = list(waiting.order_by("pk"))
    for offer in offers:
        _attach(offer, meetup)
    return offers


@transaction.atomic
def set_thanks(*, sponsorship: Sponsorship, thanks: str, by: User) -> Sponsorship:
    """Thank in the organizers' own words; an empty text returns to the made one."""
    if not Meetup.objects.editable_by(by).filter(pk=sponsorship.meetup_id).exists():
        raise ForbiddenError("You do not organize that meetup.")
    sponsorship.thanks = thanks.strip()
    sponsorship.save(update_fields=["thanks"])
    record(
        "thanked", f"meetup {sponsorship.meetup.slug}", by=by, chapter=sponsorship.meetup.chapter
    )
    return sponsorship
