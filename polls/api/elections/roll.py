from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from community.api.idempotency import IdempotentMixin
from community.core.views import client_address
from community.selectors.people import signed_in
from polls.api.elections.roll_serializers import (
    OwnLinkAskedSerializer,
    OwnLinkSerializer,
    RollAddedSerializer,
    RollEntrySerializer,
    RollImportSerializer,
    RollMembersSerializer,
    RollPeopleSerializer,
)
from polls.api.poll_serializers import RemindedSerializer
from polls.models import Election, RollEntry
from polls.permissions import RUN_ELECTIONS, VOTE_SECRETLY
from polls.selectors.elections.elections import election_for
from polls.selectors.elections.roll import (
    entry_on,
    link_mails,
    organized_election,
    roll_numbers,
    roll_of,
)
from polls.services.elections.roll import (
    add_members,
    add_people,
    preview_members,
    preview_people,
    remove_person,
)
from polls.services.elections.roll_rows import Person, read_roll_csv
from polls.services.elections.tokens import resend_token, send_own_token
from polls.services.elections.voter_reminders import remind_voters


def _added(election: Election, people: int, *, is_written: bool) -> Response:
    size = roll_numbers(election)["size"]
    told = {"people": people, "is_written": is_written, "size": size}
    return Response(told, status=status.HTTP_201_CREATED if is_written else status.HTTP_200_OK)


class RollList(IdempotentMixin, generics.ListAPIView[RollEntry]):
    """The roll for the election's organizers, in the order of addresses."""

    read = RUN_ELECTIONS
    write = RUN_ELECTIONS
    serializer_class = RollEntrySerializer

    def get(self, request: Request, slug: str) -> Response:
        """List who may vote, why, and how far their link got; `q` is a part of an address."""
        election = organized_election(request.user, slug)
        page: Any = self.paginate_queryset(roll_of(election, request.query_params.get("q", "")))
        entries = list(page)
        context = {"mails": link_mails(entries)}
        return self.get_paginated_response(
            RollEntrySerializer(entries, many=True, context=context).data
        )

    @extend_schema(request=RollPeopleSerializer, responses={201: RollAddedSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Add people, all of them or none; `errors.rows` in a refusal names each wrong row."""
        return super().post(request, *args, **kwargs)

    def create(self, request: Request, slug: str) -> Response:
        election = organized_election(request.user, slug)
        body = RollPeopleSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        people = [Person(**row) for row in body.validated_data["people"]]
        count = add_people(election=election, people=people, by=signed_in(request))
        return _added(election, count, is_written=True)


class RollImport(IdempotentMixin, APIView):
    read = RUN_ELECTIONS
    write = RUN_ELECTIONS

    @extend_schema(request=RollImportSerializer, responses={201: RollAddedSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Add the people in a CSV; with `dry_run` say what would be added (200)."""
        return super().post(request, *args, **kwargs)

    def create(self, request: Request, slug: str) -> Response:
        election, by = organized_election(request.user, slug), signed_in(request)
        body = RollImportSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        people = read_roll_csv(body.validated_data["csv"])
        if body.validated_data["dry_run"]:
            found = preview_people(election=election, people=people, by=by)
            return _added(election, len(found), is_written=False)
        count = add_people(election=election, people=people, by=by)
        return _added(election, count, is_written=True)


class RollMembers(IdempotentMixin, APIView):
    read = RUN_ELECTIONS
    write = RUN_ELECTIONS

    @extend_schema(request=RollMembersSerializer, responses={201: RollAddedSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Add the chapter's members by the day they joined; with `dry_run` count them (200)."""
        return super().post(request, *args, **kwargs)

    def create(self, request: Request, slug: str) -> Response:
        election, by = organized_election(request.user, slug), signed_in(request)
        body = RollMembersSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        rule: dict[str, Any] = {
            "election": election,
            "chapter": election.chapter,
            "since": body.validated_data["since"],
            "by": by,
        }
        if body.validated_data["dry_run"]:
            return _added(election, len(preview_members(**rule)), is_written=False)
        return _added(election, add_members(**rule), is_written=True)


class RollEntryDetail(APIView):
    read = RUN_ELECTIONS
    write = RUN_ELECTIONS

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, pk: int) -> Response:
        """Take somebody off the roll, before voting opens."""
        election = organized_election(request.user, slug)
        remove_person(election=election, entry=entry_on(election, pk), by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class RollResend(APIView):
    read = RUN_ELECTIONS
    write = RUN_ELECTIONS

    @extend_schema(request=None, responses={202: RollEntrySerializer})
    def post(self, request: Request, slug: str, pk: int) -> Response:
        """Mail them a new link; the one before is dead."""
        election = organized_election(request.user, slug)
        resend_token(election=election, entry=entry_on(election, pk), by=signed_in(request))
        entry = entry_on(election, pk)
        context = {"mails": link_mails([entry])}
        body = RollEntrySerializer(entry, context=context).data
        return Response(body, status=status.HTTP_202_ACCEPTED)


class RollRemind(APIView):
    read = RUN_ELECTIONS
    write = RUN_ELECTIONS

    @extend_schema(request=None, responses=RemindedSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Mail those who have not voted; at most once a day."""
        election = organized_election(request.user, slug)
        return Response({"mails": remind_voters(election=election, by=signed_in(request))})


class OwnLink(APIView):
    read = VOTE_SECRETLY
    write = VOTE_SECRETLY

    @extend_schema(request=OwnLinkSerializer, responses={202: OwnLinkAskedSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Have the personal link of an address mailed there once more, if it is on the roll."""
        election = election_for(slug, request.user)
        body = OwnLinkSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        send_own_token(
            election=election,
            email=body.validated_data["email"],
            address=client_address(request),
        )
        return Response({"accepted": True}, status=status.HTTP_202_ACCEPTED)
