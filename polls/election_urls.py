"""The pages of elections, below `/elections/`; names are in the namespace of the polls app."""

from django.urls import URLPattern, path

from polls.views.elections import (
    ballots,
    candidates,
    desk,
    information,
    inspecting,
    nominations,
    outside,
    people,
    results,
    roll,
    roll_requests,
    running,
    standing,
    voter,
)

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
    path("<slug:slug>/vote/<str:token>/", voter.VoteLink.as_view(), name="election_vote_link"),
    path("<slug:slug>/roll/", roll.Roll.as_view(), name="election_roll"),
    path("<slug:slug>/roll/import/", roll.RollImport.as_view(), name="election_roll_import"),
    path("<slug:slug>/roll/members/", roll.RollMembers.as_view(), name="election_roll_members"),
    path("<slug:slug>/roll/remind/", roll.RollRemind.as_view(), name="election_remind"),
    path("<slug:slug>/roll/<int:pk>/resend/", roll.Resend.as_view(), name="election_resend"),
    path("<slug:slug>/roll/<int:pk>/remove/", roll.Remove.as_view(), name="election_remove"),
    path(
        "<slug:slug>/roll/requests/<int:pk>/decide/",
        roll_requests.Decide.as_view(),
        name="election_request_decide",
    ),
    path("<slug:slug>/roll/me/", standing.Standing.as_view(), name="election_roll_me"),
    path("<slug:slug>/roll/me/ask/", roll_requests.Ask.as_view(), name="election_roll_ask"),
    path("<slug:slug>/roll/me/link/", standing.OwnLink.as_view(), name="election_own_link"),
    # voting
    path("<slug:slug>/ballot/", ballots.ElectionBallot.as_view(), name="election_ballot"),
    path("<slug:slug>/ballot/leave/", ballots.LeaveBallot.as_view(), name="election_leave"),
    path("<slug:slug>/secrecy/", results.ElectionPromises.as_view(), name="election_promises"),
    path("<slug:slug>/results/", results.ElectionResults.as_view(), name="election_results"),
    path("<slug:slug>/results.json", results.ResultsJson.as_view(), name="election_results_json"),
    path("<slug:slug>/rules.json", results.RulesJson.as_view(), name="election_rules"),
    path("<slug:slug>/ballots.csv", results.BallotsCsv.as_view(), name="election_ballots"),
    path("<slug:slug>/receipts/", results.ElectionReceipts.as_view(), name="election_receipts"),
    path("<slug:slug>/log/", results.ElectionLog.as_view(), name="election_log"),
    # running, sealing and certifying
    path("<slug:slug>/run/", running.ElectionRun.as_view(), name="election_run"),
    path(
        "<slug:slug>/run/nominate/", running.ElectionNominate.as_view(), name="election_nominating"
    ),
    path("<slug:slug>/run/open/", running.ElectionOpen.as_view(), name="election_open"),
    path("<slug:slug>/run/extend/", running.ElectionExtend.as_view(), name="election_extend"),
    path("<slug:slug>/run/close/", running.ElectionClose.as_view(), name="election_close"),
    path("<slug:slug>/run/cancel/", running.ElectionCancel.as_view(), name="election_cancel"),
    path("<slug:slug>/inspect/", inspecting.ElectionInspect.as_view(), name="election_inspect"),
    path(
        "<slug:slug>/inspect/certify/",
        inspecting.Certify.as_view(),
        name="election_certify",
    ),
    path("<slug:slug>/inspect/object/", inspecting.Object.as_view(), name="election_object"),
]
