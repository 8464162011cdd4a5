from django.urls import path

from community.views import archive, chapters, mail, own_data, pages

app_name = "community"
urlpatterns = [
    path("", pages.Home.as_view(), name="home"),
    path("theme/", pages.SetTheme.as_view(), name="theme_set"),
    path("me/", pages.Me.as_view(), name="me"),
    path("me/tokens/", pages.CreateToken.as_view(), name="token_create"),
    path("me/tokens/<int:pk>/revoke/", pages.RevokeToken.as_view(), name="token_revoke"),
    path("me/export/", own_data.ExportMe.as_view(), name="me_export"),
    path("me/delete/", own_data.DeleteMe.as_view(), name="me_delete"),
    path("me/mail/", mail.MailWishes.as_view(), name="mail_wishes"),
    path("mail/<str:token>/unsubscribe/", mail.Unsubscribe.as_view(), name="unsubscribe"),
    path("outbox/", pages.Outbox.as_view(), name="outbox_list"),
    path("archive/", archive.Archive.as_view(), name="archive"),
    path("archive/<slug:slug>/", archive.SeasonPage.as_view(), name="season_detail"),
    path("healthz", pages.Healthz.as_view(), name="healthz"),
    path("readyz", pages.Readyz.as_view(), name="readyz"),
    # The groups.
    path("chapters/", chapters.ChapterList.as_view(), name="chapter_list"),
    path("chapters/<slug:slug>/", chapters.ChapterDetail.as_view(), name="chapter_detail"),
    path("chapters/<slug:slug>/join/", chapters.ChapterJoin.as_view(), name="chapter_join"),
    path("chapters/<slug:slug>/leave/", chapters.ChapterLeave.as_view(), name="chapter_leave"),
    path("chapters/<slug:slug>/edit/", chapters.ChapterEdit.as_view(), name="chapter_edit"),
    path("chapters/<slug:slug>/audit/", chapters.ChapterAudit.as_view(), name="chapter_audit"),
    path("chapters/<slug:slug>/organizers/", chapters.OrganizerAdd.as_view(), name="organizer_add"),
    path(
        "chapters/<slug:slug>/step-down/",
        chapters.OrganizerStepDown.as_view(),
        name="organizer_step_down",
    ),
    path("chapters/<slug:slug>/takeover/", chapters.TakeoverAsk.as_view(), name="takeover_ask"),
    path(
        "chapters/<slug:slug>/takeover/object/",
        chapters.TakeoverObject.as_view(),
        name="takeover_object",
    ),
    path(
        "chapters/<slug:slug>/takeover/withdraw/",
        chapters.TakeoverWithdraw.as_view(),
        name="takeover_withdraw",
    ),
]
