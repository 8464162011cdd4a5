"""Issues, assessments and outlooks for programs."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from community.api.idempotency import IdempotentMixin
from community.core.errors import InvalidError
from community.selectors.people import signed_in
from meetups.services.chapters import chapter_for
from polls.api.priority_serializers import (
    AssessmentSerializer,
    AssessmentWriteSerializer,
    CarriedSerializer,
    CarrySerializer,
    IssueSerializer,
    ItemWriteSerializer,
    OutlookChangeSerializer,
    OutlookNewSerializer,
    OutlookSerializer,
)
from polls.models import Brainstorm, Idea, Outlook, PriorityList
from polls.permissions import ASSESS, READ_PRIORITIES, WRITE_PRIORITIES
from polls.selectors.priorities import issue_seen_by
from polls.selectors.scorecards import assessment_facts
from polls.services.assessments import assess_priority, remove_assessment
from polls.services.carrying import carry_over
from polls.services.outlooks import add_outlook, change_outlook
from polls.services.priorities import change_item


class IssueDetail(APIView):
    """One issue of a list."""

    read = READ_PRIORITIES
    write = WRITE_PRIORITIES

    @extend_schema(responses=IssueSerializer)
    def get(self, request: Request, slug: str, pk: int) -> Response:
        """Read it with what observers say."""
        return Response(IssueSerializer(issue_seen_by(request.user, slug, pk)).data)

    @extend_schema(request=ItemWriteSerializer, responses=IssueSerializer)
    def patch(self, request: Request, slug: str, pk: int) -> Response:
        """Change its words; `percent` only in a draft that no poll made."""
        issue = issue_seen_by(request.user, slug, pk)
        body = ItemWriteSerializer(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        changes = {name: value for name, value in body.validated_data.items() if name != "id"}
        changed = change_item(priority=issue, by=signed_in(request), **changes)
        return Response(IssueSerializer(changed).data)


class AssessmentDetail(APIView):
    """One's own assessment of an issue."""

    write = ASSESS

    @extend_schema(request=AssessmentWriteSerializer, responses=AssessmentSerializer)
    def put(self, request: Request, slug: str, pk: int) -> Response:
        """Write it, or change the one there is."""
        issue = issue_seen_by(request.user, slug, pk)
        body = AssessmentWriteSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        fields = dict(body.validated_data)
        word = fields.pop("outlook", None)
        outlook = issue.list.chapter.outlooks.filter(word=word).first() if word else None
        if word and outlook is None:
            raise InvalidError(
                f"“{word}” is no word of this group; use own_words.",
                errors={"outlook": ["not known"]},
            )
        said = assess_priority(priority=issue, outlook=outlook, by=signed_in(request), **fields)
        return Response(assessment_facts(said))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, pk: int) -> Response:
        """Take it away."""
        issue = issue_seen_by(request.user, slug, pk)
        remove_assessment(priority=issue, by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class IssueCarry(IdempotentMixin, APIView):
    """An issue goes on: into a draft, or an open brainstorm."""

    write = WRITE_PRIORITIES

    @extend_schema(request=CarrySerializer, responses={201: CarriedSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Carry it over; the same place takes it once."""
        return super().post(request, *args, **kwargs)

    def create(self, request: Request, slug: str, pk: int) -> Response:
        issue = issue_seen_by(request.user, slug, pk)
        body = CarrySerializer(data=request.data)
        body.is_valid(raise_exception=True)
        by = signed_in(request)
        named = body.validated_data
        into, brainstorm = None, None
        if "list" in named:
            into = get_object_or_404(PriorityList.objects.visible_to(by), slug=named["list"])
        if "brainstorm" in named:
            rows = Brainstorm.objects.visible_to(by)
            brainstorm = get_object_or_404(rows, slug=named["brainstorm"])
        made = carry_over(priority=issue, brainstorm=brainstorm, into_list=into, by=by)
        is_card = isinstance(made, Idea)
        answer = {
            "list": None if into is None else into.slug,
            "item": None if is_card else made.pk,
            "brainstorm": None if brainstorm is None else brainstorm.slug,
            "idea": made.pk if is_card else None,
        }
        return Response(answer, status=status.HTTP_201_CREATED)


@extend_schema(parameters=[OpenApiParameter("chapter", str, description="A chapter's slug")])
class Outlooks(IdempotentMixin, generics.ListAPIView[Outlook]):
    """A group's words for how an issue looks, retired ones too."""

    read = READ_PRIORITIES
    write = WRITE_PRIORITIES
    serializer_class = OutlookSerializer

    def get_queryset(self) -> QuerySet[Outlook]:
        rows = Outlook.objects.select_related("chapter").order_by("chapter", "position", "id")
        slug = self.request.query_params.get("chapter")
        return rows.filter(chapter__slug=slug) if slug else rows

    @extend_schema(request=OutlookNewSerializer, responses={201: OutlookSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Add a word at the end."""
        return super().post(request, *args, **kwargs)

    def create(self, request: Request) -> Response:
        body = OutlookNewSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        fields = dict(body.validated_data)
        by = signed_in(request)
        chapter = chapter_for(by, fields.pop("chapter", None))
        made = add_outlook(chapter=chapter, by=by, **fields)
        return Response(OutlookSerializer(made).data, status=status.HTTP_201_CREATED)


class OutlookDetail(APIView):
    """One word."""

    write = WRITE_PRIORITIES

    @extend_schema(request=OutlookChangeSerializer, responses=OutlookSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Rename one that nobody used, change tone or place, retire it or offer it again."""
        outlook = get_object_or_404(Outlook.objects.select_related("chapter"), pk=pk)
        body = OutlookChangeSerializer(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        changed = change_outlook(outlook=outlook, by=signed_in(request), **body.validated_data)
        return Response(OutlookSerializer(changed).data)
