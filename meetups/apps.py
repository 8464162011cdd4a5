from django.apps import AppConfig


class MeetupsConfig(AppConfig):
    name = "meetups"

    def ready(self) -> None:
        # Models must be loaded before these can be.
        from community.core import panels
        from community.core.permissions import register_participant_test
        from community.core.public_pages import register_public_page
        from community.models import MailKind
        from community.services.mail import register_writer
        from meetups.letters import meetup as letters
        from meetups.panels import (
            my_feed_panel,
            my_rsvps_panel,
            next_meetup_panel,
            season_meetings_panel,
            waiting_panel,
        )
        from meetups.selectors.meetups import public_page_version
        from meetups.selectors.rsvps import has_hack_day_rsvp

        register_public_page(r"/meetups/(?P<slug>[-\w]+)/", public_page_version)
        register_participant_test(has_hack_day_rsvp)
        for template in letters.ANSWERS.values():
            register_writer(template, letters.rsvp_letter, pictures=letters.door_pictures)
        for template in (letters.CHANGED, letters.CANCELLED, letters.POSTPONED):
            register_writer(template, letters.change_letter, MailKind.CHANGE, letters.door_pictures)
        for template in (letters.REMINDER, letters.STILL_COMING):
            register_writer(
                template, letters.reminder_letter, MailKind.REMINDER, letters.door_pictures
            )
        register_writer(letters.ANNOUNCED, letters.meetup_letter, MailKind.ANNOUNCEMENT)
        register_writer(letters.RSVP_LINK, letters.meetup_letter)
        panels.register("home", next_meetup_panel, position=10)
        panels.register("home", waiting_panel, position=11)
        panels.register("season", season_meetings_panel, position=10)
        panels.register("me", my_rsvps_panel, position=10)
        panels.register("me", my_feed_panel, position=15)
        self._register_group()

    @staticmethod
    def _register_group() -> None:
        from community.core import panels
        from community.services import personal
        from community.services.mail import register_writer
        from meetups.letters import group as letters
        from meetups.panels import chapter_meetups_panel
        from meetups.services import own_data

        personal.register_exporter("rsvps", own_data.rsvp_data)
        personal.register_exporter("notes", own_data.note_data)
        personal.register_exporter("sites", own_data.site_data)
        personal.register_exporter("sponsor_offers", own_data.offer_data)
        personal.register_eraser(own_data.erase_meetups_data)

        panels.register("chapter", chapter_meetups_panel, position=10)
        for word in letters.OFFER_TEMPLATES:
            register_writer(f"meetups/sponsor_offer_{word}", letters.offer_letter)
        register_writer("meetups/sponsor_offer_made", letters.offer_made_letter)
        register_writer("meetups/site_decided", letters.site_letter)
