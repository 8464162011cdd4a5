from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from community.api.idempotency import IdempotentMixin
from community.api.pagination import Pages
from community.core.numbers import natural
from community.selectors.people import signed_in
from polls.api.brainstorm_serializers import (
    IdeaChangeSerializer,
    IdeaEventsSerializer,
    IdeaMergeSerializer,
    IdeaMoveSerializer,
    IdeaSerializer,
    IdeaWriteSerializer,
)
from polls.models import Idea, IdeaEvent
from polls.permissions import READ_BRAINSTORMS, WRITE_IDEAS
from polls.selectors.brainstorms import brainstorm_seen_by
from polls.selectors.idea_events import idea_events_after
from polls.selectors.ideas import gone_ideas, hues_of, idea_facts
from polls.services.ideas import edit_idea, post_idea, remove_idea
from polls.services.sorting import merge_idea, move_idea, split_idea
from polls.services.undo import undo_change

MOST_EVENTS = 1000


def _idea(request: Request, slug: str, pk: int) -> Idea:
    brainstorm = brainstorm_seen_by(request.user, slug)
    ideas = Idea.objects.filter(brainstorm=brainstorm).select_related("brainstorm", "author")
    return get_object_or_404(ideas, pk=pk)


def _answer(idea: Idea, code: int = status.HTTP_200_OK) -> Response:
    hues, gone = hues_of(idea.brainstorm_id), gone_ideas(idea.brainstorm_id)
    return Response(idea_facts(idea, hues, gone), status=code)


class IdeaList(IdempotentMixin, APIView):
    """Cards and notes in their order; those who take part POST new ones."""

    read = READ_BRAINSTORMS
    write = WRITE_IDEAS

    @extend_schema(responses=IdeaSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """All that were not taken away, page by page."""
        brainstorm = brainstorm_seen_by(request.user, slug)
        ideas = Idea.objects.filter(brainstorm=brainstorm).exclude(pk__in=gone_ideas(brainstorm))
        pages = Pages()
        page = pages.paginate_queryset(ideas.select_related("author"), request, view=self)
        hues = hues_of(brainstorm)
        return pages.get_paginated_response([idea_facts(idea, hues) for idea in page or []])

    @extend_schema(request=IdeaWriteSerializer, responses={201: IdeaSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A new card, or with `parent` a note under one."""
        return super().post(request, *args, **kwargs)

    def create(self, request: Request, slug: str) -> Response:
        brainstorm = brainstorm_seen_by(request.user, slug)
        body = IdeaWriteSerializer(data=request.data, context={"brainstorm": brainstorm})
        body.is_valid(raise_exception=True)
        idea = post_idea(brainstorm=brainstorm, by=signed_in(request), **body.validated_data)
        return _answer(idea, status.HTTP_201_CREATED)


class IdeaDetail(APIView):
    """One card or note."""

    read = READ_BRAINSTORMS
    write = WRITE_IDEAS

    @extend_schema(responses=IdeaSerializer)
    def get(self, request: Request, slug: str, pk: int) -> Response:
        """Read it."""
        return _answer(_idea(request, slug, pk))

    @extend_schema(request=IdeaChangeSerializer, responses=IdeaSerializer)
    def patch(self, request: Request, slug: str, pk: int) -> Response:
        """Change the words, naming the revision they were written over.

        Changes of different words are merged; where somebody changed the same words the answer is
        409 `changed_meanwhile` with the card as it is (`idea`) and what was sent (`yours`).
        """
        idea = _idea(request, slug, pk)
        body = IdeaChangeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return _answer(edit_idea(idea=idea, by=signed_in(request), **body.validated_data))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, pk: int) -> Response:
        """Take it out of sight; `events/<seq>/undo/` brings it back."""
        remove_idea(idea=_idea(request, slug, pk), by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class IdeaMove(APIView):
    read = WRITE_IDEAS
    write = WRITE_IDEAS

    @extend_schema(request=IdeaMoveSerializer, responses=IdeaSerializer)
    def post(self, request: Request, slug: str, pk: int) -> Response:
        """Put it before another card, or into a group; for who may sort."""
        idea = _idea(request, slug, pk)
        body = IdeaMoveSerializer(data=request.data, context={"brainstorm": idea.brainstorm})
        body.is_valid(raise_exception=True)
        return _answer(move_idea(idea=idea, by=signed_in(request), **body.validated_data))


class IdeaMerge(APIView):
    read = WRITE_IDEAS
    write = WRITE_IDEAS

    @extend_schema(request=IdeaMergeSerializer, responses=IdeaSerializer)
    def post(self, request: Request, slug: str, pk: int) -> Response:
        """Make it a note of another card; for who may sort."""
        idea = _idea(request, slug, pk)
        body = IdeaMergeSerializer(data=request.data, context={"brainstorm": idea.brainstorm})
        body.is_valid(raise_exception=True)
        return _answer(merge_idea(idea=idea, by=signed_in(request), **body.validated_data))


class IdeaSplit(APIView):
    read = WRITE_IDEAS
    write = WRITE_IDEAS

    @extend_schema(request=None, responses=IdeaSerializer)
    def post(self, request: Request, slug: str, pk: int) -> Response:
        """Make a note a card of its own; for who may sort."""
        return _answer(split_idea(idea=_idea(request, slug, pk), by=signed_in(request)))


class EventList(APIView):
    """What happened, in order and gapless; each event with its card as it is now."""

    read = READ_BRAINSTORMS

    @extend_schema(
        parameters=[OpenApiParameter("after", int), OpenApiParameter("limit", int)],
        responses=IdeaEventsSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        """Events above number `after`, at most `limit` (1000)."""
        brainstorm = brainstorm_seen_by(request.user, slug)
        after = natural(request.query_params.get("after", "0")) or 0
        limit = natural(request.query_params.get("limit", "")) or MOST_EVENTS
        events = idea_events_after(brainstorm.pk, after, min(limit, MOST_EVENTS))
        return Response({"events": events, "last_seq": brainstorm.last_seq})


class EventUndo(APIView):
    read = WRITE_IDEAS
    write = WRITE_IDEAS

    @extend_schema(request=None, responses=IdeaSerializer)
    def post(self, request: Request, slug: str, seq: int) -> Response:
        """Take back one's own change, or as an organizer anyone's."""
        brainstorm = brainstorm_seen_by(request.user, slug)
        events = IdeaEvent.objects.select_related("brainstorm", "idea")
        event = get_object_or_404(events, brainstorm=brainstorm, seq=seq)
        return _answer(undo_change(event=event, by=signed_in(request)))
