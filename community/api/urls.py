from django.urls import path

from community.api import outbox

urlpatterns = [
    path("outbox/", outbox.OutboxList.as_view(), name="outbox-list"),
]
