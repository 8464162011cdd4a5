from django.urls import path

from meetups.views import meetups, notes

app_name = "meetups"
urlpatterns = [
    path("meetups/", meetups.MeetupList.as_view(), name="meetup_list"),
    path("meetups/<slug:slug>/", meetups.MeetupDetail.as_view(), name="meetup_detail"),
    path("meetups/<slug:slug>/rsvp/", meetups.RsvpChange.as_view(), name="rsvp_change"),
    path("meetups/<slug:slug>.ics", meetups.MeetupCalendar.as_view(), name="meetup_calendar"),
    path("meetups/<slug:slug>/notes/", notes.NoteList.as_view(), name="note_list"),
    path("meetups/<slug:slug>/notes/new/", notes.NoteNew.as_view(), name="note_new"),
    path(
        "meetups/<slug:slug>/notes/state/",
        notes.NoteStreamChange.as_view(),
        name="note_stream_change",
    ),
    path("meetups/<slug:slug>/notes/<int:pk>/hide/", notes.NoteHide.as_view(), name="note_hide"),
    path(
        "meetups/<slug:slug>/notes/<int:pk>/restore/",
        notes.NoteRestore.as_view(),
        name="note_restore",
    ),
]
