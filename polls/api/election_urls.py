"""The calls of elections, below `/api/v1/elections/`."""

from django.urls import URLPattern, path

from polls.api.elections import voting

urlpatterns: list[URLPattern] = [
    # information, nominations and candidates
    # the roll
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
