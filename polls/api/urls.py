from django.urls import URLPattern, path

from polls.api import issues, priorities

urlpatterns: list[URLPattern] = [
    # brainstorms
    # polls
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
]
