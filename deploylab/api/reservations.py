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
from deploylab.api.serializers import (
    ExtendSerializer,
    ReservationSerializer,
    WishSerializer,
)
from deploylab.models import Reservation
from deploylab.permissions import READ_RESERVATIONS, RESERVE
from deploylab.services.reservations import (
    Wish,
    extend_reservation,
    release_reservation,
    reserve_nodes,
)


def _reservations(request: Request) -> QuerySet[Reservation]:
    return (
        Reservation.objects.visible_to(request.user)
        .select_related("holder")
        .prefetch_related("nodes")
    )


class ReservationList(IdempotentMixin, generics.ListAPIView[Reservation]):
    """One's own reservations; organizers see their lab's."""

    read = READ_RESERVATIONS
    write = RESERVE
    serializer_class = ReservationSerializer

    def get_queryset(self) -> QuerySet[Reservation]:
        return _reservations(self.request)

    @extend_schema(request=WishSerializer, responses={201: ReservationSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Reserve nodes: all asked for, or none."""
        return super().post(request, *args, **kwargs)

    def create(self, request: Request) -> Response:
        body = WishSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        wish = dict(body.validated_data)
        reservation = reserve_nodes(
            wish=Wish(names=wish.pop("nodes"), **wish), by=signed_in(request)
        )
        return Response(ReservationSerializer(reservation).data, status=status.HTTP_201_CREATED)


class ReservationDetail(generics.RetrieveAPIView[Reservation]):
    """One reservation; PATCH moves its end."""

    read = READ_RESERVATIONS
    write = RESERVE
    serializer_class = ReservationSerializer

    def get_queryset(self) -> QuerySet[Reservation]:
        return _reservations(self.request)

    @extend_schema(request=ExtendSerializer, responses=ReservationSerializer)
    def patch(self, request: Request, pk: str) -> Response:
        """Extend up to the first conflict, which a refusal names."""
        reservation = get_object_or_404(_reservations(request), pk=pk)
        body = ExtendSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        extended = extend_reservation(
            reservation=reservation, by=signed_in(request), **body.validated_data
        )
        return Response(ReservationSerializer(extended).data)


class ReservationRelease(APIView):
    """Hand the nodes back."""

    write = RESERVE

    @extend_schema(request=None, responses=ReservationSerializer)
    def post(self, request: Request, pk: str) -> Response:
        """End it now."""
        reservation = get_object_or_404(_reservations(request), pk=pk)
        ended = release_reservation(reservation=reservation, by=signed_in(request))
        return Response(ReservationSerializer(ended).data)
