from django.urls import path

from community.api import chapters, me, outbox

urlpatterns = [
    path("outbox/", outbox.OutboxList.as_view(), name="outbox-list"),
    # The groups.
    path("chapters/", chapters.ChapterList.as_view(), name="chapter-list"),
    path("chapters/<slug:slug>/", chapters.ChapterDetail.as_view(), name="chapter-detail"),
    path("chapters/<slug:slug>/membership/", chapters.ChapterMembership.as_view()),
    path("chapters/<slug:slug>/organizers/", chapters.ChapterOrganizers.as_view()),
    path("chapters/<slug:slug>/audit/", chapters.ChapterAudit.as_view()),
    path("chapters/<slug:slug>/takeover/", chapters.ChapterTakeover.as_view()),
    path("chapters/<slug:slug>/takeover/object/", chapters.ChapterObjection.as_view()),
    path("me/", me.Me.as_view(), name="me"),
    path("me/export/", me.MeExport.as_view(), name="me-export"),
]
