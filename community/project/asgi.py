"""Pages, sockets and static files, each by its own path through the server."""

import os
from typing import TYPE_CHECKING, cast

import django

if TYPE_CHECKING:
    from starlette.types import ASGIApp

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "community.project.settings")
django.setup(set_prefix=False)

# These need the apps loaded, which the line above has done.
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.conf import settings  # noqa: E402
from django.urls import re_path  # noqa: E402
from starlette.applications import Starlette  # noqa: E402
from starlette.middleware.gzip import GZipMiddleware  # noqa: E402
from starlette.routing import Mount  # noqa: E402
from starlette.staticfiles import StaticFiles  # noqa: E402

from community.project.handler import OneThreadHandler  # noqa: E402
from community.project.sockets import (  # noqa: E402
    Authentication,
    DemoGuard,
    NoSuchSocket,
    OriginGuard,
)
from deploylab.routing import websocket_urlpatterns as lab_sockets  # noqa: E402
from meetups.routing import websocket_urlpatterns as meetup_sockets  # noqa: E402
from polls.routing import websocket_urlpatterns as poll_sockets  # noqa: E402

# Served outside Django, so that its middleware need not know of files. Files hold no secrets, so
# they may be compressed; pages, which do, are not.
_static = GZipMiddleware(
    StaticFiles(directory=settings.BASE_DIR / "static", packages=settings.STATIC_PACKAGES),
    compresslevel=6,
)
_sockets = [*lab_sockets, *meetup_sockets, *poll_sockets, re_path(r"", NoSuchSocket.as_asgi())]

application = ProtocolTypeRouter(
    {
        "http": DemoGuard(
            Starlette(
                routes=[
                    Mount(settings.STATIC_URL.rstrip("/"), app=_static),
                    Mount("/", app=cast("ASGIApp", OneThreadHandler())),
                ]
            )
        ),
        "websocket": OriginGuard(Authentication(URLRouter(_sockets))),
    }
)
