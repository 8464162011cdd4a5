from django.urls import path

from meetups.api import meetups, series, sites, sponsors

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
    path("meetups/<slug:slug>/sites/", sites.SiteList.as_view(), name="site-list"),
    path("meetups/<slug:slug>/sites/<int:pk>/", sites.SiteDetail.as_view(), name="site-detail"),
    path("meetups/<slug:slug>/sites/<int:pk>/approve/", sites.SiteApprove.as_view()),
    path("meetups/<slug:slug>/sites/<int:pk>/decline/", sites.SiteDecline.as_view()),
    path("series/", series.SeriesList.as_view(), name="series-list"),
    path("series/<slug:slug>/", series.SeriesDetail.as_view(), name="series-detail"),
    path("series/<slug:slug>/plan/", series.SeriesPlan.as_view(), name="series-plan"),
]
