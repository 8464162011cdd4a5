from django.urls import path

from community.views import archive, mail, pages

app_name = "community"
urlpatterns = [
    path("", pages.Home.as_view(), name="home"),
    path("theme/", pages.SetTheme.as_view(), name="theme_set"),
    path("me/", pages.Me.as_view(), name="me"),
    path("me/tokens/", pages.CreateToken.as_view(), name="token_create"),
    path("me/tokens/<int:pk>/revoke/", pages.RevokeToken.as_view(), name="token_revoke"),
    path("me/mail/", mail.MailWishes.as_view(), name="mail_wishes"),
    path("mail/<str:token>/unsubscribe/", mail.Unsubscribe.as_view(), name="unsubscribe"),
    path("outbox/", pages.Outbox.as_view(), name="outbox_list"),
    path("archive/", archive.Archive.as_view(), name="archive"),
    path("archive/<slug:slug>/", archive.SeasonPage.as_view(), name="season_detail"),
    path("healthz", pages.Healthz.as_view(), name="healthz"),
    path("readyz", pages.Readyz.as_view(), name="readyz"),
]
