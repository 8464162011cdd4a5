from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from community.models import AuditEntry, Chapter, Membership, Takeover
from community.permissions import JOIN_CHAPTERS, READ_CHAPTERS, RUN_CHAPTERS
from community.selectors.chapters import (
    all_chapters,
    audit_trail,
    chapters_run_by,
    membership_of,
    organizers_of,
)
from community.selectors.people import signed_in
from community.services.chapters import (
    add_organizer,
    change_chapter,
    check_runs,
    join_chapter,
    leave_chapter,
    step_down,
)
from community.services.takeovers import ask_takeover, object_to_takeover, withdraw_takeover


class ChapterSerializer(serializers.ModelSerializer[Chapter]):
    members = serializers.IntegerField(read_only=True)

    class Meta:
        model = Chapter
        fields: tuple[str, ...] = ("slug", "name", "city", "timezone", "about", "members")


class ChapterDetailSerializer(ChapterSerializer):
    """A chapter with its organizers' names."""

    organizers = serializers.SerializerMethodField()

    class Meta(ChapterSerializer.Meta):
        fields = (*ChapterSerializer.Meta.fields, "organizers")

    def get_organizers(self, chapter: Chapter) -> list[str]:
        return [user.display_name for user in organizers_of(chapter)]


class ChapterWriteSerializer(serializers.ModelSerializer[Chapter]):
    class Meta:
        model = Chapter
        fields = ("name", "city", "about")


class MembershipSerializer(serializers.ModelSerializer[Membership]):
    chapter = serializers.CharField(source="chapter.slug")

    class Meta:
        model = Membership
        fields = ("chapter", "role", "is_participant", "since")


class EmailSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField()


class ReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300)


class TakeoverSerializer(serializers.ModelSerializer[Takeover]):
    chapter = serializers.CharField(source="chapter.slug")
    by = serializers.CharField(source="by.display_name")

    class Meta:
        model = Takeover
        fields = ("chapter", "by", "reason", "state", "asked_at", "ripens_at", "decided_at")


class AuditSerializer(serializers.ModelSerializer[AuditEntry]):
    actor = serializers.CharField(source="actor.display_name", default=None)

    class Meta:
        model = AuditEntry
        fields = ("at", "actor", "verb", "subject", "detail")


class ChapterList(generics.ListAPIView[Chapter]):
    """The groups."""

    read = READ_CHAPTERS
    serializer_class = ChapterSerializer

    def get_queryset(self) -> QuerySet[Chapter]:
        return all_chapters()


class ChapterDetail(APIView):
    """One group; its organizers PATCH what is said of it."""

    read = READ_CHAPTERS
    write = RUN_CHAPTERS

    @extend_schema(responses=ChapterDetailSerializer)
    def get(self, request: Request, slug: str) -> Response:  # noqa: ARG002 - a view's signature
        """Read it."""
        chapter = get_object_or_404(all_chapters(), slug=slug)
        return Response(ChapterDetailSerializer(chapter).data)

    @extend_schema(request=ChapterWriteSerializer, responses=ChapterDetailSerializer)
    def patch(self, request: Request, slug: str) -> Response:
        """Change what the body names."""
        chapter = get_object_or_404(Chapter, slug=slug)
        body = ChapterWriteSerializer(chapter, data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        change_chapter(chapter=chapter, by=signed_in(request), **body.validated_data)
        changed = all_chapters().get(pk=chapter.pk)
        return Response(ChapterDetailSerializer(changed).data)


class ChapterMembership(APIView):
    """One's own place in a group: PUT joins, DELETE leaves."""

    read = JOIN_CHAPTERS
    write = JOIN_CHAPTERS

    @extend_schema(responses=MembershipSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """The place one has; 404 where there is none."""
        place = membership_of(get_object_or_404(Chapter, slug=slug), request.user)
        return Response(MembershipSerializer(_or_404(place)).data)

    @extend_schema(request=None, responses=MembershipSerializer)
    def put(self, request: Request, slug: str) -> Response:
        """Join; twice changes nothing."""
        chapter = get_object_or_404(Chapter, slug=slug)
        return Response(
            MembershipSerializer(join_chapter(chapter=chapter, by=signed_in(request))).data
        )

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        """Leave; the last organizer cannot (409)."""
        leave_chapter(chapter=get_object_or_404(Chapter, slug=slug), by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _or_404(place: Membership | None) -> Membership:
    return get_object_or_404(Membership, pk=place.pk if place else None)


class ChapterOrganizers(APIView):
    """POST makes a member co-organizer by e-mail address; DELETE steps down oneself."""

    read = RUN_CHAPTERS
    write = RUN_CHAPTERS

    @extend_schema(request=EmailSerializer, responses=ChapterDetailSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Make a member co-organizer."""
        chapter = get_object_or_404(all_chapters(), slug=slug)
        body = EmailSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        add_organizer(chapter=chapter, by=signed_in(request), **body.validated_data)
        return Response(ChapterDetailSerializer(chapter).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        """Become a plain member; the last organizer cannot (409)."""
        step_down(chapter=get_object_or_404(Chapter, slug=slug), by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class ChapterAudit(generics.ListAPIView[AuditEntry]):
    """What was done in a group, the latest first, for its organizers."""

    read = RUN_CHAPTERS
    serializer_class = AuditSerializer

    def get_queryset(self) -> QuerySet[AuditEntry]:
        own = chapters_run_by(self.request.user)
        return audit_trail(get_object_or_404(own, slug=self.kwargs["slug"]))


class ChapterTakeover(APIView):
    """A member asks to lead a group whose organizers are silent: POST asks, DELETE withdraws."""

    read = JOIN_CHAPTERS
    write = JOIN_CHAPTERS

    @extend_schema(request=ReasonSerializer, responses={201: TakeoverSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Ask; 409 says why not now."""
        chapter = get_object_or_404(Chapter, slug=slug)
        body = ReasonSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        asked = ask_takeover(chapter=chapter, by=signed_in(request), **body.validated_data)
        return Response(TakeoverSerializer(asked).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        """No longer ask."""
        takeover = get_object_or_404(open_takeovers(), chapter__slug=slug, by=signed_in(request))
        withdraw_takeover(takeover=takeover, by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


def open_takeovers() -> QuerySet[Takeover]:
    """Those asked for and not decided."""
    asked = Takeover.objects.filter(state=Takeover.State.ASKED)
    return asked.select_related("chapter", "by")


class ChapterObjection(APIView):
    """An organizer is there after all."""

    read = RUN_CHAPTERS
    write = RUN_CHAPTERS

    @extend_schema(request=None, responses=TakeoverSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Object; that ends the takeover."""
        by = signed_in(request)
        check_runs(get_object_or_404(Chapter, slug=slug), by)
        takeover = get_object_or_404(open_takeovers(), chapter__slug=slug)
        return Response(TakeoverSerializer(object_to_takeover(takeover=takeover, by=by)).data)
