"""Lists of priorities for programs."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from community.api.idempotency import IdempotentMixin
from community.core.errors import InvalidError
from community.models import User
from community.selectors.people import signed_in
from meetups.models import Meetup
from polls.api.priority_serializers import (
    ListNewSerializer,
    ListSerializer,
    ListWriteSerializer,
    ScorecardSerializer,
)
from polls.models import Poll, PriorityList
from polls.permissions import READ_PRIORITIES, WRITE_PRIORITIES
from polls.selectors.priorities import list_seen_by, lists_seen_by
from polls.services.priorities import change_list, create_list, publish_list, withdraw_list


def _fields(data: dict[str, Any], by: User) -> dict[str, Any]:
    """The body with things in place of their slugs, as far as `by` may see them."""
    fields = dict(data)
    seen: dict[str, QuerySet[Any]] = {
        "summit": Meetup.objects.visible_to(by),
        "poll": Poll.objects.visible_to(by),
    }
    for name, rows in seen.items():
        if fields.get(name):
            slug = fields[name]
            fields[name] = rows.filter(slug=slug).first()
            if fields[name] is None:
                raise InvalidError(f"{name}: there is no “{slug}”.", errors={name: ["not known"]})
    return fields


class PriorityLists(IdempotentMixin, generics.ListAPIView[PriorityList]):
    """Published lists, for organizers their drafts; they POST new ones."""

    read = READ_PRIORITIES
    write = WRITE_PRIORITIES
    serializer_class = ListSerializer

    def get_queryset(self) -> QuerySet[PriorityList]:
        return lists_seen_by(self.request.user)

    @extend_schema(request=ListNewSerializer, responses={201: ScorecardSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make a list, from a closed poll or from `items`."""
        return super().post(request, *args, **kwargs)

    @transaction.atomic
    def create(self, request: Request) -> Response:
        body = ListNewSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        by = signed_in(request)
        fields = _fields(body.validated_data, by)
        is_published = fields.pop("published")
        made = create_list(by=by, **fields)
        if is_published:
            made = publish_list(priority_list=made, by=by)
        return Response(ScorecardSerializer(made).data, status=status.HTTP_201_CREATED)


class PriorityListDetail(APIView):
    """One list with its scorecard; organizers PATCH their own chapter's."""

    read = READ_PRIORITIES
    write = WRITE_PRIORITIES

    @extend_schema(responses=ScorecardSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Read it."""
        return Response(ScorecardSerializer(list_seen_by(request.user, slug)).data)

    @extend_schema(request=ListWriteSerializer, responses=ScorecardSerializer)
    def patch(self, request: Request, slug: str) -> Response:
        """Change what the body names; of a published list the issues' words alone."""
        shown = list_seen_by(request.user, slug)
        body = ListWriteSerializer(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        by = signed_in(request)
        changed = change_list(priority_list=shown, by=by, **_fields(body.validated_data, by))
        return Response(ScorecardSerializer(changed).data)


class PriorityListPublish(APIView):
    """Everyone may read it."""

    write = WRITE_PRIORITIES

    @extend_schema(request=None, responses=ScorecardSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Publish a draft."""
        shown = list_seen_by(request.user, slug)
        made = publish_list(priority_list=shown, by=signed_in(request))
        return Response(ScorecardSerializer(made).data)


class PriorityListWithdraw(APIView):
    """A draft again, while nobody has assessed it."""

    write = WRITE_PRIORITIES

    @extend_schema(request=None, responses=ScorecardSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Take a published list back."""
        shown = list_seen_by(request.user, slug)
        made = withdraw_list(priority_list=shown, by=signed_in(request))
        return Response(ScorecardSerializer(made).data)
