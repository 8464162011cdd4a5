"""`Idempotency-Key`: the same key and body give the same answer once more."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from rest_framework.request import Request
from rest_framework.response import Response

from community.core import secretbox
from community.selectors.people import signed_in
from community.services.idempotency import Answer, AskedKey, answer_once


def _digest(request: Request) -> str:
    body = json.dumps(request.data, sort_keys=True, cls=DjangoJSONEncoder)
    return hashlib.sha256(f"{request.method} {request.path}\n{body}".encode()).hexdigest()


class IdempotentMixin:
    """A POST that carries `Idempotency-Key` is done once; a repeat gets the same answer.

    The key belongs to the account. Another body under the same key is refused with 422.
    """

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer from the store, or act by `create` and store the answer."""

        def act() -> Answer:
            response: Response = self.create(request, *args, **kwargs)  # type: ignore[attr-defined]
            return Answer(response.status_code, _plain(response.data))

        key = request.headers.get("Idempotency-Key", "")
        if key and request.user.is_authenticated:
            # Keys come from outside and may be long; what is stored has one size.
            asked = AskedKey(signed_in(request), secretbox.digest(key), _digest(request))
            answer = answer_once(asked, act)
        else:
            answer = act()
        return Response(answer.body, status=answer.status)


def _plain(data: Any) -> Any:
    return json.loads(json.dumps(data, cls=DjangoJSONEncoder))
