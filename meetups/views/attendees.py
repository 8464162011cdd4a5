from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from community.core.errors import InvalidError, ProductError
from community.core.views import Page
from community.selectors.people import signed_in
from meetups.forms.meetup import AttendeeFileForm
from meetups.models import Meetup
from meetups.permissions import MANAGE_PEOPLE
from meetups.selectors.desk import organized_meetup
from meetups.services.attendees import (
    MOST_BYTES,
    Preview,
    import_attendees,
    preview_attendees,
)


class AttendeeImport(Page):
    """Choose a file, look at what it would do, take it."""

    access = MANAGE_PEOPLE

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        meetup = organized_meetup(request.user, slug)
        return _page(request, meetup, AttendeeFileForm())

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        meetup = organized_meetup(request.user, slug)
        if "csv" in request.POST:
            return self._take(request, meetup, request.POST["csv"])
        form = AttendeeFileForm(request.POST, request.FILES)
        if not form.is_valid():
            return _page(request, meetup, form, status=InvalidError.status)
        try:
            text = _text(form.cleaned_data["file"].read(MOST_BYTES + 1))
            preview = preview_attendees(meetup=meetup, text=text, by=signed_in(request))
        except ProductError as error:
            form.add_error("file", error.sentence)
            return _page(request, meetup, form, status=error.status)
        return _page(request, meetup, AttendeeFileForm(), preview=preview, text=text)

    @staticmethod
    def _take(request: HttpRequest, meetup: Meetup, text: str) -> HttpResponse:
        """The text comes back from the preview and is looked through once more."""
        preview = import_attendees(meetup=meetup, text=text, by=signed_in(request))
        said = _("The list is taken: %(new)s new, %(updated)s changed, %(same)s as they were.")
        counts = {name: preview.doing(name) for name in ("new", "update", "skip")}
        messages.success(
            request,
            said % {"new": counts["new"], "updated": counts["update"], "same": counts["skip"]},
        )
        return redirect("meetups:people_page", slug=meetup.slug)


def _text(content: bytes) -> str:
    """The file's text; old spreadsheets write Windows-1252. Raises InvalidError."""
    if len(content) > MOST_BYTES:
        raise InvalidError(f"The file is larger than {MOST_BYTES // 1000} kB.", code="too_large")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidError("The file is no text.")


def _page(
    request: HttpRequest,
    meetup: Meetup,
    form: AttendeeFileForm,
    *,
    preview: Preview | None = None,
    text: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {"meetup": meetup, "form": form, "preview": preview, "text": text}
    if preview is not None:
        context |= {name: preview.doing(name) for name in ("new", "update", "skip")}
    return render(request, "meetups/people_import.html", context, status=status)
