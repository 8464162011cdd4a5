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
from meetups.models import Meetup
from meetups.services.chapters import chapter_for
from polls.api.poll_serializers import (
    CloseSerializer,
    ExtendSerializer,
    PlannedTopicSerializer,
    PlanTopicSerializer,
    PollDetailSerializer,
    PollReasonSerializer,
    PollSerializer,
    PollWriteSerializer,
    RemindedSerializer,
)
from polls.models import Poll
from polls.permissions import READ_POLLS, RUN_POLLS
from polls.selectors.polls import organized_poll, poll_seen_by, polls_seen_by
from polls.services.moves import cancel_poll, close_poll, extend_poll, open_poll, settle_poll
from polls.services.polls import change_poll, create_poll
from polls.services.reminders import remind_voters
from polls.services.topics import plan_option


def _answer(poll: Poll, request: Request, code: int = status.HTTP_200_OK) -> Response:
    """The poll, as a page shows it; who has just written it gets the options in their order."""
    context = {"request": request}
    if request.method != "GET":
        context["as_written"] = request
    return Response(PollDetailSerializer(poll, context=context).data, status=code)


def _fields(body: Any) -> dict[str, Any]:
    """What the service takes."""
    fields = dict(body.validated_data)
    electorate = fields.pop("electorate", None)
    if electorate is not None:
        kind, value = next(iter(electorate.items()))
        fields["electorate"] = kind
        if kind == Poll.Electorate.MEETUP:
            fields["meetup"] = value
        elif kind == Poll.Electorate.EMAILS:
            fields["emails"] = value
        fields["chapter"] = value if kind == "chapter" else getattr(value, "chapter", None)
    for name in ("meetup", "brainstorm"):
        if fields.get(name) is not None and fields.get("chapter") is None:
            fields["chapter"] = fields[name].chapter
    return fields


def _organized(request: Request, slug: str) -> Poll:
    """The poll, as time has left it, for one of its organizers."""
    return settle_poll(organized_poll(request.user, slug))


class PollList(IdempotentMixin, generics.ListAPIView[Poll]):
    """Polls one may see, the newest first; organizers POST new ones into their own chapter."""

    read = READ_POLLS
    write = RUN_POLLS
    serializer_class = PollSerializer

    def get_queryset(self) -> QuerySet[Poll]:
        polls = polls_seen_by(self.request.user)
        state = self.request.query_params.get("state", "")
        if not state:
            return polls
        if state not in Poll.State.values:
            raise InvalidError(
                f"A poll is {', '.join(Poll.State.values)}.", errors={"state": ["no state"]}
            )
        return polls.filter(state=state)

    @extend_schema(parameters=[OpenApiParameter("state", enum=list(Poll.State.values))])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List them."""
        return super().get(request, *args, **kwargs)

    @extend_schema(request=PollWriteSerializer, responses={201: PollDetailSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Create a poll; with `opens_at` come it opens at once."""
        return super().post(request, *args, **kwargs)

    def create(self, request: Request) -> Response:
        body = PollWriteSerializer(data=request.data, context={"request": request})
        body.is_valid(raise_exception=True)
        poll = create_poll(by=signed_in(request), **_fields(body))
        return _answer(poll, request, status.HTTP_201_CREATED)


class PollDetail(APIView):
    """One poll; organizers PATCH drafts of their own chapter."""

    read = READ_POLLS
    write = RUN_POLLS

    @extend_schema(responses=PollDetailSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Read it, with one's own ballot; nothing of anybody else's."""
        return _answer(settle_poll(poll_seen_by(request.user, slug)), request)

    @extend_schema(request=PollWriteSerializer, responses=PollDetailSerializer)
    def patch(self, request: Request, slug: str) -> Response:
        """Change what the body names, while it is a draft."""
        poll = _organized(request, slug)
        context = {"request": request}
        body = PollWriteSerializer(poll, data=request.data, partial=True, context=context)
        body.is_valid(raise_exception=True)
        changes = _fields(body)
        chapter = changes.pop("chapter", None)
        if chapter is not None and chapter.pk != poll.chapter_id:
            raise InvalidError(
                "A poll stays with its chapter.", errors={"electorate": ["another chapter's"]}
            )
        return _answer(change_poll(poll=poll, by=signed_in(request), **changes), request)


class _Move(APIView):
    """One thing an organizer does to a poll."""

    read = RUN_POLLS
    write = RUN_POLLS


class PollOpen(_Move):
    @extend_schema(request=None, responses=PollDetailSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Open a draft now."""
        poll = open_poll(poll=_organized(request, slug), by=signed_in(request))
        return _answer(poll, request)


class PollClose(_Move):
    @extend_schema(request=CloseSerializer, responses=PollDetailSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Close it before its time and count it."""
        poll = _organized(request, slug)
        body = CloseSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return _answer(close_poll(poll=poll, by=signed_in(request), **body.validated_data), request)


class PollExtend(_Move):
    @extend_schema(request=ExtendSerializer, responses=PollDetailSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Give it more time."""
        poll = _organized(request, slug)
        body = ExtendSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        poll = extend_poll(poll=poll, by=signed_in(request), **body.validated_data)
        return _answer(poll, request)


class PollCancel(_Move):
    @extend_schema(request=PollReasonSerializer, responses=PollDetailSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """End it without a result."""
        poll = _organized(request, slug)
        body = PollReasonSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        poll = cancel_poll(poll=poll, by=signed_in(request), **body.validated_data)
        return _answer(poll, request)


class PollRemind(_Move):
    @extend_schema(request=None, responses=RemindedSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Mail those who have not voted; at most once a day."""
        poll = _organized(request, slug)
        return Response({"mails": remind_voters(poll=poll, by=signed_in(request))})


class PollTopics(IdempotentMixin, _Move):
    @extend_schema(request=PlanTopicSerializer, responses={201: PlannedTopicSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make an option of a closed topic poll a planned topic of a coming meetup."""
        return super().post(request, *args, **kwargs)

    def create(self, request: Request, slug: str) -> Response:
        by = signed_in(request)
        poll = _organized(request, slug)
        body = PlanTopicSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        option = poll.options.filter(pk=body.validated_data["option"]).first()
        if option is None:
            raise InvalidError("That is no option of this poll.", errors={"option": ["not one"]})
        meetup = get_object_or_404(
            Meetup.objects.visible_to(by).filter(chapter=chapter_for(by, poll.chapter)),
            slug=body.validated_data["meetup"],
        )
        topic = plan_option(option=option, meetup=meetup, by=by)
        told = {"option": option.pk, "meetup": meetup.slug, "topic": topic.text}
        return Response(told, status=status.HTTP_201_CREATED)
