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
        self._register_public_pages()
        self._register_brainstorms()
        self._register_polls()
        self._register_priorities()
        self._register_elections()
        self._register_rolls()
        self._register_outcomes()

    @staticmethod
    def _register_public_pages() -> None:
        from community.core.public_pages import register_public_page
        from polls.selectors.public import (
            brainstorm_version,
            election_result_version,
            election_version,
            result_version,
            scorecard_version,
        )

        register_public_page(r"/brainstorms/(?P<slug>[-\w]+)/", brainstorm_version)
        register_public_page(r"/polls/(?P<slug>[-\w]+)/results/", result_version)
        register_public_page(r"/priorities/(?P<slug>[-\w]+)/", scorecard_version)
        register_public_page(r"/elections/(?P<slug>[-\w]+)/", election_version)
        register_public_page(r"/elections/(?P<slug>[-\w]+)/results/", election_result_version)

    @staticmethod
    def _register_brainstorms() -> None:
        from community.core import panels
        from community.services import personal
        from polls.panels import meetup_brainstorms_panel, open_brainstorms_panel
        from polls.services import own_ideas

        personal.register_exporter("ideas", own_ideas.idea_data)
        personal.register_exporter("idea_changes", own_ideas.change_data)
        personal.register_eraser(own_ideas.erase_ideas_data)
        panels.register("home", open_brainstorms_panel, position=13)
        panels.register("meetup", meetup_brainstorms_panel, position=19)

    @staticmethod
    def _register_polls() -> None:
        from community.core import panels
        from community.models import MailKind
        from community.services import personal
        from community.services.mail import register_writer
        from polls.letters import poll as letters
        from polls.panels import awaiting_panel, meetup_polls_panel
        from polls.services import own_data

        register_writer(letters.OPENED, letters.invitation_letter, MailKind.ANNOUNCEMENT)
        # By the others' recipients one would know who has voted, and who has not.
        private = {
            letters.REMINDER: (letters.invitation_letter, MailKind.REMINDER),
            letters.CLOSED: (letters.closed_letter, MailKind.CHANGE),
            letters.CANCELLED: (letters.cancelled_letter, MailKind.CHANGE),
        }
        for template, (writer, kind) in private.items():
            register_writer(template, writer, kind, is_private=True)
        personal.register_exporter("ballots", own_data.ballot_data)
        personal.register_exporter("voter_lists", own_data.voter_list_data)
        personal.register_eraser(own_data.erase_ballot_data)
        panels.register("home", awaiting_panel, position=12)
        panels.register("meetup", meetup_polls_panel, position=20)

    @staticmethod
    def _register_priorities() -> None:
        from community.core import panels
        from community.services import personal
        from meetups.services.season import register_season_part
        from polls.panels import top_priorities_panel
        from polls.services import own_assessments
        from polls.services.season import load_voice

        register_season_part(load_voice)
        panels.register("home", top_priorities_panel, position=30)
        personal.register_exporter("assessments", own_assessments.assessment_data)
        personal.register_eraser(own_assessments.erase_assessments)

    @staticmethod
    def _register_outcomes() -> None:
        from community.models import MailKind
        from community.services.mail import register_writer
        from polls.letters import election_outcome as outcome

        # The roll is nobody's business but its organizers', who have a page for it.
        for template, writer in (
            (outcome.RESULT, outcome.result_letter),
            (outcome.CANCELLED, outcome.cancelled_letter),
        ):
            register_writer(template, writer, MailKind.CHANGE, is_private=True)
        register_writer(outcome.INSPECT, outcome.inspect_letter, MailKind.CHANGE)

    @staticmethod
    def _register_rolls() -> None:
        from community.models import MailKind
        from community.services import personal
        from community.services.mail import register_writer
        from polls.letters import election_roll as letters
        from polls.selectors.elections.roll import LINK
        from polls.services.elections import own_roll
        from polls.services.elections.tokens import link_secrets

        # Who is on a roll, and who of it has not voted, is in no list of mails.
        links = {
            LINK: (letters.link_letter, MailKind.CHANGE),
            letters.REMINDER: (letters.reminder_letter, MailKind.REMINDER),
        }
        for template, (writer, kind) in links.items():
            register_writer(template, writer, kind, secrets=link_secrets, is_private=True)
        register_writer(letters.DECIDED, letters.decision_letter, is_private=True)
        personal.register_exporter("election_rolls", own_roll.roll_data)
        personal.register_exporter("roll_requests", own_roll.request_data)
        personal.register_eraser(own_roll.erase_roll_data)

    @staticmethod
    def _register_elections() -> None:
        from community.core import panels
        from community.models import MailKind
        from community.services import personal
        from community.services.mail import register_writer
        from meetups.services.season import register_season_part
        from polls.election_panels import elections_panel
        from polls.letters import election_news as letters
        from polls.services.elections import own_data
        from polls.services.elections.season import load_election

        writers = {
            letters.ANNOUNCED: (letters.announced_letter, MailKind.ANNOUNCEMENT),
            letters.OUTSIDE: (letters.outside_letter, MailKind.REMINDER),
            letters.NOMINATED: (letters.nominated_letter, MailKind.CHANGE),
            letters.CLOSING: (letters.nominated_letter, MailKind.REMINDER),
            letters.RULED_OUT: (letters.ruled_out_letter, MailKind.CHANGE),
            letters.INSPECTOR: (letters.inspector_letter, MailKind.CHANGE),
        }
        for template, (writer, kind) in writers.items():
            register_writer(template, writer, kind)
        register_season_part(load_election)
        panels.register("home", elections_panel, position=11)
        personal.register_exporter("candidacies", own_data.candidacy_data)
        personal.register_exporter("endorsements", own_data.endorsement_data)
        personal.register_exporter("inspections", own_data.inspector_data)
        personal.register_eraser(own_data.erase_election_data)
