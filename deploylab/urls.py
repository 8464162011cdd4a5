from django.urls import path

from deploylab.views import boot, lab

app_name = "deploylab"
urlpatterns = [
    path("lab/", lab.LabOverview.as_view(), name="lab_overview"),
    path("lab/reserve/", lab.Reserve.as_view(), name="reservation_create"),
    path("lab/nodes/<slug:name>/", lab.NodeDetail.as_view(), name="node_detail"),
    path("lab/nodes/<slug:name>/power/", lab.NodePower.as_view(), name="node_power"),
    path("lab/reservations/<uuid:pk>/", lab.ReservationDetail.as_view(), name="reservation_detail"),
    path(
        "lab/reservations/<uuid:pk>/release/",
        lab.ReservationRelease.as_view(),
        name="reservation_release",
    ),
    path("lab/reservations/<uuid:pk>/deploy/", lab.Deploy.as_view(), name="deployment_create"),
    path("lab/deployments/<uuid:pk>/", lab.DeploymentDetail.as_view(), name="deployment_detail"),
    path(
        "lab/deployments/<uuid:pk>/cancel/",
        lab.DeploymentCancel.as_view(),
        name="deployment_cancel",
    ),
    path("lab/blueprints/", lab.BlueprintList.as_view(), name="blueprint_list"),
    path("lab/blueprints/<slug:slug>/", lab.BlueprintDetail.as_view(), name="blueprint_detail"),
    path("boot/ipxe", boot.Ipxe.as_view(), name="boot_ipxe"),
    path("boot/<slug:tag>.ipxe", boot.BootScript.as_view(), name="boot_script"),
]
