from django.urls import path

from meetups.views import meetups, series, sites, sponsors

app_name = "meetups"
urlpatterns = [
    path("meetups/", meetups.MeetupList.as_view(), name="meetup_list"),
    path("meetups/<slug:slug>/", meetups.MeetupDetail.as_view(), name="meetup_detail"),
    path("meetups/<slug:slug>/rsvp/", meetups.RsvpChange.as_view(), name="rsvp_change"),
    path("meetups/<slug:slug>.ics", meetups.MeetupCalendar.as_view(), name="meetup_calendar"),
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
]
