from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from rest_framework import generics, serializers
from rest_framework.request import Request

from community.models import Mail
from community.permissions import READ_OUTBOX
from community.selectors.outbox import mails_to


class MailSerializer(serializers.ModelSerializer[Mail]):
    class Meta:
        model = Mail
        fields = (
            "id", "purpose", "to", "subject", "text", "calendar", "calendar_method",
            "state", "created_at", "sent_at", "message_id",
        )  # fmt: skip


class OutboxList(generics.ListAPIView[Mail]):
    """Every mail sent, newest first, `?to=EMAIL` for one recipient. The demo alone has it."""

    read = READ_OUTBOX
    serializer_class = MailSerializer

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not settings.DEMO:
            raise Http404
        super().initial(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Mail]:
        return mails_to(self.request.query_params.get("to", ""))
