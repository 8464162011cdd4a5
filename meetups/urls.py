from django.urls import path

from meetups.views import attendees, calendars, door, kitchen, links, meetups, people, state

app_name = "meetups"
urlpatterns = [
    path("meetups/", meetups.MeetupList.as_view(), name="meetup_list"),
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
