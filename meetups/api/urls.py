from django.urls import path

from meetups.api import attendees, door, kitchen, meetups, people

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
