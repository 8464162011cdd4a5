from django.contrib import admin
from django.urls import include, path

from community.api import schema

api = [
    path("", include("community.api.urls")),
    path("", include("meetups.api.urls")),
    path("", include("polls.api.urls")),
    path("", include("deploylab.api.urls")),
]

handler400 = "community.api.fallback.bad_request"
handler403 = "community.api.fallback.forbidden"
handler404 = "community.api.fallback.not_found"
handler500 = "community.api.fallback.server_error"

urlpatterns = [
    path("", include("community.urls")),
    path("", include("meetups.urls")),
    path("", include("polls.urls")),
    path("", include("deploylab.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("api/schema/", schema.Schema.as_view(), name="api-schema"),
    path("api/docs/", schema.Docs.as_view(), name="api-docs"),
    path("api/v1/", include((api, "api"))),
]
