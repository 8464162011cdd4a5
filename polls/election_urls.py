"""The pages of elections, below `/elections/`; names are in the namespace of the polls app."""

from django.urls import URLPattern, path

from polls.views.elections import roll, roll_requests, standing, voter

urlpatterns: list[URLPattern] = [
    # information, nominations and candidates
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
    # running, sealing and certifying
]
