from django.urls import path

from meetups.views import agenda, calendars, links, meetups, minutes, notes, plans, state

app_name = "meetups"
urlpatterns = [
    path("meetups/", meetups.MeetupList.as_view(), name="meetup_list"),
    path("meetups/new/", plans.MeetupNew.as_view(), name="meetup_new"),
    path("meetups/calendar.ics", calendars.ChapterFeed.as_view(), name="all_feed"),
    path(
        "meetups/calendar/<slug:chapter>.ics", calendars.ChapterFeed.as_view(), name="chapter_feed"
    ),
    path("me/calendar/renew/", calendars.RenewFeed.as_view(), name="feed_renew"),
    path("me/calendar/<str:token>.ics", calendars.PersonalFeed.as_view(), name="own_feed"),
    path("r/<str:token>/", links.RsvpByLink.as_view(), name="rsvp_link"),
    path("meetups/<slug:slug>/", meetups.MeetupDetail.as_view(), name="meetup_detail"),
    path("meetups/<slug:slug>/rsvp/", meetups.RsvpChange.as_view(), name="rsvp_change"),
    path("meetups/<slug:slug>/rsvp/accept/", meetups.OfferAccept.as_view(), name="offer_accept"),
    path("meetups/<slug:slug>/rsvp/by-mail/", links.RequestLink.as_view(), name="rsvp_by_mail"),
    path("meetups/<slug:slug>/state/", state.MeetupState.as_view(), name="meetup_state"),
    path("meetups/<slug:slug>.ics", calendars.MeetupCalendar.as_view(), name="meetup_calendar"),
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
    path("meetups/<slug:slug>/edit/", plans.MeetupEdit.as_view(), name="meetup_edit"),
    path("meetups/<slug:slug>/agenda/", agenda.AgendaEdit.as_view(), name="agenda_edit"),
    path(
        "meetups/<slug:slug>/agenda/announce/",
        agenda.AgendaAnnounce.as_view(),
        name="agenda_announce",
    ),
    path("meetups/<slug:slug>/agenda/hold/", agenda.AgendaHold.as_view(), name="agenda_hold"),
    path("meetups/<slug:slug>/minutes/", minutes.MinutesEdit.as_view(), name="minutes_edit"),
    path(
        "meetups/<slug:slug>/minutes/draft/", minutes.MinutesDraft.as_view(), name="minutes_draft"
    ),
    path(
        "meetups/<slug:slug>/minutes/publish/",
        minutes.MinutesPublish.as_view(),
        name="minutes_publish",
    ),
]
