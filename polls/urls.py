from django.urls import URLPattern, path

from polls.views import issues, priorities

app_name = "polls"
urlpatterns: list[URLPattern] = [
    # brainstorms
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
