from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from community.api.idempotency import IdempotentMixin
from community.selectors.people import signed_in
from meetups.api.note_serializers import (
    NoteSerializer,
    NoteStreamSerializer,
    NoteStreamWriteSerializer,
    NoteWriteSerializer,
)
from meetups.models import Meetup, Note
from meetups.permissions import MODERATE_NOTES, POST_NOTES, READ_NOTES
from meetups.selectors.desk import meetup_seen_by, organized_meetup
from meetups.selectors.notes import last_number, notes_of, takes_notes
from meetups.services.notes import close_notes, hide_note, open_notes, post_note, restore_note


class NoteList(IdempotentMixin, generics.ListAPIView[Note]):
    """A meetup's live notes in their order; those present POST while it is on."""

    read = READ_NOTES
    write = POST_NOTES
    serializer_class = NoteSerializer
    queryset = Note.objects.none()

    def get_queryset(self) -> QuerySet[Note]:
        meetup = meetup_seen_by(self.request.user, self.kwargs["slug"])
        return notes_of(meetup, self.request.user)

    @extend_schema(request=NoteWriteSerializer, responses={201: NoteSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Write a note; at most ten a minute."""
        return super().post(request, *args, **kwargs)

    def create(self, request: Request, slug: str) -> Response:
        meetup = meetup_seen_by(request.user, slug)
        body = NoteWriteSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        note = post_note(meetup=meetup, text=body.validated_data["text"], by=signed_in(request))
        return Response(NoteSerializer(note).data, status=status.HTTP_201_CREATED)


def _note(request: Request, slug: str, pk: int) -> Note:
    meetup = organized_meetup(request.user, slug)
    return get_object_or_404(notes_of(meetup, request.user), pk=pk)


class NoteStreamDetail(APIView):
    """Whether the notes are taken, and up to which event they can be followed."""

    read = READ_NOTES
    write = MODERATE_NOTES

    @extend_schema(responses=NoteStreamSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Read it."""
        return self._facts(meetup_seen_by(request.user, slug))

    @extend_schema(request=NoteStreamWriteSerializer, responses=NoteStreamSerializer)
    def put(self, request: Request, slug: str) -> Response:
        """Close the notes, or open them again."""
        meetup = organized_meetup(request.user, slug)
        body = NoteStreamWriteSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        change = open_notes if body.validated_data["is_open"] else close_notes
        change(meetup=meetup, by=signed_in(request))
        return self._facts(meetup)

    @staticmethod
    def _facts(meetup: Meetup) -> Response:
        return Response({"is_open": takes_notes(meetup), "last_seq": last_number(meetup.pk)})


class NoteHide(APIView):
    write = MODERATE_NOTES

    @extend_schema(request=None, responses=NoteSerializer)
    def post(self, request: Request, slug: str, pk: int) -> Response:
        """Take a note out of everyone's sight but the organizers'."""
        note = hide_note(note=_note(request, slug, pk), by=signed_in(request))
        return Response(NoteSerializer(note).data)


class NoteRestore(APIView):
    write = MODERATE_NOTES

    @extend_schema(request=None, responses=NoteSerializer)
    def post(self, request: Request, slug: str, pk: int) -> Response:
        """Show a hidden note again."""
        note = restore_note(note=_note(request, slug, pk), by=signed_in(request))
        return Response(NoteSerializer(note).data)
