"""The Celery app: a threads pool, because pyghmi must not be forked after use."""

from celery import Celery

app = Celery("stackers")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
