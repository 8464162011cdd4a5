"""The pages of elections, below `/elections/`; names are in the namespace of the polls app."""

from django.urls import URLPattern, path

from polls.views.elections import candidates, desk, information, nominations, outside, people

urlpatterns: list[URLPattern] = [
    # information, nominations and candidates
    path("", information.ElectionList.as_view(), name="election_list"),
    path("feed.atom", information.ElectionFeed.as_view(), name="election_feed"),
    path("new/", desk.ElectionNew.as_view(), name="election_new"),
    path("<slug:slug>/", information.ElectionDetail.as_view(), name="election_detail"),
    path("<slug:slug>/edit/", desk.ElectionEdit.as_view(), name="election_edit"),
    path("<slug:slug>/announce/", desk.ElectionAnnounce.as_view(), name="election_announce"),
    path("<slug:slug>/publish/", desk.ElectionPublish.as_view(), name="election_publish"),
    path("<slug:slug>/delete/", desk.ElectionDelete.as_view(), name="election_delete"),
    path("<slug:slug>/people/", people.ElectionPeople.as_view(), name="election_people"),
    path("<slug:slug>/outside-results/", outside.OutsideResults.as_view(), name="outside_results"),
    path("<slug:slug>/nominate/", nominations.Nominate.as_view(), name="nominate"),
    path(
        "<slug:slug>/candidates/<int:pk>/",
        candidates.CandidateDetail.as_view(),
        name="candidate_detail",
    ),
    path(
        "<slug:slug>/candidates/<int:pk>/edit/",
        candidates.CandidateEdit.as_view(),
        name="candidate_edit",
    ),
    path(
        "<slug:slug>/candidates/<int:pk>/<str:step>/",
        candidates.CandidateStep.as_view(),
        name="candidate_step",
    ),
    # the roll
    # voting
    # running, sealing and certifying
]
