from django.urls import include, path

from polls.api import ballots, brainstorms, ideas, issues, polls, priorities

urlpatterns = [
    # brainstorms
    path("brainstorms/", brainstorms.BrainstormList.as_view(), name="brainstorm-list"),
    path(
        "brainstorms/<slug:slug>/", brainstorms.BrainstormDetail.as_view(), name="brainstorm-detail"
    ),
    path("brainstorms/<slug:slug>/close/", brainstorms.BrainstormClose.as_view()),
    path("brainstorms/<slug:slug>/reopen/", brainstorms.BrainstormReopen.as_view()),
    path("brainstorms/<slug:slug>/import/", brainstorms.PadImport.as_view()),
    path("brainstorms/<slug:slug>/ideas/", ideas.IdeaList.as_view(), name="idea-list"),
    path("brainstorms/<slug:slug>/ideas/<int:pk>/", ideas.IdeaDetail.as_view(), name="idea-detail"),
    path("brainstorms/<slug:slug>/ideas/<int:pk>/move/", ideas.IdeaMove.as_view()),
    path("brainstorms/<slug:slug>/ideas/<int:pk>/merge/", ideas.IdeaMerge.as_view()),
    path("brainstorms/<slug:slug>/ideas/<int:pk>/split/", ideas.IdeaSplit.as_view()),
    path("brainstorms/<slug:slug>/events/", ideas.EventList.as_view(), name="idea-events"),
    path("brainstorms/<slug:slug>/events/<int:seq>/undo/", ideas.EventUndo.as_view()),
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
    path("priorities/", priorities.PriorityLists.as_view(), name="priority-lists"),
    path(
        "priorities/<slug:slug>/",
        priorities.PriorityListDetail.as_view(),
        name="priority-list",
    ),
    path(
        "priorities/<slug:slug>/publish/",
        priorities.PriorityListPublish.as_view(),
        name="priority-publish",
    ),
    path(
        "priorities/<slug:slug>/withdraw/",
        priorities.PriorityListWithdraw.as_view(),
        name="priority-withdraw",
    ),
    path("priorities/<slug:slug>/items/<int:pk>/", issues.IssueDetail.as_view(), name="issue"),
    path(
        "priorities/<slug:slug>/items/<int:pk>/assessment/",
        issues.AssessmentDetail.as_view(),
        name="assessment",
    ),
    path(
        "priorities/<slug:slug>/items/<int:pk>/carry/",
        issues.IssueCarry.as_view(),
        name="issue-carry",
    ),
    path("outlooks/", issues.Outlooks.as_view(), name="outlooks"),
    path("outlooks/<int:pk>/", issues.OutlookDetail.as_view(), name="outlook"),
    # elections
    path("elections/", include("polls.api.election_urls")),
]
