from django.urls import path

from deploylab.consumers import DeploymentConsumer

websocket_urlpatterns = [
    path("ws/v1/deployments/<uuid:pk>/", DeploymentConsumer.as_asgi()),
]
