from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from community.core.errors import InvalidError, ProductError
from community.core.views import Page, client_address
from community.models import Chapter, User
from community.selectors.people import signed_in
from meetups.forms.group import DecisionForm, SponsorForm, ThanksForm
from meetups.models import Meetup, SponsorOffer, Sponsorship
from meetups.permissions import DECIDE_SPONSORS, OFFER_SPONSORSHIP, READ_SPONSORS
from meetups.selectors.sponsors import offers_seen_by, past_sponsors, rota_for_reading, thanks_for
from meetups.services.sponsors import (
    confirm_offer,
    decline_offer,
    offer_sponsorship,
    set_thanks,
    spend_offer_allowance,
    withdraw_offer,
)


def note_of(request: HttpRequest) -> str:
    """The note that goes with a decision; raises InvalidError for one that is too long."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise InvalidError("The note has at most 300 letters. Nothing was decided.")
    return str(form.cleaned_data["note"])


class SponsorRota(Page):
    """Who pays for what in the months to come, and what is free."""

    access = READ_SPONSORS

    def get(self, request: HttpRequest) -> HttpResponse:
        chapters = list(Chapter.objects.all())
        wanted = request.GET.get("chapter", "")
        shown = [chapter for chapter in chapters if chapter.slug == wanted] or chapters
        context = {
            "rota": rota_for_reading(shown),
            "chapters": chapters,
            "wanted": wanted if len(shown) < len(chapters) else "",
            "past": past_sponsors(shown),
            "may_decide": getattr(request.user, "is_organizer", False) or request.user.is_superuser,
        }
        return render(request, "meetups/sponsor_rota.html", context)


class SponsorOfferNew(Page):
    """The form anyone may send, with an account or without."""

    access = OFFER_SPONSORSHIP

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, SponsorForm(initial=request.GET.dict()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SponsorForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, InvalidError.status)
        fields = form.cleaned_data
        if not fields.pop("website"):
            try:
                spend_offer_allowance(
                    address=client_address(request), email=fields["contact_email"]
                )
                by = request.user if isinstance(request.user, User) else None
                offer_sponsorship(by=by, **fields)
            except ProductError as error:
                form.add_error(None, error.sentence)
                return self._page(request, form, error.status)
        # A robot is told the same as a person.
        messages.success(
            request, _("The organizers have your offer and answer to %s.") % fields["contact_email"]
        )
        return redirect("meetups:sponsor_rota")

    @staticmethod
    def _page(request: HttpRequest, form: SponsorForm, status: int = 200) -> HttpResponse:
        return render(request, "meetups/sponsor_offer_form.html", {"form": form}, status=status)


class SponsorOfferList(Page):
    """Offers to one's chapters; the undecided ones first, each with its buttons."""

    access = DECIDE_SPONSORS

    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(offers_seen_by(request.user), 30).get_page(request.GET.get("page"))
        return render(request, "meetups/sponsor_offers.html", {"page": page})


class _Decision(Page):
    access = DECIDE_SPONSORS

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        offer = get_object_or_404(SponsorOffer.objects.visible_to(request.user), pk=pk)
        self.decide(request, offer)
        return redirect("meetups:sponsor_offers")

    def decide(self, request: HttpRequest, offer: SponsorOffer) -> None:
        raise NotImplementedError


class SponsorOfferConfirm(_Decision):
    def decide(self, request: HttpRequest, offer: SponsorOffer) -> None:
        """Take the offer."""
        confirm_offer(offer=offer, by=signed_in(request))
        messages.success(request, _("%s is on the rota and gets a mail.") % offer.organization_name)


class SponsorOfferDecline(_Decision):
    def decide(self, request: HttpRequest, offer: SponsorOffer) -> None:
        """Refuse the offer."""
        decline_offer(offer=offer, by=signed_in(request), note=note_of(request))
        messages.success(
            request, _("The offer of %s is declined; they get a mail.") % offer.organization_name
        )


class SponsorOfferWithdraw(_Decision):
    def decide(self, request: HttpRequest, offer: SponsorOffer) -> None:
        """The sponsor cannot after all."""
        withdraw_offer(offer=offer, by=signed_in(request))
        messages.success(request, _("The slot is free again."))


class MeetupThanks(Page):
    """Organizers thank in their own words; left empty, a sentence is made from what was given."""

    access = DECIDE_SPONSORS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self._page(request, self._meetup(request, slug))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        meetup = self._meetup(request, slug)
        forms = self._forms(meetup, request.POST)
        if not all(form.is_valid() for form in forms):
            return self._page(request, meetup, forms, InvalidError.status)
        for form in forms:
            if form.has_changed():
                sponsorship = Sponsorship.objects.get(pk=form.instance.pk)
                thanks = form.cleaned_data["thanks"]
                set_thanks(sponsorship=sponsorship, thanks=thanks, by=signed_in(request))
        messages.success(request, _("The thanks are saved."))
        return redirect("meetups:meetup_detail", slug=slug)

    @staticmethod
    def _meetup(request: HttpRequest, slug: str) -> Meetup:
        return get_object_or_404(Meetup.objects.editable_by(request.user), slug=slug)

    @staticmethod
    def _forms(meetup: Meetup, data: Any = None) -> list[ThanksForm]:
        return [
            ThanksForm(data, instance=sponsorship, prefix=f"s{sponsorship.pk}")
            for sponsorship in meetup.sponsorships.select_related("organization")
        ]

    def _page(
        self,
        request: HttpRequest,
        meetup: Meetup,
        forms: list[ThanksForm] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        made = thanks_for(meetup.sponsorships.select_related("organization"))
        context = {"meetup": meetup, "forms": forms or self._forms(meetup), "made": made}
        return render(request, "meetups/meetup_thanks.html", context, status=status)
