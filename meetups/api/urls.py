from django.urls import path

from meetups.api import door, kitchen, meetups

urlpatterns = [
    path("meetups/", meetups.MeetupList.as_view(), name="meetup-list"),
    path("meetups/<slug:slug>/", meetups.MeetupDetail.as_view(), name="meetup-detail"),
    path("meetups/<slug:slug>/rsvp/", meetups.RsvpDetail.as_view(), name="meetup-rsvp"),
    # the door and the kitchen
    path("meetups/<slug:slug>/check-ins/", door.CheckInList.as_view(), name="check-in-list"),
    path(
        "meetups/<slug:slug>/check-ins/<int:pk>/",
        door.CheckInDetail.as_view(),
        name="check-in-detail",
    ),
    path("meetups/<slug:slug>/headcount/", kitchen.Headcount.as_view(), name="headcount"),
]
