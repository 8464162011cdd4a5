from django.apps import AppConfig


class DeploylabConfig(AppConfig):
    name = "deploylab"
