"""`Idempotency-Key`: the same key and body give the same answer once more."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from rest_framework.request import Request
from rest_framework.response import Response

from community.core import secretbox
from community.services.idempotency import claim_key, forget_key, keep_answer


def _digest(request: Request) -> str:
    body = json.dumps(request.data, sort_keys=True, cls=DjangoJSONEncoder)
    return hashlib.sha256(f"{request.method} {request.path}\n{body}".encode()).hexdigest()


class IdempotentMixin:
    """A POST that carries `Idempotency-Key` is done once; a repeat gets the stored answer.

    The key belongs to the account. Another body under the same key is refused with 422, and a
    repeat that overtakes the first with 409.
    """

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer from the store, or act by `create` and store the answer."""
        key = request.headers.get("Idempotency-Key", "")
        if not key or not request.user.is_authenticated:
            return self.create(request, *args, **kwargs)  # type: ignore[attr-defined,no-any-return]
        # Keys come from outside and may be long; what is stored has one size.
        row, is_new = claim_key(
            user=request.user, key=secretbox.digest(key), request_digest=_digest(request)
        )
        if not is_new:
            return Response(row.body, status=row.status)
        try:
            response: Response = self.create(request, *args, **kwargs)  # type: ignore[attr-defined]
        except Exception:
            forget_key(row)  # a refusal wrote nothing, so the next try may succeed
            raise
        keep_answer(row, status=response.status_code, body=_plain(response.data))
        return response


def _plain(data: Any) -> Any:
    return json.loads(json.dumps(data, cls=DjangoJSONEncoder))
