from typing import Any

from django.core.management.base import BaseCommand

from community.project.permission_page import PAGE, render_permissions


class Command(BaseCommand):
    help = "Write docs/permissions.md from the code's own permission table."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - the interface's
        PAGE.write_text(render_permissions(), encoding="utf-8")
        self.stdout.write("docs/permissions.md is written.")
