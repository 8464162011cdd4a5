from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from community.api.idempotency import IdempotentMixin
from community.selectors.people import signed_in
from polls.api.brainstorm_serializers import (
    BrainstormChangeSerializer,
    BrainstormSerializer,
    BrainstormWriteSerializer,
    ImportedSerializer,
    PadSerializer,
)
from polls.models import Brainstorm
from polls.permissions import READ_BRAINSTORMS, RUN_BRAINSTORMS
from polls.selectors.brainstorms import (
    brainstorm_seen_by,
    brainstorms_listed_for,
    organized_brainstorm,
)
from polls.services.brainstorms import (
    change_brainstorm,
    close_brainstorm,
    create_brainstorm,
    import_pad,
    reopen_brainstorm,
)


class BrainstormList(IdempotentMixin, generics.ListAPIView[Brainstorm]):
    """Brainstorms one may see, open ones first; organizers POST new ones."""

    read = READ_BRAINSTORMS
    write = RUN_BRAINSTORMS
    serializer_class = BrainstormSerializer

    def get_queryset(self) -> QuerySet[Brainstorm]:
        return brainstorms_listed_for(self.request.user)

    @extend_schema(request=BrainstormWriteSerializer, responses={201: BrainstormSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Begin a brainstorm in one's own chapter; it is open at once."""
        return super().post(request, *args, **kwargs)

    def create(self, request: Request) -> Response:
        body = BrainstormWriteSerializer(data=request.data, context={"request": request})
        body.is_valid(raise_exception=True)
        made = create_brainstorm(by=signed_in(request), **body.validated_data)
        return Response(BrainstormSerializer(made).data, status=status.HTTP_201_CREATED)


class BrainstormDetail(APIView):
    """One brainstorm; its cards are under `ideas/`."""

    read = READ_BRAINSTORMS
    write = RUN_BRAINSTORMS

    @extend_schema(responses=BrainstormSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Read it."""
        return Response(BrainstormSerializer(brainstorm_seen_by(request.user, slug)).data)

    @extend_schema(request=BrainstormChangeSerializer, responses=BrainstormSerializer)
    def patch(self, request: Request, slug: str) -> Response:
        """Change its words and rules."""
        brainstorm = organized_brainstorm(request.user, slug)
        context = {"request": request}
        body = BrainstormChangeSerializer(
            brainstorm, data=request.data, partial=True, context=context
        )
        body.is_valid(raise_exception=True)
        changed = change_brainstorm(
            brainstorm=brainstorm, by=signed_in(request), **body.validated_data
        )
        return Response(BrainstormSerializer(changed).data)


class BrainstormClose(APIView):
    read = RUN_BRAINSTORMS
    write = RUN_BRAINSTORMS

    @extend_schema(request=None, responses=BrainstormSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Take no further cards."""
        brainstorm = organized_brainstorm(request.user, slug)
        closed = close_brainstorm(brainstorm=brainstorm, by=signed_in(request))
        return Response(BrainstormSerializer(closed).data)


class BrainstormReopen(APIView):
    read = RUN_BRAINSTORMS
    write = RUN_BRAINSTORMS

    @extend_schema(request=None, responses=BrainstormSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Take cards again."""
        brainstorm = organized_brainstorm(request.user, slug)
        opened = reopen_brainstorm(brainstorm=brainstorm, by=signed_in(request))
        return Response(BrainstormSerializer(opened).data)


class PadImport(IdempotentMixin, APIView):
    read = RUN_BRAINSTORMS
    write = RUN_BRAINSTORMS

    @extend_schema(request=PadSerializer, responses={201: ImportedSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Add the cards of a Markdown text: headings are cards, bullets under them notes."""
        return super().post(request, *args, **kwargs)

    def create(self, request: Request, slug: str) -> Response:
        brainstorm = organized_brainstorm(request.user, slug)
        body = PadSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        count = import_pad(
            brainstorm=brainstorm, text=body.validated_data["text"], by=signed_in(request)
        )
        return Response({"imported": count}, status=status.HTTP_201_CREATED)
