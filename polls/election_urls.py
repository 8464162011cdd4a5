"""The pages of elections, below `/elections/`; names are in the namespace of the polls app."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    # information, nominations and candidates
    # the roll
    # voting
    # running, sealing and certifying
]
