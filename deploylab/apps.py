from django.apps import AppConfig


class DeploylabConfig(AppConfig):
    name = "deploylab"

    def ready(self) -> None:
        # Models must be loaded before these can be.
        from community.core import panels
        from community.services import personal
        from deploylab.panels import lab_now_panel, meetup_lab_panel, my_nodes_panel
        from deploylab.services import own_data

        panels.register("home", lab_now_panel, position=40)
        panels.register("me", my_nodes_panel, position=20)
        panels.register("meetup", meetup_lab_panel, position=40)
        personal.register_exporter("reservations", own_data.reservation_data)
        personal.register_exporter("deployments", own_data.deployment_data)
        personal.register_exporter("power_commands", own_data.power_data)
        personal.register_eraser(own_data.erase_lab_data)
