"""What the mails to sponsors and to hosts of sites say."""

from typing import Any

from community.services.mail import Letter
from meetups.models import Site, SponsorOffer

OFFER_TEMPLATES = ("received", "confirmed", "declined")


class _Named:
    """Someone without an account, by the name they gave."""

    def __init__(self, name: str) -> None:
        self.display_name = name


def offer_letter(about: dict[str, Any]) -> Letter:
    """To the contact of a sponsor: received, confirmed or declined."""
    offer = _offer(about)
    return Letter({"offer": offer, "to": _Named(offer.contact_name), "note": about["note"]})


def offer_made_letter(about: dict[str, Any]) -> Letter:
    """To an organizer: somebody would sponsor."""
    return Letter({"offer": _offer(about)})


def _offer(about: dict[str, Any]) -> SponsorOffer:
    return SponsorOffer.objects.select_related("chapter", "sponsorship__meetup").get(
        pk=about["offer"]
    )


def site_letter(about: dict[str, Any]) -> Letter:
    """To who proposed a site: how it was decided."""
    site = Site.objects.select_related("meetup").get(pk=about["site"])
    return Letter({"site": site, "state": about["state"], "note": about["note"]})
