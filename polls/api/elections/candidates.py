from collections.abc import Callable
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from community.api.idempotency import IdempotentMixin
from community.core.errors import ForbiddenError, InvalidError
from community.selectors.people import signed_in
from polls.api.elections.elections import organized
from polls.api.elections.serializers import (
    CampaignSerializer,
    CandidateSerializer,
    ChangedWordsSerializer,
    InspectorSerializer,
    NamedInspectorSerializer,
    NominationSerializer,
    RulingSerializer,
)
from polls.models import Candidate
from polls.permissions import NOMINATE, READ_ELECTIONS, RUN_ELECTIONS, STAND
from polls.selectors.elections.candidates import candidate_for
from polls.selectors.elections.elections import election_for, is_run_by
from polls.services.elections import candidates as services
from polls.services.elections.inspectors import name_inspector, release_inspector
from polls.services.elections.moves import settle_election
from polls.services.elections.people import person_at
from polls.services.elections.words import change_words, end_campaign, write_campaign


def _candidate(request: Request, slug: str, pk: int) -> Candidate:
    """A candidate the asker may see. Raises NotFoundError or Http404."""
    election = settle_election(election_for(slug, request.user))
    runs = is_run_by(election, request.user)
    return candidate_for(election, pk, request.user, runs=runs)


def _answer(candidate: Candidate, code: int = status.HTTP_200_OK) -> Response:
    return Response(CandidateSerializer(candidate).data, status=code)


