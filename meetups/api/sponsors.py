from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from community.api.idempotency import IdempotentMixin
from community.core.views import client_address
from community.models import Chapter, User
from community.selectors.people import signed_in
from meetups.api.group_serializers import (
    DecisionSerializer,
    OfferSerializer,
    OfferWriteSerializer,
    RotaMonthSerializer,
    SponsorshipThanksSerializer,
)
from meetups.models import Meetup, SponsorOffer, Sponsorship
from meetups.permissions import DECIDE_SPONSORS, OFFER_SPONSORSHIP, READ_SPONSORS
from meetups.selectors.sponsors import offers_seen_by, sponsor_rota
from meetups.services.sponsors import (
    confirm_offer,
    decline_offer,
    offer_sponsorship,
    set_thanks,
    spend_offer_allowance,
    withdraw_offer,
)


class RotaList(generics.GenericAPIView[Any]):
    """The next twelve months of every chapter, or of `?chapter=`: who pays, what is free."""

    read = READ_SPONSORS
    serializer_class = RotaMonthSerializer

    @extend_schema(
        parameters=[OpenApiParameter("chapter", str)], responses=RotaMonthSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """Read it."""
        wanted = request.query_params.get("chapter")
        chapters = [one for one in Chapter.objects.all() if wanted in {None, "", one.slug}]
        rota: Any = sponsor_rota(chapters)  # a list is counted and cut like a queryset
        page: Any = self.paginate_queryset(rota)
        return self.get_paginated_response(RotaMonthSerializer(page, many=True).data)


class OfferList(IdempotentMixin, generics.ListAPIView[SponsorOffer]):
    """Offers to one's chapters; anyone may POST one, without an account too.

    60 an hour are taken from one address, 5 a day for one e-mail address.
    """

    read = DECIDE_SPONSORS
    write = OFFER_SPONSORSHIP
    serializer_class = OfferSerializer

    def get_queryset(self) -> QuerySet[SponsorOffer]:
        return offers_seen_by(self.request.user)

    @extend_schema(request=OfferWriteSerializer, responses={201: OfferSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Offer to pay for something."""
        return super().post(request, *args, **kwargs)

    def create(self, request: Request) -> Response:
        body = OfferWriteSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        fields = body.validated_data
        email = fields["contact_email"]
        spend_offer_allowance(address=client_address(request), email=email)
        by = request.user if isinstance(request.user, User) else None
        offer = offer_sponsorship(by=by, **fields)
        return Response(OfferSerializer(offer).data, status=status.HTTP_201_CREATED)


class _OfferDecision(APIView):
    read = DECIDE_SPONSORS
    write = DECIDE_SPONSORS

    @extend_schema(request=DecisionSerializer, responses=OfferSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Decide; a second decision is refused with 409."""
        offer = get_object_or_404(SponsorOffer.objects.visible_to(request.user), pk=pk)
        body = DecisionSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return Response(
            OfferSerializer(self.decide(offer, signed_in(request), **body.validated_data)).data
        )

    def decide(self, offer: SponsorOffer, by: User, note: str) -> SponsorOffer:
        raise NotImplementedError


class OfferConfirm(_OfferDecision):
    """Take an offer onto the rota."""

    def decide(self, offer: SponsorOffer, by: User, note: str) -> SponsorOffer:  # noqa: ARG002 - a confirmation has no note
        return confirm_offer(offer=offer, by=by)


class OfferDecline(_OfferDecision):
    """Refuse an offer, with a note in the mail."""

    def decide(self, offer: SponsorOffer, by: User, note: str) -> SponsorOffer:
        return decline_offer(offer=offer, by=by, note=note)


class OfferWithdraw(_OfferDecision):
    """A confirmed sponsor cannot after all; the slot is free again."""

    def decide(self, offer: SponsorOffer, by: User, note: str) -> SponsorOffer:  # noqa: ARG002 - no mail, no note
        return withdraw_offer(offer=offer, by=by)


class SponsorshipDetail(APIView):
    """One sponsorship; organizers PATCH its `thanks`."""

    read = READ_SPONSORS
    write = DECIDE_SPONSORS

    @extend_schema(responses=SponsorshipThanksSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Read it."""
        return Response(SponsorshipThanksSerializer(self._sponsorship(request, pk)).data)

    @extend_schema(request=SponsorshipThanksSerializer, responses=SponsorshipThanksSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Thank in other words; an empty text returns to the sentence that is made."""
        sponsorship = self._sponsorship(request, pk)
        body = SponsorshipThanksSerializer(sponsorship, data=request.data)
        body.is_valid(raise_exception=True)
        thanks = body.validated_data["thanks"]
        changed = set_thanks(sponsorship=sponsorship, thanks=thanks, by=signed_in(request))
        return Response(SponsorshipThanksSerializer(changed).data)

    @staticmethod
    def _sponsorship(request: Request, pk: int) -> Sponsorship:
        seen = Sponsorship.objects.filter(meetup__in=Meetup.objects.visible_to(request.user))
        return get_object_or_404(seen.select_related("meetup__chapter", "organization"), pk=pk)
