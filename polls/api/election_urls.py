"""The calls of elections, below `/api/v1/elections/`."""

from django.urls import URLPattern, path

from polls.api.elections import candidates, elections, roll, roll_requests, voting

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
    path("<slug:slug>/roll/", roll.RollList.as_view(), name="roll"),
    path("<slug:slug>/roll/import/", roll.RollImport.as_view(), name="roll-import"),
    path("<slug:slug>/roll/members/", roll.RollMembers.as_view(), name="roll-members"),
    path("<slug:slug>/roll/remind/", roll.RollRemind.as_view(), name="roll-remind"),
    path("<slug:slug>/roll/link/", roll.OwnLink.as_view(), name="roll-own-link"),
    path("<slug:slug>/roll/<int:pk>/", roll.RollEntryDetail.as_view(), name="roll-entry"),
    path("<slug:slug>/roll/<int:pk>/resend/", roll.RollResend.as_view(), name="roll-resend"),
    path("<slug:slug>/roll/requests/", roll_requests.RequestList.as_view(), name="roll-requests"),
    path(
        "<slug:slug>/roll/requests/<int:pk>/decide/",
        roll_requests.RequestDecide.as_view(),
        name="roll-request-decide",
    ),
    # voting
    path("<slug:slug>/ballot/", voting.ElectionBallotDetail.as_view(), name="election-ballot"),
    path("<slug:slug>/results/", voting.ElectionResults.as_view(), name="election-results"),
    path("<slug:slug>/receipts/", voting.ElectionReceipts.as_view(), name="election-receipts"),
    path("<slug:slug>/log/", voting.ElectionLog.as_view(), name="election-log"),
    # running, sealing and certifying
    path("<slug:slug>/nominate/", voting.ElectionNominate.as_view()),
    path("<slug:slug>/open/", voting.ElectionOpen.as_view()),
    path("<slug:slug>/extend/", voting.ElectionExtend.as_view()),
    path("<slug:slug>/close/", voting.ElectionClose.as_view()),
    path("<slug:slug>/cancel/", voting.ElectionCancel.as_view()),
    path("<slug:slug>/certify/", voting.ElectionCertify.as_view()),
    path("<slug:slug>/object/", voting.ElectionObject.as_view()),
]
