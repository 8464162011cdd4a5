from django.urls import path

from meetups.api import meetups, notes

urlpatterns = [
    path("meetups/", meetups.MeetupList.as_view(), name="meetup-list"),
    path("meetups/<slug:slug>/", meetups.MeetupDetail.as_view(), name="meetup-detail"),
    path("meetups/<slug:slug>/rsvp/", meetups.RsvpDetail.as_view(), name="meetup-rsvp"),
    path("meetups/<slug:slug>/notes/", notes.NoteList.as_view(), name="note-list"),
    path("meetups/<slug:slug>/notes/<int:pk>/hide/", notes.NoteHide.as_view(), name="note-hide"),
    path(
        "meetups/<slug:slug>/notes/<int:pk>/restore/",
        notes.NoteRestore.as_view(),
        name="note-restore",
    ),
]
