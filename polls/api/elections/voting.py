from typing import Any

from django.views.decorators.debug import sensitive_variables
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from community.api.authentication import SessionAuthentication
from community.core.errors import ForbiddenError
from community.core.views import client_address
from community.selectors.people import signed_in
from polls.api.elections.serializers import ElectionDetailSerializer
from polls.api.elections.voting_serializers import (
    CertifySerializer,
    ElectionCloseSerializer,
    ElectionEntrySerializer,
    ElectionExtendSerializer,
    ElectionReasonSerializer,
    ElectionResultsSerializer,
    ReceiptSerializer,
    SecretBallotSerializer,
)
from polls.exceptions import NotOnRollError
from polls.models import Election, ElectionEntry, RollEntry
from polls.permissions import (
    INSPECT,
    READ_ELECTION_RESULTS,
    READ_ELECTIONS,
    RUN_ELECTIONS,
    VOTE_SECRETLY,
)
from polls.selectors.elections.elections import election_for, inspector_of, is_run_by
from polls.selectors.elections.results import election_result, receipts_of
from polls.selectors.elections.standing import entry_of, entry_of_link
from polls.services.elections.ballots import cast_ballot, check_takes_ballots
from polls.services.elections.certifying import certify_election, object_to_count
from polls.services.elections.moves import (
    cancel_election,
    close_election,
    extend_election,
    open_election,
    open_nominations,
    settle_election,
)
from polls.services.elections.tokens import check_token

TOKEN_HEADER = "X-Voter-Token"  # noqa: S105 - the header's name


def _seen(request: Request, slug: str) -> Election:
    """The election, as time has left it, for whoever may see it."""
    return settle_election(election_for(slug, request.user))


def _inspected(request: Request, slug: str) -> Election:
    """The election, before its body is looked at, for one of its inspectors."""
    election = _seen(request, slug)
    if inspector_of(election, request.user) is None:
        raise ForbiddenError("You are no inspector of this election.")
    return election


def _answer(election: Election, request: Request) -> Response:
    return Response(ElectionDetailSerializer(election, context={"request": request}).data)


def _fields(serializer: type[Any], request: Request) -> dict[str, Any]:
    body = serializer(data=request.data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


class _Move(APIView):
    """One thing an organizer does to an election."""

    read = RUN_ELECTIONS
    write = RUN_ELECTIONS

    @staticmethod
    def own(request: Request, slug: str) -> Election:
        """The election, before its body is looked at, for who runs it; else ForbiddenError."""
        election = _seen(request, slug)
        if not is_run_by(election, request.user):
            raise ForbiddenError("You do not organize this election's chapter.")
        return election


class ElectionNominate(_Move):
    @extend_schema(request=None, responses=ElectionDetailSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Open nominations."""
        election = open_nominations(election=_seen(request, slug), by=signed_in(request))
        return _answer(election, request)


class ElectionOpen(_Move):
    @extend_schema(request=None, responses=ElectionDetailSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Open voting now; one that is open already stays as it is."""
        return _answer(open_election(election=_seen(request, slug), by=signed_in(request)), request)


class ElectionExtend(_Move):
    @extend_schema(request=ElectionExtendSerializer, responses=ElectionDetailSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Give voting more time."""
        election = self.own(request, slug)
        fields = _fields(ElectionExtendSerializer, request)
        election = extend_election(election=election, by=signed_in(request), **fields)
        return _answer(election, request)


class ElectionClose(_Move):
    @extend_schema(request=ElectionCloseSerializer, responses=ElectionDetailSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Close voting now, seal the ballots and count them."""
        election = self.own(request, slug)
        fields = _fields(ElectionCloseSerializer, request)
        election = close_election(election=election, by=signed_in(request), **fields)
        return _answer(election, request)


class ElectionCancel(_Move):
    @extend_schema(request=ElectionReasonSerializer, responses=ElectionDetailSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """End it without a result; ballots are destroyed uncounted."""
        election = self.own(request, slug)
        fields = _fields(ElectionReasonSerializer, request)
        election = cancel_election(election=election, by=signed_in(request), **fields)
        return _answer(election, request)


class ElectionCertify(APIView):
    """An inspector's signature under the count."""

    read = INSPECT
    write = INSPECT

    @extend_schema(request=CertifySerializer, responses=ElectionDetailSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Sign it; certified when every inspector has."""
        election = _inspected(request, slug)
        fields = _fields(CertifySerializer, request)
        election = certify_election(election=election, by=signed_in(request), **fields)
        return _answer(election, request)


class ElectionObject(APIView):
    """An inspector's objection to the count, in the public log."""

    read = INSPECT
    write = INSPECT

    @extend_schema(request=ElectionReasonSerializer, responses=ElectionDetailSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Object; certification waits for one's signature."""
        election = _inspected(request, slug)
        fields = _fields(ElectionReasonSerializer, request)
        election = object_to_count(election=election, by=signed_in(request), **fields)
        return _answer(election, request)


class ElectionBallotDetail(APIView):
    """One's secret ballot: it can be sent and replaced, never read."""

    read = VOTE_SECRETLY
    write = VOTE_SECRETLY

    @sensitive_variables()
    @extend_schema(
        request=SecretBallotSerializer,
        responses=ReceiptSerializer,
        parameters=[OpenApiParameter(TOKEN_HEADER, location=OpenApiParameter.HEADER)],
    )
    def post(self, request: Request, slug: str) -> Response:
        """Cast it; with the same revote code, replace it."""
        election = _seen(request, slug)
        check_takes_ballots(election)
        entry = self._entry(request, election)
        body = dict(request.data) if isinstance(request.data, dict) else {}
        receipt = cast_ballot(
            election=election,
            entry=entry,
            revote_code=body.pop("revote_code", None),
            employer=body.pop("employer", None),
            choices=body,
        )
        return Response({"receipt": receipt})

    @staticmethod
    @sensitive_variables()
    def _entry(request: Request, election: Election) -> RollEntry:
        token = request.headers.get(TOKEN_HEADER, "")
        if token:
            return check_token(election=election, token=token, address=client_address(request))
        linked = entry_of_link(election, request.session)
        if linked is not None:
            SessionAuthentication().enforce_csrf(request)  # asked of signed-in sessions as well
            return linked
        entry = entry_of(election, request.user)
        if entry is None:
            raise NotOnRollError(
                "Send your personal token, or sign in with the account that is on the roll."
            )
        return entry


class ElectionResults(APIView):
    """What was counted; hidden from everyone until the announced moment."""

    read = READ_ELECTION_RESULTS

    @extend_schema(responses=ElectionResultsSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Read it."""
        election = _seen(request, slug)
        content = election_result(election, request.user).content
        return Response({"state": election.state, "receipts": receipts_of(election)} | content)


class ElectionReceipts(APIView):
    """The receipts of all ballots, sorted; they tell no result."""

    read = READ_ELECTION_RESULTS

    @extend_schema(responses={200: {"type": "array", "items": {"type": "string"}}})
    def get(self, request: Request, slug: str) -> Response:
        """Read them, once the ballots are sealed."""
        return Response(receipts_of(_seen(request, slug)))


class ElectionLog(generics.ListAPIView[ElectionEntry]):
    """The public log: each line holds the hash of the one before."""

    read = READ_ELECTIONS
    serializer_class = ElectionEntrySerializer

    def get_queryset(self) -> Any:
        election = election_for(self.kwargs["slug"], self.request.user)
        return ElectionEntry.objects.filter(election=election).order_by("number")
