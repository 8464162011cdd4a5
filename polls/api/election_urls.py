"""The calls of elections, below `/api/v1/elections/`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    # information, nominations and candidates
    # the roll
    # voting
    # running, sealing and certifying
]
