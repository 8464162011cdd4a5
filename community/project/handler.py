"""Django under ASGI with one change of threads a request."""

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponseBase


class OneThreadHandler(ASGIHandler):
    """Runs middleware and view together in the request's own thread.

    Our views are synchronous, so every request needs that thread anyway. Django's asynchronous
    chain would go there and back for each `process_request` and `process_response`, some fifteen
    times a page.
    """

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - Django's
        """Build the chain as under WSGI."""
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """The whole chain's answer, made in one go."""
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)
