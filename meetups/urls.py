from django.urls import path

from meetups.views import (
    agenda,
    attendees,
    calendars,
    door,
    kitchen,
    links,
    meetups,
    minutes,
    notes,
    people,
    plans,
    series,
    sites,
    sponsors,
    state,
)

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
    # The group's own work.
    path("sponsors/", sponsors.SponsorRota.as_view(), name="sponsor_rota"),
    path("sponsors/offer/", sponsors.SponsorOfferNew.as_view(), name="sponsor_offer_new"),
    path("sponsors/offers/", sponsors.SponsorOfferList.as_view(), name="sponsor_offers"),
    path(
        "sponsors/offers/<int:pk>/confirm/",
        sponsors.SponsorOfferConfirm.as_view(),
        name="sponsor_offer_confirm",
    ),
    path(
        "sponsors/offers/<int:pk>/decline/",
        sponsors.SponsorOfferDecline.as_view(),
        name="sponsor_offer_decline",
    ),
    path(
        "sponsors/offers/<int:pk>/withdraw/",
        sponsors.SponsorOfferWithdraw.as_view(),
        name="sponsor_offer_withdraw",
    ),
    path("meetups/<slug:slug>/thanks/", sponsors.MeetupThanks.as_view(), name="meetup_thanks"),
    path("meetups/<slug:slug>/sites/", sites.SiteList.as_view(), name="site_list"),
    path("meetups/<slug:slug>/sites/new/", sites.SitePropose.as_view(), name="site_propose"),
    path("meetups/<slug:slug>/sites/<int:pk>/", sites.SiteEdit.as_view(), name="site_edit"),
    path(
        "meetups/<slug:slug>/sites/<int:pk>/approve/",
        sites.SiteApprove.as_view(),
        name="site_approve",
    ),
    path(
        "meetups/<slug:slug>/sites/<int:pk>/decline/",
        sites.SiteDecline.as_view(),
        name="site_decline",
    ),
    path("series/", series.SeriesList.as_view(), name="series_list"),
    path("series/new/", series.SeriesNew.as_view(), name="series_new"),
    path("series/<slug:slug>/", series.SeriesDetail.as_view(), name="series_detail"),
    path("series/<slug:slug>/edit/", series.SeriesEdit.as_view(), name="series_edit"),
    path("series/<slug:slug>/plan/", series.SeriesPlan.as_view(), name="series_plan"),
    # the door and the kitchen
    path("meetups/<slug:slug>/check-in/", door.CheckIn.as_view(), name="checkin_page"),
    path(
        "meetups/<slug:slug>/check-in/worker.js",
        door.CheckInWorker.as_view(),
        name="checkin_worker",
    ),
    path(
        "meetups/<slug:slug>/check-in/<int:pk>/undo/",
        door.CheckInUndo.as_view(),
        name="checkin_undo",
    ),
    path("meetups/<slug:slug>/my-code/", door.MyCode.as_view(), name="my_code"),
    path("meetups/<slug:slug>/food/", kitchen.Food.as_view(), name="food_page"),
    path("meetups/<slug:slug>/people/", people.People.as_view(), name="people_page"),
    path(
        "meetups/<slug:slug>/people/import/",
        attendees.AttendeeImport.as_view(),
        name="people_import",
    ),
    path(
        "meetups/<slug:slug>/people/<int:pk>/", people.PersonChange.as_view(), name="person_change"
    ),
    path(
        "meetups/<slug:slug>/mails/<uuid:pk>/resend/",
        people.MailResend.as_view(),
        name="mail_resend",
    ),
]