class CandidateList(IdempotentMixin, APIView):
    read = NOMINATE
    write = NOMINATE

    @extend_schema(request=NominationSerializer, responses={201: CandidateSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Nominate somebody, or oneself; organizers enter somebody by `name`."""
        return super().post(request, *args, **kwargs)

    def create(self, request: Request, slug: str) -> Response:
        by = signed_in(request)
        election = settle_election(election_for(slug, by))
        body = NominationSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        fields = dict(body.validated_data)
        if "name" in fields:
            if not is_run_by(election, by):
                raise ForbiddenError("Organizers enter candidates; nominate by e-mail address.")
            candidate = services.enter_candidate(election=election, by=by, **fields)
        else:
            candidate = services.nominate_candidate(election=election, by=by, **fields)
        return _answer(candidate, status.HTTP_201_CREATED)


class CandidateDetail(APIView):
    read = READ_ELECTIONS
    write = STAND

    @extend_schema(responses=CandidateSerializer)
    def get(self, request: Request, slug: str, pk: int) -> Response:
        """Who somebody is that stands."""
        return _answer(_candidate(request, slug, pk))

    @extend_schema(request=ChangedWordsSerializer, responses=CandidateSerializer)
    def patch(self, request: Request, slug: str, pk: int) -> Response:
        """Change one's own words, until voting opens."""
        candidate = _candidate(request, slug, pk)
        body = ChangedWordsSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        changed = change_words(candidate=candidate, by=signed_in(request), **body.validated_data)
        return _answer(changed)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, pk: int) -> Response:
        """Take off one that organizers entered by mistake."""
        candidate = _candidate(request, slug, pk)
        services.remove_candidate(candidate=candidate, by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class CandidateEndorsement(APIView):
    read = NOMINATE
    write = NOMINATE

    @extend_schema(request=None, responses=CandidateSerializer)
    def post(self, request: Request, slug: str, pk: int) -> Response:
        """Put in one's word; a repeat changes nothing."""
        candidate = _candidate(request, slug, pk)
        services.endorse_candidate(candidate=candidate, by=signed_in(request))
        return _answer(_candidate(request, slug, pk))

    @extend_schema(responses=CandidateSerializer)
    def delete(self, request: Request, slug: str, pk: int) -> Response:
        """Take it back."""
        candidate = _candidate(request, slug, pk)
        services.withdraw_endorsement(candidate=candidate, by=signed_in(request))
        return _answer(_candidate(request, slug, pk))


class _OwnStep(APIView):
    """One thing a candidate says about standing."""

    read = STAND
    write = STAND
    act: Callable[..., Candidate]

    @extend_schema(request=None, responses=CandidateSerializer)
    def post(self, request: Request, slug: str, pk: int) -> Response:
        """Say it."""
        candidate = _candidate(request, slug, pk)
        return _answer(type(self).act(candidate=candidate, by=signed_in(request)))


class CandidateAccept(_OwnStep):
    act = staticmethod(services.accept_nomination)


class CandidateDecline(_OwnStep):
    act = staticmethod(services.decline_nomination)


class CandidateWithdraw(_OwnStep):
    act = staticmethod(services.withdraw_candidacy)


class _Ruling(APIView):
    """One thing organizers decide about a candidate, with a reason."""

    read = RUN_ELECTIONS
    write = RUN_ELECTIONS
    act: Callable[..., Candidate]

    @extend_schema(request=RulingSerializer, responses=CandidateSerializer)
    def post(self, request: Request, slug: str, pk: int) -> Response:
        """Decide it."""
        organized(request, slug)
        candidate = _candidate(request, slug, pk)
        body = RulingSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        by = signed_in(request)
        return _answer(type(self).act(candidate=candidate, by=by, **body.validated_data))


class CandidateRuleOut(_Ruling):
    act = staticmethod(services.rule_out_candidate)


class CandidateReinstate(_Ruling):
    act = staticmethod(services.reinstate_candidate)


class CampaignList(IdempotentMixin, APIView):
    read = RUN_ELECTIONS
    write = RUN_ELECTIONS

    @extend_schema(request=CampaignSerializer, responses={201: CampaignSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Let candidates run together."""
        return super().post(request, *args, **kwargs)

    def create(self, request: Request, slug: str) -> Response:
        election, by = organized(request, slug), signed_in(request)
        body = CampaignSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        fields = dict(body.validated_data)
        wanted = set(fields.pop("members"))
        members = list(election.candidates.filter(pk__in=wanted))
        if len(members) != len(wanted):
            raise InvalidError(
                "One of them is no candidate of this election.", errors={"members": ["unknown"]}
            )
        fields["record_text"] = fields.pop("record", "")
        campaign = write_campaign(election=election, by=by, members=members, **fields)
        return Response(CampaignSerializer(campaign).data, status=status.HTTP_201_CREATED)


class CampaignDetail(APIView):
    read = RUN_ELECTIONS
    write = RUN_ELECTIONS

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, pk: int) -> Response:
        """Let its candidates run each alone."""
        campaign = get_object_or_404(organized(request, slug).campaigns, pk=pk)
        end_campaign(campaign=campaign, by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class InspectorList(IdempotentMixin, APIView):
    read = RUN_ELECTIONS
    write = RUN_ELECTIONS

    @extend_schema(request=NamedInspectorSerializer, responses={201: InspectorSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Name an inspector by the address of their account."""
        return super().post(request, *args, **kwargs)

    def create(self, request: Request, slug: str) -> Response:
        election, by = organized(request, slug), signed_in(request)
        body = NamedInspectorSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        fields = dict(body.validated_data)
        account = person_at(fields.pop("email"), field="email")
        inspector = name_inspector(election=election, account=account, by=by, **fields)
        return Response(InspectorSerializer(inspector).data, status=status.HTTP_201_CREATED)


class InspectorRelease(APIView):
    read = RUN_ELECTIONS
    write = RUN_ELECTIONS

    @extend_schema(request=RulingSerializer, responses={204: None})
    def post(self, request: Request, slug: str, pk: int) -> Response:
        """Take an inspector back, with a reason for the log."""
        inspector = get_object_or_404(organized(request, slug).inspectors, pk=pk)
        body = RulingSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        release_inspector(inspector=inspector, by=signed_in(request), **body.validated_data)
        return Response(status=status.HTTP_204_NO_CONTENT)
