from django.urls import path

from polls.api import brainstorms, ideas

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
    # priorities
]
