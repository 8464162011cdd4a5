from django.urls import path

from meetups.api import meetups, sponsors

urlpatterns = [
    path("meetups/", meetups.MeetupList.as_view(), name="meetup-list"),
    path("meetups/<slug:slug>/", meetups.MeetupDetail.as_view(), name="meetup-detail"),
    path("meetups/<slug:slug>/rsvp/", meetups.RsvpDetail.as_view(), name="meetup-rsvp"),
    # The group's own work.
    path("sponsors/rota/", sponsors.RotaList.as_view(), name="sponsor-rota"),
    path("sponsors/offers/", sponsors.OfferList.as_view(), name="sponsor-offer-list"),
    path("sponsors/offers/<int:pk>/confirm/", sponsors.OfferConfirm.as_view()),
    path("sponsors/offers/<int:pk>/decline/", sponsors.OfferDecline.as_view()),
    path("sponsors/offers/<int:pk>/withdraw/", sponsors.OfferWithdraw.as_view()),
    path("sponsorships/<int:pk>/", sponsors.SponsorshipDetail.as_view(), name="sponsorship-detail"),
]
