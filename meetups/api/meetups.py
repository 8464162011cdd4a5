from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from community.api.idempotency import IdempotentMixin
from community.core.errors import NotFoundError
from community.core.views import client_address
from community.selectors.people import signed_in
from meetups.api.serializers import (
    AnswerSerializer,
    MeetupDetailSerializer,
    MeetupSerializer,
    MeetupWriteSerializer,
    PostponeSerializer,
    RsvpLinkSerializer,
    RsvpSerializer,
)
from meetups.models import Meetup, Rsvp
from meetups.permissions import READ_MEETUPS, RSVP, RSVP_BY_LINK, WRITE_MEETUPS
from meetups.selectors.rsvps import rsvp_of
from meetups.services.chapters import chapter_for
from meetups.services.links import limit_links, request_rsvp_link
from meetups.services.meetups import change_meetup, create_meetup, postpone_meetup
from meetups.services.rsvps import Answer, accept_offer, answer_rsvp, reconfirm_rsvp
from meetups.services.venues import venue_named


def _meetups(request: Request) -> QuerySet[Meetup]:
    waiting = (
        Rsvp.objects.filter(meetup=OuterRef("pk"), status=Rsvp.Status.WAITLISTED)
        .order_by()
        .values("meetup")
        .annotate(people=Sum(F("guests") + 1))
        .values("people")
    )
    return (
        Meetup.objects.visible_to(request.user)
        .select_related("chapter", "venue", "same_as")
        .prefetch_related("sites__venue")
        .annotate(waiting=Coalesce(Subquery(waiting), 0))
    )


class MeetupList(IdempotentMixin, generics.ListAPIView[Meetup]):
    """Meetups one may see; organizers POST new ones into their own chapter."""

    read = READ_MEETUPS
    write = WRITE_MEETUPS
    serializer_class = MeetupSerializer

    def get_queryset(self) -> QuerySet[Meetup]:
        return _meetups(self.request)

    @extend_schema(request=MeetupWriteSerializer, responses={201: MeetupSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Create a meetup."""
        return super().post(request, *args, **kwargs)

    def create(self, request: Request) -> Response:
        body = MeetupWriteSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        fields = dict(body.validated_data)
        chapter = chapter_for(signed_in(request), fields.pop("chapter", None))
        if fields.get("venue"):
            fields["venue"] = venue_named(fields["venue"], chapter=chapter)
        meetup = create_meetup(by=signed_in(request), chapter=chapter, **fields)
        return Response(MeetupSerializer(meetup).data, status=status.HTTP_201_CREATED)


class MeetupDetail(APIView):
    """One meetup; organizers PATCH their own chapter's."""

    read = READ_MEETUPS
    write = WRITE_MEETUPS

    @extend_schema(responses=MeetupDetailSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Read it."""
        meetup = get_object_or_404(_meetups(request), slug=slug)
        return Response(MeetupDetailSerializer(meetup).data)

    @extend_schema(request=MeetupWriteSerializer, responses=MeetupSerializer)
    def patch(self, request: Request, slug: str) -> Response:
        """Change what the body names."""
        visible = get_object_or_404(_meetups(request), slug=slug)
        chapter = chapter_for(signed_in(request), visible.chapter)
        body = MeetupWriteSerializer(visible, data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        changes = dict(body.validated_data)
        changes.pop("chapter", None)  # a meetup stays where it was announced
        if changes.get("venue"):
            changes["venue"] = venue_named(changes["venue"], chapter=chapter)
        meetup = change_meetup(meetup=visible, by=signed_in(request), **changes)
        return Response(MeetupSerializer(meetup).data)


class RsvpDetail(APIView):
    """One's own answer to a meetup."""

    read = RSVP
    write = RSVP

    @extend_schema(responses=RsvpSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """The answer given; 404 where there is none yet."""
        rsvp = rsvp_of(self._meetup(request, slug), request.user)
        if rsvp is None:
            raise NotFoundError("You have not answered yet.")
        return Response(RsvpSerializer(rsvp).data)

    @extend_schema(request=AnswerSerializer, responses=RsvpSerializer)
    def put(self, request: Request, slug: str) -> Response:
        """Answer, or change the answer."""
        meetup = self._meetup(request, slug)
        body = AnswerSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        wish = dict(body.validated_data)
        wish["accepts_code_of_conduct"] = wish.pop("accept_code_of_conduct")
        rsvp = answer_rsvp(meetup=meetup, answer=Answer(**wish), by=signed_in(request))
        return Response(RsvpSerializer(rsvp).data)

    @staticmethod
    def _meetup(request: Request, slug: str) -> Meetup:
        return get_object_or_404(Meetup.objects.visible_to(request.user), slug=slug)


def _own_rsvp(request: Request, slug: str) -> Rsvp:
    meetup = get_object_or_404(Meetup.objects.visible_to(request.user), slug=slug)
    return get_object_or_404(Rsvp, meetup=meetup, user=signed_in(request))


class OfferAccept(APIView):
    """Take the place that is offered."""

    write = RSVP

    @extend_schema(request=None, responses=RsvpSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """409 `no_offer` when it is held no longer."""
        rsvp = accept_offer(rsvp=_own_rsvp(request, slug), by=signed_in(request))
        return Response(RsvpSerializer(rsvp).data)


class RsvpReconfirm(APIView):
    """Say that one is still coming."""

    write = RSVP

    @extend_schema(request=None, responses=RsvpSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """409 `not_going` without a place."""
        rsvp = _own_rsvp(request, slug)
        reconfirm_rsvp(rsvp=rsvp, by=signed_in(request))
        rsvp.refresh_from_db()
        return Response(RsvpSerializer(rsvp).data)


class RsvpByMail(APIView):
    """Ask for a link by mail, at which one answers without an account."""

    write = RSVP_BY_LINK

    @extend_schema(request=RsvpLinkSerializer, responses={202: None})
    def post(self, request: Request, slug: str) -> Response:
        """202 whether the address is known or not; three in five minutes for an address."""
        meetup = get_object_or_404(Meetup.objects.visible_to(request.user), slug=slug)
        body = RsvpLinkSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        limit_links(body.validated_data["email"], client_address(request))
        request_rsvp_link(meetup=meetup, **body.validated_data)
        return Response(status=status.HTTP_202_ACCEPTED)


class MeetupPostpone(APIView):
    """Move a meetup to a new date, or put it off until there is one."""

    write = WRITE_MEETUPS

    @extend_schema(request=PostponeSerializer, responses=MeetupSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Everyone who answered keeps their place and is told once."""
        meetup = get_object_or_404(_meetups(request), slug=slug)
        chapter_for(signed_in(request), meetup.chapter)
        body = PostponeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        meetup = postpone_meetup(meetup=meetup, by=signed_in(request), **body.validated_data)
        return Response(MeetupSerializer(meetup).data)
