"""The calls of elections, below `/api/v1/elections/`."""

from django.urls import URLPattern, path

from polls.api.elections import roll, roll_requests, voting

urlpatterns: list[URLPattern] = [
    # information, nominations and candidates
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
