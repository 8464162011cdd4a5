from django.contrib import admin
from django.urls import include, path

from community.api import schema

api = [
    path("", include("community.api.urls")),
    path("", include("meetups.api.urls")),
    path("", include("deploylab.api.urls")),
]

urlpatterns = [
    path("", include("community.urls")),
    path("", include("meetups.urls")),
    path("", include("deploylab.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("api/schema/", schema.Schema.as_view(), name="api-schema"),
    path("api/docs/", schema.Docs.as_view(), name="api-docs"),
    path("api/v1/", include((api, "api"))),
]
