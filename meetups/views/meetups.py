from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from community.core import panels
from community.core.errors import InvalidError
from community.core.permissions import may
from community.core.public_pages import kept
from community.core.views import Page
from community.selectors.people import signed_in
from meetups.forms.meetup import RsvpForm
from meetups.models import Meetup, Rsvp
from meetups.permissions import ORGANIZE, READ_MEETUPS, RSVP
from meetups.selectors.desk import (
    is_organized_by,
    is_somewhere_organizer,
    meetup_seen_by,
    meetup_to_answer,
)
from meetups.selectors.meetups import (
    held_count,
    past_meetups,
    undated_meetups,
    upcoming_meetups,
)
from meetups.selectors.minutes import spoken
from meetups.selectors.notes import is_running
from meetups.selectors.paper import paper_of
from meetups.selectors.rsvps import rsvp_of, waiting_people, waitlist_position
from meetups.selectors.sites import approved_sites, may_have_sites
from meetups.selectors.sponsors import thanks_for
from meetups.services.diets import dietary_note
from meetups.services.rsvps import Answer, accept_offer, answer_rsvp
from meetups.views.words import said


def _rsvp_form(
    request: HttpRequest, meetup: Meetup, rsvp: Rsvp | None = None, data: Any = None
) -> RsvpForm:
    initial = {"guests": 0, "mode": Rsvp.Mode.IN_PERSON}
    if rsvp is not None and rsvp.status != Rsvp.Status.NOT_GOING:
        initial = {name: getattr(rsvp, name) for name in ("guests", "mode", "site")}
        initial["diet"] = dietary_note(rsvp)
    accepted = getattr(request.user, "code_of_conduct_at", None)
    return RsvpForm(data, meetup=meetup, needs_consent=accepted is None, initial=initial)


class MeetupList(Page):
    access = READ_MEETUPS

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {
            "upcoming": upcoming_meetups(request.user),
            "undated": undated_meetups(request.user),
            "past": past_meetups(request.user),
            "may_plan": may(request.user, ORGANIZE),
            "held_count": held_count(request.user),
        }
        return render(request, "meetups/meetup_list.html", context)


def _about(request: HttpRequest, meetup: Meetup, paper: dict[str, Any]) -> dict[str, SafeString]:
    """What is said of the meetup: the page's main part below the answer, and its aside."""
    sponsorships = list(meetup.sponsorships.select_related("organization"))
    context = {
        "meetup": meetup,
        "sessions": meetup.sessions.all(),
        "sponsorships": sponsorships,
        "thanks": thanks_for(sponsorships),
        "facts": spoken(meetup.facts),
        "sites": approved_sites(meetup),
        "may_have_sites": may_have_sites(meetup),
        **paper,
    }
    return {
        "about": render_to_string("meetups/_about.html", context, request),
        "good_to_know": render_to_string("meetups/_good_to_know.html", context, request),
    }


def _about_for(request: HttpRequest, meetup: Meetup) -> dict[str, SafeString]:
    """The same for everyone who organizes nothing, so it is made once for each version."""
    user = request.user
    if is_somewhere_organizer(user):
        return _about(request, meetup, paper_of(meetup, user))
    return kept(
        f"about|{meetup.pk}|{meetup.content_version}|{meetup.is_over}|{get_language()}",
        lambda: _about(request, meetup, paper_of(meetup, AnonymousUser())),
    )


def _detail(
    request: HttpRequest, meetup: Meetup, form: RsvpForm | None = None, status: int = 200
) -> HttpResponse:
    rsvp = rsvp_of(meetup, request.user)
    if form is None and meetup.takes_rsvps and request.user.is_authenticated:
        form = _rsvp_form(request, meetup, rsvp)
    context = {
        "meetup": meetup,
        "waiting": waiting_people(meetup) if meetup.capacity is not None else 0,
        "rsvp": rsvp,
        "is_coming": rsvp is not None and rsvp.status != Rsvp.Status.NOT_GOING,
        "waitlist_position": waitlist_position(rsvp) if rsvp else None,
        "form": form,
        "panels": panels.render("meetup", request, meetup),
        "may_edit": is_organized_by(meetup, request.user),
        "is_on": is_running(meetup),
        **_about_for(request, meetup),
    }
    return render(request, "meetups/meetup_detail.html", context, status=status)


class MeetupDetail(Page):
    access = READ_MEETUPS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        meetup = meetup_seen_by(request.user, slug)
        return _detail(request, meetup)


class RsvpChange(Page):
    """The button under a meetup: counts one in, or out."""

    access = RSVP

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG002 - a signature
        """Where one lands after signing in on the way to the button."""
        return redirect("meetups:meetup_detail", slug=slug)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        meetup = meetup_to_answer(request.user, slug)
        if request.POST.get("status") == Rsvp.Status.NOT_GOING:
            answer = Answer(status=Rsvp.Status.NOT_GOING)
        else:
            form = _rsvp_form(request, meetup, data=request.POST)
            if not form.is_valid():
                whole = meetup_seen_by(request.user, slug)
                return _detail(request, whole, form, status=InvalidError.status)
            answer = Answer(**form.cleaned_data)
        rsvp = answer_rsvp(meetup=meetup, answer=answer, by=signed_in(request))
        messages.success(request, said(rsvp))
        return redirect("meetups:meetup_detail", slug=slug)


class OfferAccept(Page):
    """Take the place that is held for one."""

    access = RSVP

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        meetup = meetup_seen_by(request.user, slug)
        rsvp = get_object_or_404(Rsvp, meetup=meetup, user=request.user.pk)
        messages.success(request, said(accept_offer(rsvp=rsvp, by=signed_in(request))))
        return redirect("meetups:meetup_detail", slug=slug)
