from django.urls import path

from meetups.consumers import NotesConsumer

websocket_urlpatterns = [
    path("ws/v1/meetups/<slug:slug>/notes/", NotesConsumer.as_asgi()),
]
