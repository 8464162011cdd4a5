from django.urls import path

from polls.consumers import BrainstormConsumer

websocket_urlpatterns = [
    path("ws/v1/brainstorms/<slug:slug>/", BrainstormConsumer.as_asgi()),
]
