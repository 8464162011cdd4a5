from django.apps import AppConfig


class PollsConfig(AppConfig):
    name = "polls"

    def ready(self) -> None:
        # Models must be loaded before these can be.
        from community.core import panels
        from polls.panels import (
            season_brainstorm_panel,
            season_election_panel,
            season_priorities_panel,
        )

        panels.register("season", season_brainstorm_panel, position=20)
        panels.register("season", season_priorities_panel, position=30)
        panels.register("season", season_election_panel, position=40)
