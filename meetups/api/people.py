"""The list of answers, as an organizer reads and edits it, and the mails about a meetup."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from community.api.idempotency import IdempotentMixin
from community.models import Mail
from community.selectors.people import signed_in
from community.services.mail import resend_mail
from meetups.models import Rsvp
from meetups.models.rsvp import MOST_GUESTS
from meetups.permissions import MANAGE_PEOPLE
from meetups.selectors.desk import organized_meetup
from meetups.selectors.exports import (
    CHECK_IN_COLUMNS,
    PEOPLE_COLUMNS,
    check_in_rows,
    csv_text,
    meetup_export,
    people_rows,
    person_row,
)
from meetups.selectors.people import mails_of, people_of
from meetups.services.people import add_person, change_party, take_off


class PersonSerializer(serializers.Serializer[Any]):
    """One answer, with the person's name and address, and whether they came."""

    id = serializers.IntegerField()
    email = serializers.EmailField()
    name = serializers.CharField()
    guests = serializers.IntegerField()
    status = serializers.ChoiceField(choices=Rsvp.Status.choices)
    mode = serializers.ChoiceField(choices=Rsvp.Mode.choices)
    site = serializers.CharField()
    waitlist_position = serializers.IntegerField(allow_null=True)
    answered_at = serializers.DateTimeField()
    checked_in = serializers.BooleanField()
    checked_in_at = serializers.DateTimeField(allow_null=True)
    people_in = serializers.IntegerField(allow_null=True)
    code = serializers.CharField()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {"id": instance.pk, **person_row(instance)}


class PersonAddSerializer(serializers.Serializer[Any]):
    """Somebody an organizer counts in."""

    email = serializers.EmailField()
    name = serializers.CharField(max_length=120, allow_blank=True, default="")
    guests = serializers.IntegerField(min_value=0, max_value=MOST_GUESTS, default=0)


class PersonChangeSerializer(serializers.Serializer[Any]):
    """Other guests, or off the list with `not_going`."""

    guests = serializers.IntegerField(min_value=0, max_value=MOST_GUESTS, required=False)
    status = serializers.ChoiceField(choices=[Rsvp.Status.NOT_GOING], required=False)

    def validate(self, attrs: Any) -> Any:
        if len(attrs) != 1:
            raise serializers.ValidationError("Either guests, or status not_going.")
        return attrs


class MeetupMailSerializer(serializers.ModelSerializer[Mail]):
    class Meta:
        model = Mail
        fields = (
            "id", "to", "purpose", "subject", "state", "attempts", "error", "created_at", "sent_at",
        )  # fmt: skip


class PersonList(IdempotentMixin, generics.ListAPIView[Rsvp]):
    """The answers to a meetup of one's own chapter; POST counts somebody in."""

    read = MANAGE_PEOPLE
    write = MANAGE_PEOPLE
    serializer_class = PersonSerializer

    def get_queryset(self) -> QuerySet[Rsvp]:
        if getattr(self, "swagger_fake_view", False):
            return Rsvp.objects.none()
        meetup = organized_meetup(self.request.user, self.kwargs["slug"])
        wanted = self.request.GET.get("status", "")
        return people_of(meetup, wanted if wanted in Rsvp.Status.values else "")

    @extend_schema(parameters=[OpenApiParameter("status", enum=Rsvp.Status.values)])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Read them, those of one `status` or all."""
        return super().get(request, *args, **kwargs)

    @extend_schema(request=PersonAddSerializer, responses={201: PersonSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Count in the person with an e-mail address."""
        return super().post(request, *args, **kwargs)

    def create(self, request: Request, slug: str) -> Response:
        meetup = organized_meetup(request.user, slug)
        body = PersonAddSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        rsvp = add_person(meetup=meetup, by=signed_in(request), **body.validated_data)
        made = people_of(meetup).get(pk=rsvp.pk)
        return Response(PersonSerializer(made).data, status=status.HTTP_201_CREATED)


class PersonDetail(APIView):
    """One answer."""

    read = MANAGE_PEOPLE
    write = MANAGE_PEOPLE

    @extend_schema(responses=PersonSerializer)
    def get(self, request: Request, slug: str, pk: int) -> Response:
        """Read it."""
        return Response(PersonSerializer(self._person(request, slug, pk)).data)

    @extend_schema(request=PersonChangeSerializer, responses=PersonSerializer)
    def patch(self, request: Request, slug: str, pk: int) -> Response:
        """Change the guests, or take the person off."""
        rsvp = self._person(request, slug, pk)
        body = PersonChangeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        if "guests" in body.validated_data:
            change_party(rsvp=rsvp, guests=body.validated_data["guests"], by=signed_in(request))
        else:
            take_off(rsvp=rsvp, by=signed_in(request))
        return Response(PersonSerializer(self._person(request, slug, pk)).data)

    @staticmethod
    def _person(request: Request, slug: str, pk: int) -> Rsvp:
        return get_object_or_404(people_of(organized_meetup(request.user, slug)), pk=pk)


class MailList(generics.ListAPIView[Mail]):
    """The mails about a meetup and how far they got."""

    read = MANAGE_PEOPLE
    serializer_class = MeetupMailSerializer

    def get_queryset(self) -> QuerySet[Mail]:
        if getattr(self, "swagger_fake_view", False):
            return Mail.objects.none()
        return mails_of(organized_meetup(self.request.user, self.kwargs["slug"]))


class MailResend(APIView):
    write = MANAGE_PEOPLE

    @extend_schema(request=None, responses=MeetupMailSerializer)
    def post(self, request: Request, slug: str, pk: str) -> Response:
        """Send a failed or uncertain mail once more, under the same Message-ID."""
        mails = mails_of(organized_meetup(request.user, slug))
        resend_mail(mail=get_object_or_404(mails, pk=pk))
        return Response(MeetupMailSerializer(mails.get(pk=pk)).data)


_FILE = {(200, "text/csv"): OpenApiTypes.BYTE, (200, "application/json"): OpenApiTypes.OBJECT}


class Export(APIView):
    """A file to keep: `people`, `check-ins` or `all`, as JSON or CSV by the address's ending.

    CSV cells that a spreadsheet would run as a formula begin with an apostrophe.
    """

    read = MANAGE_PEOPLE

    @extend_schema(responses=_FILE)
    def get(self, request: Request, slug: str, what: str, kind: str) -> HttpResponse:
        """Fetch it."""
        meetup = organized_meetup(request.user, slug)
        if what == "all":
            response: HttpResponse = JsonResponse(meetup_export(meetup))
        else:
            is_people = what == "people"
            rows = people_rows(meetup) if is_people else check_in_rows(meetup)
            columns = PEOPLE_COLUMNS if is_people else CHECK_IN_COLUMNS
            if kind == "json":
                response = JsonResponse({"meetup": meetup.slug, what.replace("-", "_"): rows})
            else:
                response = HttpResponse(
                    csv_text(columns, rows), content_type="text/csv; charset=utf-8"
                )
        response["Content-Disposition"] = f'attachment; filename="{meetup.slug}-{what}.{kind}"'
        return response
