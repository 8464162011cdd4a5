from django.urls import URLPattern, path

from polls.api import ballots, polls

urlpatterns: list[URLPattern] = [
    # brainstorms
    # polls
    path("polls/", polls.PollList.as_view(), name="poll-list"),
    path("polls/<slug:slug>/", polls.PollDetail.as_view(), name="poll-detail"),
    path("polls/<slug:slug>/open/", polls.PollOpen.as_view(), name="poll-open"),
    path("polls/<slug:slug>/close/", polls.PollClose.as_view(), name="poll-close"),
    path("polls/<slug:slug>/extend/", polls.PollExtend.as_view(), name="poll-extend"),
    path("polls/<slug:slug>/cancel/", polls.PollCancel.as_view(), name="poll-cancel"),
    path("polls/<slug:slug>/remind/", polls.PollRemind.as_view(), name="poll-remind"),
    path("polls/<slug:slug>/topics/", polls.PollTopics.as_view(), name="poll-topics"),
    path("polls/<slug:slug>/ballot/", ballots.BallotDetail.as_view(), name="poll-ballot"),
    path("polls/<slug:slug>/results/", ballots.PollResults.as_view(), name="poll-results"),
    path("polls/<slug:slug>/ballots/", ballots.PollBallots.as_view(), name="poll-ballots"),
    # priorities
]
