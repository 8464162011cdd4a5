from django.urls import path

from deploylab.api import agents, deployments, nodes, reservations

urlpatterns = [
    path("nodes/", nodes.NodeList.as_view(), name="node-list"),
    path("nodes/<slug:name>/", nodes.NodeDetail.as_view(), name="node-detail"),
    path("nodes/<slug:name>/power/", nodes.NodePower.as_view(), name="node-power"),
    path("power-commands/<uuid:pk>/", nodes.PowerCommandDetail.as_view(), name="power-command"),
    path("availability/", nodes.Availability.as_view(), name="availability"),
    path("blueprints/", nodes.BlueprintList.as_view(), name="blueprint-list"),
    path("blueprints/<slug:slug>/", nodes.BlueprintDetail.as_view(), name="blueprint-detail"),
    path("reservations/", reservations.ReservationList.as_view(), name="reservation-list"),
    path(
        "reservations/<uuid:pk>/",
        reservations.ReservationDetail.as_view(),
        name="reservation-detail",
    ),
    path(
        "reservations/<uuid:pk>/release/",
        reservations.ReservationRelease.as_view(),
        name="reservation-release",
    ),
    path("deployments/", deployments.DeploymentList.as_view(), name="deployment-list"),
    path(
        "deployments/<uuid:pk>/",
        deployments.DeploymentDetail.as_view(),
        name="deployment-detail",
    ),
    path(
        "deployments/<uuid:pk>/cancel/",
        deployments.DeploymentCancel.as_view(),
        name="deployment-cancel",
    ),
    path(
        "deployments/<uuid:pk>/events/",
        deployments.DeploymentEvents.as_view(),
        name="deployment-events",
    ),
    path("deployments/<uuid:pk>/log/", deployments.DeploymentLog.as_view(), name="deployment-log"),
    path("agent/hello/", agents.Hello.as_view(), name="agent-hello"),
    path("agent/work/", agents.Work.as_view(), name="agent-work"),
    path("agent/work/<uuid:pk>/output/", agents.Output.as_view(), name="agent-output"),
    path("agent/work/<uuid:pk>/result/", agents.ResultOf.as_view(), name="agent-result"),
]
