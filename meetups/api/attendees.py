from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from community.api.idempotency import IdempotentMixin
from community.selectors.people import signed_in
from meetups.permissions import MANAGE_PEOPLE
from meetups.selectors.desk import organized_meetup
from meetups.services.attendees import Preview, import_attendees, preview_attendees


class AttendeeFileSerializer(serializers.Serializer[Any]):
    """A CSV's text; without `confirm` it is only looked through."""

    csv = serializers.CharField(trim_whitespace=False)
    confirm = serializers.BooleanField(default=False)


class AttendeeRowSerializer(serializers.Serializer[Any]):
    """One line of the file, what it does, and what is wrong with it."""

    number = serializers.IntegerField()
    email = serializers.CharField()
    name = serializers.CharField()
    guests = serializers.CharField()
    status = serializers.CharField()
    checked_in = serializers.CharField()
    does = serializers.CharField()
    faults = serializers.ListField(child=serializers.CharField())


class AttendeePreviewSerializer(serializers.Serializer[Any]):
    """What the import did, or would do."""

    imported = serializers.BooleanField()
    new = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    faulty = serializers.IntegerField()
    rows = AttendeeRowSerializer(many=True)


def _answer(preview: Preview, *, imported: bool) -> dict[str, Any]:
    return {
        "imported": imported,
        "new": preview.doing("new"),
        "updated": preview.doing("update"),
        "unchanged": preview.doing("skip"),
        "faulty": preview.faulty,
        "rows": [asdict(row) for row in preview.rows],
    }


class AttendeeImport(IdempotentMixin, APIView):
    """An attendee list from elsewhere: all of it is taken, or with one bad line nothing."""

    write = MANAGE_PEOPLE

    @extend_schema(request=AttendeeFileSerializer, responses=AttendeePreviewSerializer)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Look the list through, or with `confirm` take it."""
        return super().post(request, *args, **kwargs)

    def create(self, request: Request, slug: str) -> Response:
        meetup = organized_meetup(request.user, slug)
        body = AttendeeFileSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        confirmed = body.validated_data["confirm"]
        act = import_attendees if confirmed else preview_attendees
        preview = act(meetup=meetup, text=body.validated_data["csv"], by=signed_in(request))
        return Response(_answer(preview, imported=confirmed))
