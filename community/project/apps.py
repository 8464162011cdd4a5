from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """The roof. Loading the Celery app here lets every process enqueue."""

    name = "community.project"
    label = "project"

    def ready(self) -> None:
        from community.project import celery  # noqa: F401 - makes it the current app
