from django.apps import AppConfig


class DeploylabConfig(AppConfig):
    name = "deploylab"

    def ready(self) -> None:
        # Models must be loaded before these can be.
        from community.core import panels
        from deploylab.panels import lab_now_panel, meetup_lab_panel, my_nodes_panel

        panels.register("home", lab_now_panel, position=40)
        panels.register("me", my_nodes_panel, position=20)
        panels.register("meetup", meetup_lab_panel, position=40)
