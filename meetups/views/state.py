"""Publish, postpone, cancel: each tells everybody concerned once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from community.core.errors import InvalidError
from community.core.views import Page
from community.selectors.people import signed_in
from meetups.forms.meetup import StateForm
from meetups.models import Meetup
from meetups.permissions import WRITE_MEETUPS
from meetups.selectors.desk import organized_meetup
from meetups.selectors.rsvps import people_to_tell
from meetups.services.meetups import (
    cancel_meetup,
    change_meetup,
    postpone_meetup,
    publish_meetup,
)


class MeetupState(Page):
    access = WRITE_MEETUPS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self._page(request, organized_meetup(request.user, slug), StateForm())

    @staticmethod
    def _page(
        request: HttpRequest, meetup: Meetup, form: StateForm, status: int = 200
    ) -> HttpResponse:
        if meetup.is_cancelled:  # it comes back on its day
            form.fields.pop("starts_at")
        context = {"meetup": meetup, "form": form, "told": people_to_tell(meetup)}
        return render(request, "meetups/meetup_state.html", context, status=status)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        meetup, by = organized_meetup(request.user, slug), signed_in(request)
        with timezone.override(meetup.zone):
            form = StateForm(request.POST)
            if not form.is_valid():
                return self._page(request, meetup, form, status=422)
        note, action = form.cleaned_data["note"], request.POST.get("action")
        if action == "publish":
            publish_meetup(meetup=meetup, by=by)
            word = _("It is published, and the group's members are told.")
        elif action == "postpone":
            start = form.cleaned_data["starts_at"]
            postpone_meetup(meetup=meetup, by=by, note=note, starts_at=start)
            word = (
                _("The new date is set. Everyone who answered is told and keeps their place.")
                if start
                else _("It is postponed. Everyone who answered is told and keeps their place.")
            )
        elif action == "cancel":
            cancel_meetup(meetup=meetup, by=by, note=note)
            word = _("It is cancelled, and everyone who answered is told.")
        elif action == "revive":
            change_meetup(meetup=meetup, by=by, is_cancelled=False, change_note=note)
            word = _("It takes place after all, and everyone who answered is told.")
        else:
            raise InvalidError("This button is not known. Nothing was changed.")
        messages.success(request, word)
        return redirect("meetups:meetup_detail", slug=slug)
