"""The door: check-ins as programs and the check-in page send them."""

from functools import cached_property
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
from meetups.api.door_serializers import (
    CheckInSerializer,
    CheckInWriteSerializer,
    CountedSerializer,
    TotalsSerializer,
)
from meetups.models import CheckIn, Meetup
from meetups.permissions import CHECK_IN
from meetups.selectors.desk import organized_meetup
from meetups.selectors.door import check_ins_of, door_sentence, door_totals
from meetups.services.checkin import (
    Counted,
    Device,
    check_in_party,
    check_in_walk_in,
    undo_check_in,
)


def _count(meetup: Meetup, request: Request) -> Counted:
    body = CheckInWriteSerializer(data=request.data)
    body.is_valid(raise_exception=True)
    said, by = body.validated_data, signed_in(request)
    device = Device(said["client_id"], said["came_at"])
    if said["walk_in"]:
        return check_in_walk_in(
            meetup=meetup, device=device, by=by, name=said["name"], people=said["people"] or 1
        )
    return check_in_party(
        meetup=meetup, code=said["code"], device=device, by=by, people=said["people"]
    )


class CheckInList(IdempotentMixin, generics.ListAPIView[CheckIn]):
    """Who came, the latest first, with `totals`; organizers count people in by POST.

    A repeat of a `client_id` or of a code changes nothing and is answered with 200; `said` is a
    sentence for the person at the door.
    """

    read = CHECK_IN
    write = CHECK_IN
    serializer_class = CheckInSerializer

    def get_queryset(self) -> QuerySet[CheckIn]:
        if getattr(self, "swagger_fake_view", False):
            return CheckIn.objects.none()
        return check_ins_of(self.meetup)

    @cached_property
    def meetup(self) -> Meetup:
        """The meetup whose door it is."""
        return organized_meetup(self.request.user, self.kwargs["slug"])

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response = super().list(request, *args, **kwargs)
        response.data["totals"] = TotalsSerializer(door_totals(self.meetup)).data
        return response

    @extend_schema(
        request=CheckInWriteSerializer, responses={200: CountedSerializer, 201: CountedSerializer}
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Count a party in."""
        return super().post(request, *args, **kwargs)

    def create(self, request: Request, slug: str) -> Response:  # noqa: ARG002 - the address's part
        counted = _count(self.meetup, request)
        answer = CheckInSerializer(counted.check_in).data | {
            "said": door_sentence(counted.check_in, is_new=counted.is_new),
            "totals": TotalsSerializer(door_totals(self.meetup)).data,
        }
        code = status.HTTP_201_CREATED if counted.is_new else status.HTTP_200_OK
        return Response(answer, status=code)


class CheckInDetail(APIView):
    """One check-in."""

    read = CHECK_IN
    write = CHECK_IN

    @extend_schema(responses=CheckInSerializer)
    def get(self, request: Request, slug: str, pk: int) -> Response:
        """Read it."""
        return Response(CheckInSerializer(self._check_in(request, slug, pk)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, pk: int) -> Response:
        """Take it back: the party is missing again."""
        undo_check_in(check_in=self._check_in(request, slug, pk), by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @staticmethod
    def _check_in(request: Request, slug: str, pk: int) -> CheckIn:
        meetup = organized_meetup(request.user, slug)
        return get_object_or_404(check_ins_of(meetup).select_related("meetup__chapter"), pk=pk)
