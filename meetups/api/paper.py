"""Agenda and minutes, read and written whole."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from community.core.errors import NotFoundError
from community.selectors.people import signed_in
from meetups.api.paper_serializers import AgendaSerializer, CountSerializer, MinutesSerializer
from meetups.models import Meetup
from meetups.permissions import ORGANIZE, READ_MEETUPS
from meetups.selectors.desk import is_organized_by, meetup_seen_by, organized_meetup
from meetups.selectors.paper import agenda_facts, minutes_facts
from meetups.services.agenda import announce_planned, hold_as_announced, save_agenda
from meetups.services.minutes import (
    Minutes,
    draft_minutes,
    publish_minutes,
    save_minutes,
    withdraw_minutes,
)


class AgendaDetail(APIView):
    """What is on, and what was planned, announced and held."""

    read = READ_MEETUPS
    write = ORGANIZE

    @extend_schema(responses=AgendaSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Read it."""
        return Response(agenda_facts(meetup_seen_by(request.user, slug), request.user))

    @extend_schema(request=AgendaSerializer, responses=AgendaSerializer)
    def put(self, request: Request, slug: str) -> Response:
        """Write it whole; rows that are not named are deleted."""
        meetup = organized_meetup(request.user, slug)
        body = AgendaSerializer(data=request.data, context={"request": request})
        body.is_valid(raise_exception=True)
        meetup = save_agenda(meetup=meetup, by=signed_in(request), **body.validated_data)
        return Response(agenda_facts(meetup, request.user))


class AgendaAnnounce(APIView):
    write = ORGANIZE

    @extend_schema(request=None, responses=CountSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Carry the planned topics over to the announced ones."""
        meetup = organized_meetup(request.user, slug)
        return Response({"added": announce_planned(meetup=meetup, by=signed_in(request))})


class AgendaHold(APIView):
    write = ORGANIZE

    @extend_schema(request=None, responses=CountSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Note as held what was announced."""
        meetup = organized_meetup(request.user, slug)
        return Response({"added": hold_as_announced(meetup=meetup, by=signed_in(request))})


def _facts(meetup: Meetup) -> dict[str, Any]:
    return dict(MinutesSerializer(minutes_facts(meetup)).data)


class MinutesDetail(APIView):
    """What was said and decided, once it is published; organizers read it before."""

    read = READ_MEETUPS
    write = ORGANIZE

    @extend_schema(responses=MinutesSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Read them; 404 while they are not published."""
        meetup = meetup_seen_by(request.user, slug)
        if not meetup.are_minutes_public and not is_organized_by(meetup, request.user):
            raise NotFoundError("The minutes are not published yet.")
        return Response(_facts(meetup))

    @extend_schema(request=MinutesSerializer, responses=MinutesSerializer)
    def put(self, request: Request, slug: str) -> Response:
        """Write them whole; rows that are not named are deleted."""
        meetup = organized_meetup(request.user, slug)
        body = MinutesSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        fields = dict(body.validated_data)
        version = fields.pop("version", None)
        meetup = save_minutes(
            meetup=meetup, minutes=Minutes(**fields), by=signed_in(request), version=version
        )
        return Response(_facts(meetup))


class MinutesDraft(APIView):
    write = ORGANIZE

    @extend_schema(request=None, responses=CountSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Make an item of every live note that has none yet."""
        meetup = organized_meetup(request.user, slug)
        return Response({"added": draft_minutes(meetup=meetup, by=signed_in(request))})


class MinutesPublish(APIView):
    write = ORGANIZE

    @extend_schema(request=None, responses=MinutesSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Show them to everyone who may see the meetup."""
        meetup = organized_meetup(request.user, slug)
        return Response(_facts(publish_minutes(meetup=meetup, by=signed_in(request))))


class MinutesWithdraw(APIView):
    write = ORGANIZE

    @extend_schema(request=None, responses=MinutesSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Show them to organizers alone again."""
        meetup = organized_meetup(request.user, slug)
        return Response(_facts(withdraw_minutes(meetup=meetup, by=signed_in(request))))
