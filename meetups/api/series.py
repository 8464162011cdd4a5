from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from community.api.idempotency import IdempotentMixin
from community.models import Chapter
from community.selectors.people import signed_in
from meetups.api.group_serializers import (
    PlannedSerializer,
    PlanSerializer,
    SeriesSerializer,
    SeriesWriteSerializer,
)
from meetups.models import Series
from meetups.permissions import READ_SERIES, WRITE_SERIES
from meetups.selectors.series import all_series
from meetups.services.chapters import chapter_for
from meetups.services.series import change_series, create_series, plan_series
from meetups.services.venues import venue_named


def _fields(body: Any, chapter: Chapter) -> dict[str, Any]:
    fields = {name: value for name, value in body.validated_data.items() if name != "chapter"}
    if fields.get("venue"):
        fields["venue"] = venue_named(fields["venue"], chapter=chapter)
    return fields


class SeriesList(IdempotentMixin, generics.ListAPIView[Series]):
    """Meetups that come back; organizers POST new ones into their own chapter."""

    read = READ_SERIES
    write = WRITE_SERIES
    serializer_class = SeriesSerializer

    def get_queryset(self) -> QuerySet[Series]:
        return all_series()

    @extend_schema(request=SeriesWriteSerializer, responses={201: SeriesSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Create a series."""
        return super().post(request, *args, **kwargs)

    def create(self, request: Request) -> Response:
        body = SeriesWriteSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        by = signed_in(request)
        chapter = chapter_for(by, body.validated_data.get("chapter"))
        series = create_series(by=by, chapter=chapter, **_fields(body, chapter))
        return Response(SeriesSerializer(series).data, status=status.HTTP_201_CREATED)


class SeriesDetail(APIView):
    """One series; organizers PATCH their own chapter's."""

    read = READ_SERIES
    write = WRITE_SERIES

    @extend_schema(responses=SeriesSerializer)
    def get(self, request: Request, slug: str) -> Response:  # noqa: ARG002 - a view's signature
        """Read it."""
        return Response(SeriesSerializer(get_object_or_404(all_series(), slug=slug)).data)

    @extend_schema(request=SeriesWriteSerializer, responses=SeriesSerializer)
    def patch(self, request: Request, slug: str) -> Response:
        """Change what the body names; meetups already made stay as they are."""
        series = get_object_or_404(all_series(), slug=slug)
        by = signed_in(request)
        chapter = chapter_for(by, series.chapter)
        body = SeriesWriteSerializer(series, data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        changed = change_series(series=series, by=by, **_fields(body, chapter))
        return Response(SeriesSerializer(changed).data)


class SeriesPlan(APIView):
    """Drafts for the next months."""

    read = WRITE_SERIES
    write = WRITE_SERIES

    @extend_schema(request=PlanSerializer, responses={201: PlannedSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Make them; months that have their meetup are left alone."""
        series = get_object_or_404(all_series(), slug=slug)
        body = PlanSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        made = plan_series(
            series=series, months=body.validated_data["months"], by=signed_in(request)
        )
        drafts = {"drafts": [meetup.slug for meetup in made]}
        return Response(drafts, status=status.HTTP_201_CREATED)
