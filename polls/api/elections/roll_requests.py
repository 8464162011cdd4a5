from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from community.api.idempotency import IdempotentMixin
from community.selectors.people import signed_in
from polls.api.elections.roll_serializers import (
    RollAskSerializer,
    RollDecisionSerializer,
    RollRequestSerializer,
)
from polls.models import RollRequest
from polls.permissions import ASK_FOR_ROLL, RUN_ELECTIONS
from polls.selectors.elections.elections import election_for
from polls.selectors.elections.roll import organized_election, request_in, requests_of
from polls.services.elections.roll_requests import ask_for_roll, decide_request


class RequestList(IdempotentMixin, generics.ListAPIView[RollRequest]):
    """Requests to be on the roll; organizers read them, a member makes one."""

    read = RUN_ELECTIONS
    write = ASK_FOR_ROLL
    serializer_class = RollRequestSerializer

    def get_queryset(self) -> QuerySet[RollRequest]:
        if getattr(self, "swagger_fake_view", False):
            return RollRequest.objects.none()
        return requests_of(organized_election(self.request.user, self.kwargs["slug"]))

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List them, the oldest first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(request=RollAskSerializer, responses={201: RollRequestSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Ask to be on the roll; one request at a time."""
        return super().post(request, *args, **kwargs)

    def create(self, request: Request, slug: str) -> Response:
        election = election_for(slug, request.user)
        body = RollAskSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        text = body.validated_data["text"]
        asked = ask_for_roll(election=election, text=text, by=signed_in(request))
        return Response(RollRequestSerializer(asked).data, status=status.HTTP_201_CREATED)


class RequestDecide(APIView):
    read = RUN_ELECTIONS
    write = RUN_ELECTIONS

    @extend_schema(request=RollDecisionSerializer, responses=RollRequestSerializer)
    def post(self, request: Request, slug: str, pk: int) -> Response:
        """Accept or refuse it, with a reason the person gets."""
        found = request_in(organized_election(request.user, slug), pk)
        body = RollDecisionSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        decided = decide_request(request=found, by=signed_in(request), **body.validated_data)
        return Response(RollRequestSerializer(decided).data)
