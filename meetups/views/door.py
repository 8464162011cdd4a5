"""The door of a meetup: counting people in, and what one shows there."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from community.core.errors import InvalidError, NotFoundError
from community.core.views import Page
from community.selectors.people import signed_in
from meetups import qr
from meetups.exceptions import UnknownCodeError
from meetups.forms.meetup import CodeForm, WalkInForm
from meetups.models import Meetup, Rsvp
from meetups.permissions import CHECK_IN, RSVP
from meetups.selectors.desk import meetup_seen_by, organized_meetup
from meetups.selectors.door import (
    check_ins_of,
    door_roster,
    door_sentence,
    door_totals,
    missing_rsvps,
    normal_code,
)
from meetups.selectors.rsvps import rsvp_of
from meetups.services.checkin import (
    MOST_PEOPLE,
    Counted,
    Device,
    check_in_party,
    check_in_walk_in,
    undo_check_in,
)

WORKER = settings.BASE_DIR / "static" / "js" / "check-in-worker.js"


class CheckIn(Page):
    """The page at the door: forms that work as they are, and offline where scripts run."""

    access = CHECK_IN

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        meetup = organized_meetup(request.user, slug)
        context = {
            "meetup": meetup,
            "totals": door_totals(meetup),
            "missing": missing_rsvps(meetup),
            "check_ins": check_ins_of(meetup),
            "roster": door_roster(meetup),
            "client_id": uuid.uuid4(),
            "most_people": MOST_PEOPLE,
        }
        return render(request, "meetups/checkin_page.html", context)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        meetup = organized_meetup(request.user, slug)
        count = self._walk_in if "walk_in" in request.POST else self._party
        try:
            counted = count(request, meetup)
        except (InvalidError, UnknownCodeError) as error:  # a slip of the finger: the page stays
            messages.error(request, error.sentence)
        else:
            sentence = door_sentence(counted.check_in, is_new=counted.is_new)
            messages.success(request, sentence)
        return redirect("meetups:checkin_page", slug=slug)

    @staticmethod
    def _walk_in(request: HttpRequest, meetup: Meetup) -> Counted:
        form = WalkInForm(request.POST)
        if not form.is_valid():
            raise InvalidError(f"A party has 1 to {MOST_PEOPLE} people.")
        said = form.cleaned_data
        return check_in_walk_in(
            meetup=meetup,
            device=Device(said["client_id"]),
            by=signed_in(request),
            name=said["name"],
            people=said["people"],
        )

    @staticmethod
    def _party(request: HttpRequest, meetup: Meetup) -> Counted:
        form = CodeForm(request.POST)
        if not form.is_valid():
            raise InvalidError("Type the code from the mail first.")
        code = form.cleaned_data["code"]
        # The code itself is the number: pressed twice, it is one entry.
        device = Device(f"page-{normal_code(code)}")
        return check_in_party(meetup=meetup, code=code, device=device, by=signed_in(request))


class CheckInUndo(Page):
    access = CHECK_IN

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        meetup = organized_meetup(request.user, slug)
        check_in = get_object_or_404(check_ins_of(meetup).select_related("meetup__chapter"), pk=pk)
        undo_check_in(check_in=check_in, by=signed_in(request))
        messages.success(request, _("Taken back. They are not counted any more."))
        return redirect("meetups:checkin_page", slug=slug)


class CheckInWorker(Page):
    """The page's service worker, below the page's address because that is its scope."""

    access = CHECK_IN

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        organized_meetup(request.user, slug)
        response = HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
        response["Cache-Control"] = "no-cache"
        return response


class MyCode(Page):
    """One's own code, to show or to print."""

    access = RSVP

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        meetup = meetup_seen_by(request.user, slug)
        rsvp = rsvp_of(meetup, request.user)
        if rsvp is None or rsvp.status == Rsvp.Status.NOT_GOING:
            raise NotFoundError("You are not going to this meetup, so there is no code to show.")
        context = {
            "meetup": meetup,
            "rsvp": rsvp,
            "picture": qr.code_svg(rsvp.code),
            "spaced": qr.spaced(rsvp.code),
        }
        return render(request, "meetups/my_code.html", context)
