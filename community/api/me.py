from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from community.models import User
from community.permissions import USE_ACCOUNT
from community.selectors.people import signed_in
from community.services.personal import erase_account, personal_data


class MeSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ("email", "name", "uuid", "joined_at", "code_of_conduct_at")


class DeleteMeSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField()


class Me(APIView):
    """One's own account."""

    read = USE_ACCOUNT
    write = USE_ACCOUNT

    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """Read it."""
        return Response(MeSerializer(signed_in(request)).data)

    @extend_schema(request=DeleteMeSerializer, responses={204: None})
    def delete(self, request: Request) -> Response:
        """Delete it; the body names its address once more. There is no way back."""
        body = DeleteMeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        erase_account(by=signed_in(request), **body.validated_data)
        return Response(status=status.HTTP_204_NO_CONTENT)


class MeExport(APIView):
    """Everything the site holds on one, by subject."""

    read = USE_ACCOUNT

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """Read it."""
        return Response(personal_data(by=signed_in(request)))
