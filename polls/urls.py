from django.urls import URLPattern, path

from polls.views import ballots, polls, results

app_name = "polls"
urlpatterns: list[URLPattern] = [
    # brainstorms
    # polls
    path("polls/", polls.PollList.as_view(), name="poll_list"),
    path("polls/new/", polls.PollNew.as_view(), name="poll_new"),
    path("polls/<slug:slug>/", ballots.PollDetail.as_view(), name="poll_detail"),
    path("polls/<slug:slug>/ballot/", ballots.BallotChange.as_view(), name="ballot_change"),
    path("polls/<slug:slug>/withdraw/", ballots.BallotWithdraw.as_view(), name="ballot_withdraw"),
    path("polls/<slug:slug>/edit/", polls.PollEdit.as_view(), name="poll_edit"),
    path("polls/<slug:slug>/open/", polls.PollOpen.as_view(), name="poll_open"),
    path("polls/<slug:slug>/close/", polls.PollClose.as_view(), name="poll_close"),
    path("polls/<slug:slug>/extend/", polls.PollExtend.as_view(), name="poll_extend"),
    path("polls/<slug:slug>/cancel/", polls.PollCancel.as_view(), name="poll_cancel"),
    path("polls/<slug:slug>/remind/", polls.PollRemind.as_view(), name="poll_remind"),
    path("polls/<slug:slug>/results/", results.PollResults.as_view(), name="poll_results"),
    path("polls/<slug:slug>/results.csv", results.ResultsCsv.as_view(), name="results_csv"),
    path("polls/<slug:slug>/results.json", results.ResultsJson.as_view(), name="results_json"),
    path("polls/<slug:slug>/ballots.json", results.BallotsJson.as_view(), name="ballots_json"),
    path("polls/<slug:slug>/topics/", results.TopicPlan.as_view(), name="topic_plan"),
    # priorities
]
