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
        self._register_ideas()

    @staticmethod
    def _register_ideas() -> None:
        from community.services import personal
        from polls.services import own_ideas

        personal.register_exporter("ideas", own_ideas.idea_data)
        personal.register_exporter("idea_changes", own_ideas.change_data)
        personal.register_eraser(own_ideas.erase_ideas_data)
