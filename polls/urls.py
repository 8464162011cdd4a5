from django.urls import path

from polls.views import brainstorms, ideas, issues, priorities

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
]
