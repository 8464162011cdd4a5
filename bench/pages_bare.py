"""A Django site of one view and no middleware: it runs the queries it is given and says so."""

import json
import os
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from community.core import env

QUERIES: list[str] = json.loads(Path(os.environ["BENCH_QUERIES"]).read_text(encoding="utf-8"))


def page(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view
    count = 0
    with connection.cursor() as cursor:
        for query in QUERIES:
            cursor.execute(query)
            count += len(cursor.fetchall())
    text = f"{count} rows"
    return HttpResponse(text, headers={"Content-Length": str(len(text))})


def _database() -> dict[str, Any]:
    found = env.read_database()
    found["OPTIONS"]["pool"] = {"min_size": 2, "max_size": 20, "timeout": 10}
    return found


settings.configure(
    SECRET_KEY="bare",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": _database()},
    USE_TZ=True,
)
django.setup()
urlpatterns = [path("page/", page)]
application = get_asgi_application()
