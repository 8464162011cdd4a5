from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from community.core.errors import NotFoundError
from community.selectors.people import signed_in
from polls.api.poll_serializers import (
    AcceptedSerializer,
    BallotSerializer,
    BallotsSerializer,
    ResultsSerializer,
)
from polls.models import Poll
from polls.permissions import READ_RESULTS, RUN_POLLS, VOTE
from polls.selectors.exports import ballots_document, result_document
from polls.selectors.polls import organized_poll, own_ballot, poll_seen_by
from polls.services.ballots import cast_ballot, withdraw_ballot
from polls.services.moves import settle_poll

NONE_CAST = "You have not voted in this poll."


class BallotDetail(APIView):
    """One's own ballot; nobody else's can be read."""

    read = VOTE
    write = VOTE

    def _poll(self, request: Request, slug: str) -> Poll:
        return settle_poll(poll_seen_by(request.user, slug))

    @extend_schema(responses=BallotSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Read what one sent last."""
        ballot = own_ballot(self._poll(request, slug), signed_in(request))
        if ballot is None:
            raise NotFoundError(NONE_CAST)
        return Response(ballot.choices)

    @extend_schema(request=BallotSerializer, responses=AcceptedSerializer)
    def put(self, request: Request, slug: str) -> Response:
        """Cast it, or replace the one before."""
        poll = self._poll(request, slug)
        cast_ballot(poll=poll, choices=request.data, by=signed_in(request))
        return Response({"accepted": True})

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        """Take it back, while the poll is open."""
        if not withdraw_ballot(poll=self._poll(request, slug), by=signed_in(request)):
            raise NotFoundError(NONE_CAST)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PollResults(APIView):
    """What was counted; hidden from everyone until the close."""

    read = READ_RESULTS

    @extend_schema(responses=ResultsSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Read it."""
        return Response(result_document(settle_poll(poll_seen_by(request.user, slug))))


class PollBallots(APIView):
    """The ballots of a closed poll without their voters."""

    read = RUN_POLLS

    @extend_schema(responses=BallotsSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Read them, for counting elsewhere."""
        return Response(ballots_document(settle_poll(organized_poll(request.user, slug))))
