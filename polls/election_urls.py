"""The pages of elections, below `/elections/`; names are in the namespace of the polls app."""

from django.urls import URLPattern, path

from polls.views.elections import ballots, results, running

urlpatterns: list[URLPattern] = [
    # information, nominations and candidates
    # the roll
    # voting
    path("<slug:slug>/ballot/", ballots.ElectionBallot.as_view(), name="election_ballot"),
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
    path("<slug:slug>/inspect/", running.ElectionInspect.as_view(), name="election_inspect"),
    path(
        "<slug:slug>/inspect/certify/", running.ElectionCertify.as_view(), name="election_certify"
    ),
    path("<slug:slug>/inspect/object/", running.ElectionObject.as_view(), name="election_object"),
]
