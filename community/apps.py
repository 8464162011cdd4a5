from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "community"

    def ready(self) -> None:
        # Models must be loaded before these can be; importing the checks registers them.
        from community.core import checks  # noqa: F401
        from community.core.permissions import register_participant_test
        from community.selectors.participants import is_made_participant
        from community.services.mail import register_writer
        from community.services.takeovers import TEMPLATES, takeover_letter

        register_participant_test(is_made_participant)
        for word in TEMPLATES:
            register_writer(f"community/takeover_{word}", takeover_letter)
        self._register_own_data()

    @staticmethod
    def _register_own_data() -> None:
        from community.services import own_data, personal

        personal.register_exporter("account", own_data.account_data)
        personal.register_exporter("mails", own_data.mail_data)
        personal.register_exporter("audit_trail", own_data.trail_data)
        personal.register_eraser(own_data.erase_account_data)
