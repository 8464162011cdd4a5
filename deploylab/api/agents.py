"""What a booting node calls. The token of its boot is all it has."""

import time
import uuid

from django.db import connection
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from community.core.numbers import natural
from deploylab.api.serializers import InventorySerializer, OutputSerializer, ResultSerializer
from deploylab.models import BootTicket
from deploylab.permissions import BOOT
from deploylab.services.agents import (
    Result,
    agent_hello,
    cancelled_works,
    next_work,
    take_output,
    take_result,
)
from deploylab.services.tickets import ticket_of

LONGEST_WAIT_S = 25.0
LOOK_EVERY_S = 0.25


class AgentView(APIView):
    """Knows its caller by the boot token, not by an account."""

    read = BOOT
    write = BOOT
    authentication_classes = ()
    throttle_classes = ()

    def ticket(self, request: Request) -> BootTicket:
        """The boot that calls; raises BootTokenError (401) where it is over."""
        _, _, token = request.headers.get("Authorization", "").partition(" ")
        return ticket_of(token.strip())


class Hello(AgentView):
    """The agent's first word."""

    @extend_schema(request=InventorySerializer, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request) -> Response:
        """Report the node's inventory."""
        ticket = self.ticket(request)
        body = InventorySerializer(data=request.data)
        body.is_valid(raise_exception=True)
        agent_hello(ticket, body.validated_data["inventory"])
        return Response({"node": ticket.node.name})


class Work(AgentView):
    """The agent asks for work."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """The next script, or null after `wait` seconds without one."""
        ticket = self.ticket(request)
        wait = min(natural(request.query_params.get("wait", "0")) or 0, LONGEST_WAIT_S)
        until = time.monotonic() + wait
        while True:
            work = next_work(ticket)
            cancel = cancelled_works(ticket)
            if work or cancel or time.monotonic() >= until:
                break
            connection.close()  # back to the pool: others need it more than a sleeper
            time.sleep(LOOK_EVERY_S)
            ticket = self.ticket(request)
        answer = None
        if work is not None:
            answer = {
                "id": str(work.pk),
                "script": work.script,
                "env": work.env,
                "deadline_s": work.deadline_s,
                "offset": work.offset,
                "shipped": work.is_shipped,
            }
        return Response({"work": answer, "cancel": cancel})


class Output(AgentView):
    """The agent's output, by offset."""

    @extend_schema(request=OutputSerializer, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Add output; a repeat adds nothing."""
        ticket = self.ticket(request)
        body = OutputSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        work = take_output(ticket, pk, **body.validated_data)
        return Response({"offset": work.offset, "cancel": work.is_cancelled})


class ResultOf(AgentView):
    """How a script ended."""

    @extend_schema(request=ResultSerializer, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Report it; a repeat changes nothing."""
        ticket = self.ticket(request)
        body = ResultSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        said = body.validated_data
        result = Result(said["exit_code"], said["facts"], said["cancelled"], said["timed_out"])
        work = take_result(ticket, pk, result)
        return Response({"exit_code": work.exit_code})
