"""What the meetups app holds on a person."""

from typing import Any

from django.db.models import Q, QuerySet

from community.core import clock
from community.models import Mail, User
from community.services.own_data import blank_mails, replace_text
from community.services.personal import addresses_of
from meetups.models import DietaryNote, Note, Rsvp, Site, SponsorOffer
from meetups.services.diets import dietary_note
from meetups.services.minutes import forget_speaker
from meetups.services.rsvps import Answer, answer_rsvp

SITE_TEXTS = ("host", "address", "note", "join_instructions", "decision_note")


def rsvp_data(user: User) -> list[dict[str, Any]]:
    """One's answers, with dietary note and check-in."""
    rsvps = Rsvp.objects.filter(user=user).select_related("meetup", "site", "check_in")
    return [
        {
            "meetup": rsvp.meetup.slug,
            "title": rsvp.meetup.title,
            "starts_at": rsvp.meetup.starts_at,
            "status": rsvp.status,
            "mode": rsvp.mode,
            "site": rsvp.site and rsvp.site.name,
            "guests": rsvp.guests,
            "diet": dietary_note(rsvp),
            "code": rsvp.code,
            "answered_at": rsvp.created_at,
            "changed_at": rsvp.changed_at,
            "reconfirmed_at": rsvp.reconfirmed_at,
            "came_at": rsvp.check_in.came_at if hasattr(rsvp, "check_in") else None,
        }
        for rsvp in rsvps.order_by("created_at", "id")
    ]


def note_data(user: User) -> list[dict[str, Any]]:
    """Lines one wrote while an event ran."""
    notes = Note.objects.filter(author=user)
    return [dict(row) for row in notes.values("meetup__slug", "text", "at")]


def site_data(user: User) -> list[dict[str, Any]]:
    """Sites one proposed."""
    fields = ("meetup__slug", "name", *SITE_TEXTS, "timezone", "capacity", "state")
    return [dict(row) for row in Site.objects.filter(proposed_by=user).values(*fields)]


def offers_by(addresses: frozenset[str]) -> QuerySet[SponsorOffer]:
    """Sponsors' offers with one of these addresses as the contact's."""
    contact = Q(pk__in=[])
    for address in addresses:
        contact |= Q(contact_email__iexact=address)
    return SponsorOffer.objects.filter(contact)


def offer_data(user: User) -> list[dict[str, Any]]:
    """Sponsors' offers made with one of the account's addresses."""
    fields = (
        "chapter__slug", "month", "kind", "organization_name", "contact_name", "contact_email",
        "message", "state", "asked_at", "decided_at",
    )  # fmt: skip
    return [dict(row) for row in offers_by(addresses_of(user)).values(*fields)]


def erase_meetups_data(user: User, addresses: frozenset[str]) -> None:
    """Coming answers are withdrawn, so that their places go on; the rest loses the name."""
    _withdraw_answers(user)
    DietaryNote.objects.filter(rsvp__user=user).delete()
    for address in addresses:
        replace_text(Note.objects.filter(author=user), ["text"], address)
    forget_speaker(user=user)
    Note.objects.filter(author=user).update(author=None)
    _erase_sites(user, addresses)
    _erase_offers(user, addresses)


def _withdraw_answers(user: User) -> None:
    coming = Rsvp.objects.filter(user=user).exclude(status=Rsvp.Status.NOT_GOING)
    for rsvp in coming.select_related("meetup").order_by("meetup_id"):
        if not rsvp.meetup.is_over:
            withdrawal = Answer(status=Rsvp.Status.NOT_GOING)
            answer_rsvp(meetup=rsvp.meetup, answer=withdrawal, by=user)


def _erase_sites(user: User, addresses: frozenset[str]) -> None:
    own = Site.objects.filter(proposed_by=user)
    own.exclude(state=Site.State.APPROVED).delete()
    for word in filter(None, (user.name, *addresses)):
        replace_text(own, SITE_TEXTS, word)
    own.update(proposed_by=None)


def _erase_offers(user: User, addresses: frozenset[str]) -> None:
    offers = offers_by(addresses)
    for offer in offers:
        about = Mail.objects.filter(purpose__startswith="meetups/sponsor_offer_")
        blank_mails(about.filter(about__offer=offer.pk))
    offers.filter(state=SponsorOffer.State.PROPOSED).update(
        state=SponsorOffer.State.WITHDRAWN, decided_at=clock.now()
    )
    offers.update(contact_name="", message="", contact_email=f"deleted-{user.uuid}@deleted.invalid")
