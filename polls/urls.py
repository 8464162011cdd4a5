from django.urls import include, path

from polls.views import (
    ballots,
    brainstorms,
    consolidate,
    ideas,
    issues,
    polls,
    priorities,
    results,
)

app_name = "polls"
urlpatterns = [
    # brainstorms
    path("brainstorms/", brainstorms.BrainstormList.as_view(), name="brainstorm_list"),
    path("brainstorms/new/", brainstorms.BrainstormNew.as_view(), name="brainstorm_new"),
    path(
        "brainstorms/<slug:slug>/", brainstorms.BrainstormDetail.as_view(), name="brainstorm_detail"
    ),
    path(
        "brainstorms/<slug:slug>/wall/",
        brainstorms.BrainstormWall.as_view(),
        name="brainstorm_wall",
    ),
    path(
        "brainstorms/<slug:slug>/history/",
        brainstorms.BrainstormHistory.as_view(),
        name="brainstorm_history",
    ),
    path(
        "brainstorms/<slug:slug>/history/<int:seq>/undo/",
        ideas.ChangeUndo.as_view(),
        name="change_undo",
    ),
    path(
        "brainstorms/<slug:slug>/pad.md", brainstorms.BrainstormPad.as_view(), name="brainstorm_pad"
    ),
    path(
        "brainstorms/<slug:slug>/edit/",
        brainstorms.BrainstormEdit.as_view(),
        name="brainstorm_edit",
    ),
    path(
        "brainstorms/<slug:slug>/import/",
        brainstorms.BrainstormImport.as_view(),
        name="brainstorm_import",
    ),
    path(
        "brainstorms/<slug:slug>/close/",
        brainstorms.BrainstormClose.as_view(),
        name="brainstorm_close",
    ),
    path(
        "brainstorms/<slug:slug>/reopen/",
        brainstorms.BrainstormReopen.as_view(),
        name="brainstorm_reopen",
    ),
    path(
        "brainstorms/<slug:slug>/consolidate/",
        consolidate.Consolidate.as_view(),
        name="consolidate",
    ),
    path("brainstorms/<slug:slug>/ideas/new/", ideas.IdeaNew.as_view(), name="idea_new"),
    path("brainstorms/<slug:slug>/ideas/<int:pk>/", ideas.IdeaDetail.as_view(), name="idea_detail"),
    path(
        "brainstorms/<slug:slug>/ideas/<int:pk>/edit/", ideas.IdeaEdit.as_view(), name="idea_edit"
    ),
    path(
        "brainstorms/<slug:slug>/ideas/<int:pk>/notes/", ideas.IdeaNote.as_view(), name="idea_note"
    ),
    path(
        "brainstorms/<slug:slug>/ideas/<int:pk>/remove/",
        ideas.IdeaRemove.as_view(),
        name="idea_remove",
    ),
    path(
        "brainstorms/<slug:slug>/ideas/<int:pk>/sort/", ideas.IdeaSort.as_view(), name="idea_sort"
    ),
    path(
        "brainstorms/<slug:slug>/ideas/<int:pk>/merge/",
        ideas.IdeaMerge.as_view(),
        name="idea_merge",
    ),
    path(
        "brainstorms/<slug:slug>/ideas/<int:pk>/split/",
        ideas.IdeaSplit.as_view(),
        name="idea_split",
    ),
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
    path("priorities/", priorities.ListList.as_view(), name="priority_list"),
    path("priorities/new/", priorities.ListNew.as_view(), name="priority_new"),
    path("priorities/outlooks/", issues.OutlookList.as_view(), name="outlooks"),
    path("priorities/<slug:slug>/", priorities.ListDetail.as_view(), name="priority_detail"),
    path("priorities/<slug:slug>.csv", priorities.ListCsv.as_view(), name="priority_csv"),
    path("priorities/<slug:slug>.json", priorities.ListJson.as_view(), name="priority_json"),
    path("priorities/<slug:slug>/edit/", priorities.ListEdit.as_view(), name="priority_edit"),
    path(
        "priorities/<slug:slug>/publish/", priorities.ListPublish.as_view(), name="priority_publish"
    ),
    path(
        "priorities/<slug:slug>/withdraw/",
        priorities.ListWithdraw.as_view(),
        name="priority_withdraw",
    ),
    path("priorities/<slug:slug>/<int:pk>/", issues.IssueDetail.as_view(), name="issue_detail"),
    path(
        "priorities/<slug:slug>/<int:pk>/assess/", issues.IssueAssess.as_view(), name="issue_assess"
    ),
    path(
        "priorities/<slug:slug>/<int:pk>/assess/remove/",
        issues.IssueUnassess.as_view(),
        name="issue_unassess",
    ),
    path("priorities/<slug:slug>/<int:pk>/carry/", issues.IssueCarry.as_view(), name="issue_carry"),
    # elections
    path("elections/", include("polls.election_urls")),
]
