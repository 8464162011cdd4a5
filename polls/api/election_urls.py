"""The calls of elections, below `/api/v1/elections/`."""

from django.urls import URLPattern, path

from polls.api.elections import candidates, elections

_CANDIDATE = "<slug:slug>/candidates/<int:pk>/"

urlpatterns: list[URLPattern] = [
    # information, nominations and candidates
    path("", elections.ElectionList.as_view(), name="election-list"),
    path("<slug:slug>/", elections.ElectionDetail.as_view(), name="election-detail"),
    path("<slug:slug>/announce/", elections.ElectionAnnounce.as_view()),
    path("<slug:slug>/publish/", elections.ElectionPublish.as_view()),
    path("<slug:slug>/outside-results/", elections.OutsideResults.as_view()),
    path("<slug:slug>/candidates/", candidates.CandidateList.as_view(), name="candidate-list"),
    path(_CANDIDATE, candidates.CandidateDetail.as_view(), name="candidate-detail"),
    path(f"{_CANDIDATE}endorsement/", candidates.CandidateEndorsement.as_view()),
    path(f"{_CANDIDATE}accept/", candidates.CandidateAccept.as_view()),
    path(f"{_CANDIDATE}decline/", candidates.CandidateDecline.as_view()),
    path(f"{_CANDIDATE}withdraw/", candidates.CandidateWithdraw.as_view()),
    path(f"{_CANDIDATE}rule-out/", candidates.CandidateRuleOut.as_view()),
    path(f"{_CANDIDATE}reinstate/", candidates.CandidateReinstate.as_view()),
    path("<slug:slug>/campaigns/", candidates.CampaignList.as_view()),
    path("<slug:slug>/campaigns/<int:pk>/", candidates.CampaignDetail.as_view()),
    path("<slug:slug>/inspectors/", candidates.InspectorList.as_view()),
    path("<slug:slug>/inspectors/<int:pk>/release/", candidates.InspectorRelease.as_view()),
    # the roll
    # voting
    # running, sealing and certifying
]
