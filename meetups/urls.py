from django.urls import path

from meetups.views import door, kitchen, meetups

app_name = "meetups"
urlpatterns = [
    path("meetups/", meetups.MeetupList.as_view(), name="meetup_list"),
    path("meetups/<slug:slug>/", meetups.MeetupDetail.as_view(), name="meetup_detail"),
    path("meetups/<slug:slug>/rsvp/", meetups.RsvpChange.as_view(), name="rsvp_change"),
    path("meetups/<slug:slug>.ics", meetups.MeetupCalendar.as_view(), name="meetup_calendar"),
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
]
