from django.urls import path

from meetups.api import (
    attendees,
    door,
    kitchen,
    meetups,
    notes,
    paper,
    people,
    series,
    sites,
    sponsors,
)

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
    path("meetups/<slug:slug>/notes/", notes.NoteList.as_view(), name="note-list"),
    path("meetups/<slug:slug>/notes/state/", notes.NoteStreamDetail.as_view(), name="note-stream"),
    path("meetups/<slug:slug>/notes/<int:pk>/hide/", notes.NoteHide.as_view(), name="note-hide"),
    path(
        "meetups/<slug:slug>/notes/<int:pk>/restore/",
        notes.NoteRestore.as_view(),
        name="note-restore",
    ),
    path("meetups/<slug:slug>/agenda/", paper.AgendaDetail.as_view(), name="agenda"),
    path(
        "meetups/<slug:slug>/agenda/announce/",
        paper.AgendaAnnounce.as_view(),
        name="agenda-announce",
    ),
    path("meetups/<slug:slug>/agenda/hold/", paper.AgendaHold.as_view(), name="agenda-hold"),
    path("meetups/<slug:slug>/minutes/", paper.MinutesDetail.as_view(), name="minutes"),
    path("meetups/<slug:slug>/minutes/draft/", paper.MinutesDraft.as_view(), name="minutes-draft"),
    path(
        "meetups/<slug:slug>/minutes/publish/",
        paper.MinutesPublish.as_view(),
        name="minutes-publish",
    ),
    path(
        "meetups/<slug:slug>/minutes/withdraw/",
        paper.MinutesWithdraw.as_view(),
        name="minutes-withdraw",
    ),
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
    # the door and the kitchen
    path("meetups/<slug:slug>/check-ins/", door.CheckInList.as_view(), name="check-in-list"),
    path(
        "meetups/<slug:slug>/check-ins/<int:pk>/",
        door.CheckInDetail.as_view(),
        name="check-in-detail",
    ),
    path("meetups/<slug:slug>/headcount/", kitchen.Headcount.as_view(), name="headcount"),
    path("meetups/<slug:slug>/people/", people.PersonList.as_view(), name="person-list"),
    path(
        "meetups/<slug:slug>/people/<int:pk>/", people.PersonDetail.as_view(), name="person-detail"
    ),
    path(
        "meetups/<slug:slug>/people/import/",
        attendees.AttendeeImport.as_view(),
        name="person-import",
    ),
    path("meetups/<slug:slug>/mails/", people.MailList.as_view(), name="meetup-mails"),
    path(
        "meetups/<slug:slug>/mails/<uuid:pk>/resend/",
        people.MailResend.as_view(),
        name="mail-resend",
    ),
    *(
        path(
            f"meetups/<slug:slug>/export/{what}.{kind}",
            people.Export.as_view(),
            {"what": what, "kind": kind},
            name=f"export-{what}-{kind}",
        )
        for what, kind in (
            ("people", "csv"),
            ("people", "json"),
            ("check-ins", "csv"),
            ("check-ins", "json"),
            ("all", "json"),
        )
    ),
]
