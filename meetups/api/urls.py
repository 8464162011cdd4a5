from django.urls import path

from meetups.api import door, kitchen, meetups

urlpatterns = [
    path("meetups/", meetups.MeetupList.as_view(), name="meetup-list"),
    path("meetups/<slug:slug>/", meetups.MeetupDetail.as_view(), name="meetup-detail"),
    path("meetups/<slug:slug>/rsvp/", meetups.RsvpDetail.as_view(), name="meetup-rsvp"),
    path("meetups/<slug:slug>/rsvp/accept/", meetups.OfferAccept.as_view(), name="offer-accept"),
    path(
        "meetups/<slug:slug>/rsvp/still-coming/",
        meetups.RsvpReconfirm.as_view(),
        name="rsvp-reconfirm",
    ),
    path("meetups/<slug:slug>/rsvp/by-mail/", meetups.RsvpByMail.as_view(), name="rsvp-by-mail"),
    path("meetups/<slug:slug>/postpone/", meetups.MeetupPostpone.as_view(), name="postpone"),
    # the door and the kitchen
    path("meetups/<slug:slug>/check-ins/", door.CheckInList.as_view(), name="check-in-list"),
    path(
        "meetups/<slug:slug>/check-ins/<int:pk>/",
        door.CheckInDetail.as_view(),
        name="check-in-detail",
    ),
    path("meetups/<slug:slug>/headcount/", kitchen.Headcount.as_view(), name="headcount"),
]
