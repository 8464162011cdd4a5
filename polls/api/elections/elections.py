from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from community.api.idempotency import IdempotentMixin
from community.core.errors import ForbiddenError, InvalidError
from community.selectors.people import signed_in
from polls.api.elections.serializers import (
    ElectionChangeSerializer,
    ElectionDetailSerializer,
    ElectionSerializer,
    ElectionWriteSerializer,
    OutsideResultsSerializer,
)
from polls.models import Election
from polls.permissions import READ_ELECTIONS, RUN_ELECTIONS
from polls.selectors.elections.elections import election_for, is_run_by
from polls.selectors.elections.information import listed_elections
from polls.services.elections.moves import settle_election
from polls.services.elections.outside import enter_outside_results
from polls.services.elections.questions import write_questions
from polls.services.elections.setup import (
    DRAFT,
    ELSEWHERE,
    HERE,
    announce_election,
    change_election,
    create_election,
    delete_draft,
    publish_external,
)


def detail(election: Election, request: Request, code: int = status.HTTP_200_OK) -> Response:
    """The election, as its page shows it to the asker."""
    context = {"request": request}
    return Response(ElectionDetailSerializer(election, context=context).data, status=code)


def organized(request: Request, slug: str) -> Election:
    """The election, for one of its organizers. Raises NotFoundError, ForbiddenError."""
    election = settle_election(election_for(slug, request.user))
    if not is_run_by(election, request.user):
        raise ForbiddenError("You do not run this group's elections.")
    return election


def _fields(body: Any) -> dict[str, Any]:
    """What the services take."""
    fields = dict(body.validated_data)
    if "affiliation_cap" in fields:
        cap = fields.pop("affiliation_cap") or {}
        fields["cap_max"], fields["cap_sitting"] = cap.get("max"), cap.get("sitting") or []
    return fields


class ElectionList(IdempotentMixin, generics.ListAPIView[Election]):
    """Elections one may see, those that close last first; organizers POST new ones."""

    read = READ_ELECTIONS
    write = RUN_ELECTIONS
    serializer_class = ElectionSerializer

    def get_queryset(self) -> QuerySet[Election]:
        rows = listed_elections(self.request.user)
        state = self.request.query_params.get("state", "")
        if not state:
            return rows
        if state not in Election.State.values:
            raise InvalidError(
                f"An election is {', '.join(Election.State.values)}.",
                errors={"state": ["no state"]},
            )
        return rows.filter(state=state)

    @extend_schema(parameters=[OpenApiParameter("state", enum=list(Election.State.values))])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List them."""
        return super().get(request, *args, **kwargs)

    @extend_schema(request=ElectionWriteSerializer, responses={201: ElectionDetailSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make an election and announce it; with `draft` it is its organizers' alone."""
        return super().post(request, *args, **kwargs)

    def create(self, request: Request) -> Response:
        body = ElectionWriteSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        fields = _fields(body)
        is_draft, is_external = fields.pop("draft"), fields.pop("is_external")
        held = DRAFT if is_draft else ELSEWHERE if is_external else HERE
        election = create_election(by=signed_in(request), held=held, **fields)
        return detail(election, request, status.HTTP_201_CREATED)


class ElectionDetail(APIView):
    """One election; organizers PATCH what is said of it, and until it opens its rules."""

    read = READ_ELECTIONS
    write = RUN_ELECTIONS

    @extend_schema(responses=ElectionDetailSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Read it, with one's own standing on the roll; never anybody else's."""
        return detail(settle_election(election_for(slug, request.user)), request)

    @extend_schema(request=ElectionChangeSerializer, responses=ElectionDetailSerializer)
    def patch(self, request: Request, slug: str) -> Response:
        """Change what the body names."""
        election, by = organized(request, slug), signed_in(request)
        body = ElectionChangeSerializer(election, data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        changes = _fields(body)
        questions = changes.pop("questions", None)
        with transaction.atomic():  # all of what the body names, or nothing
            if questions is not None:
                write_questions(election=election, texts=questions, by=by)
            election = change_election(election=election, by=by, **changes)
        return detail(election, request)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        """Delete a draft nobody else has seen."""
        delete_draft(election=organized(request, slug), by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class ElectionAnnounce(APIView):
    read = RUN_ELECTIONS
    write = RUN_ELECTIONS

    @extend_schema(request=None, responses=ElectionDetailSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Make a draft public; the chapter's members are mailed."""
        election = announce_election(election=organized(request, slug), by=signed_in(request))
        return detail(election, request)


class ElectionPublish(APIView):
    read = RUN_ELECTIONS
    write = RUN_ELECTIONS

    @extend_schema(request=None, responses=ElectionDetailSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Make a draft public as one that is held elsewhere."""
        election = publish_external(election=organized(request, slug), by=signed_in(request))
        return detail(election, request)


class OutsideResults(APIView):
    read = RUN_ELECTIONS
    write = RUN_ELECTIONS

    @extend_schema(request=OutsideResultsSerializer, responses=ElectionDetailSerializer)
    def put(self, request: Request, slug: str) -> Response:
        """Make the result of an election held elsewhere what its source says."""
        election, by = organized(request, slug), signed_in(request)
        body = OutsideResultsSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        people = {candidate.pk: candidate for candidate in election.candidates.all()}
        rows = [dict(row) for row in body.validated_data["rows"]]
        for number, row in enumerate(rows, start=1):
            if "candidate" not in row:
                continue
            row["candidate"] = people.get(row["candidate"])
            if row["candidate"] is None:
                raise InvalidError(
                    "That is no candidate of this election. Nothing was saved.",
                    errors={f"rows.{number}": ["no candidate of this election"]},
                )
        source = body.validated_data["source"]
        enter_outside_results(election=election, rows=rows, source=source, by=by)
        return detail(election_for(slug, by), request)
