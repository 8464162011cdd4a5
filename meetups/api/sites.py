from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from community.api.idempotency import IdempotentMixin
from community.selectors.people import signed_in
from meetups.api.group_serializers import (
    DecisionSerializer,
    SiteDetailSerializer,
    SiteWriteSerializer,
)
from meetups.models import Meetup, Site
from meetups.permissions import DECIDE_SITES, PROPOSE_SITES, READ_SITES
from meetups.selectors.sites import site_lines
from meetups.services.sites import change_site, decide_site, propose_site


def _meetup(request: Request, slug: str) -> Meetup:
    return get_object_or_404(Meetup.objects.visible_to(request.user), slug=slug)


def _answer(request: Request, site: Site, code: int = status.HTTP_200_OK) -> Response:
    lines = site_lines(site.meetup, request.user)
    line = next(line for line in lines if line.site.pk == site.pk)
    return Response(SiteDetailSerializer(line).data, status=code)


class SiteList(IdempotentMixin, generics.GenericAPIView[Any]):
    """The sites of an event, from the east to the west; members POST proposals."""

    read = READ_SITES
    write = PROPOSE_SITES
    serializer_class = SiteDetailSerializer

    @extend_schema(responses=SiteDetailSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Read them."""
        lines: Any = site_lines(_meetup(request, slug), request.user)
        page: Any = self.paginate_queryset(lines)
        return self.get_paginated_response(SiteDetailSerializer(page, many=True).data)

    @extend_schema(request=SiteWriteSerializer, responses={201: SiteDetailSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Propose a site; an organizer's own is listed at once."""
        return super().post(request, *args, **kwargs)

    def create(self, request: Request, slug: str) -> Response:
        meetup = _meetup(request, slug)
        body = SiteWriteSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        site = propose_site(meetup=meetup, by=signed_in(request), **body.validated_data)
        return _answer(request, site, status.HTTP_201_CREATED)


class _OneSite(APIView):
    read = READ_SITES
    write = DECIDE_SITES

    @staticmethod
    def site(request: Request, slug: str, pk: int) -> Site:
        seen = Site.objects.visible_to(request.user).filter(meetup=_meetup(request, slug))
        return get_object_or_404(seen.select_related("meetup__chapter"), pk=pk)


class SiteDetail(_OneSite):
    """One site; organizers PATCH it."""

    @extend_schema(responses=SiteDetailSerializer)
    def get(self, request: Request, slug: str, pk: int) -> Response:
        """Read it."""
        return _answer(request, self.site(request, slug, pk))

    @extend_schema(request=SiteWriteSerializer, responses=SiteDetailSerializer)
    def patch(self, request: Request, slug: str, pk: int) -> Response:
        """Change what the body names; fewer places than people going there is 409."""
        site = self.site(request, slug, pk)
        body = SiteWriteSerializer(site, data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        changed = change_site(site=site, by=signed_in(request), **body.validated_data)
        return _answer(request, changed)


class SiteApprove(_OneSite):
    """Put a proposed site on the list."""

    is_approved = True

    @extend_schema(request=DecisionSerializer, responses=SiteDetailSerializer)
    def post(self, request: Request, slug: str, pk: int) -> Response:
        """Decide; a second decision is refused with 409."""
        site = self.site(request, slug, pk)
        body = DecisionSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        decided = decide_site(
            site=site,
            is_approved=self.is_approved,
            by=signed_in(request),
            note=body.validated_data["note"],
        )
        return _answer(request, decided)


class SiteDecline(SiteApprove):
    """Refuse a proposed site."""

    is_approved = False
