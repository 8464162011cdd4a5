"""Answering from a mail, without an account. Opening a link changes nothing; its buttons do."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from community.core.errors import InvalidError, NotFoundError
from community.core.views import Page, client_address
from community.models import Mail, User
from community.services.mail_links import mail_of_link, reader_of
from meetups import qr
from meetups.forms.meetup import RsvpForm, RsvpLinkForm
from meetups.letters.meetup import STILL_COMING
from meetups.models import Meetup, Rsvp
from meetups.permissions import RSVP_BY_LINK
from meetups.selectors.desk import meetup_seen_by
from meetups.selectors.rsvps import rsvp_of, waitlist_position
from meetups.services.diets import dietary_note
from meetups.services.links import limit_links, person_of_link, request_rsvp_link
from meetups.services.rsvps import Answer, accept_offer, answer_rsvp, reconfirm_rsvp
from meetups.views.words import said

IN_PERSON = Rsvp.Mode.IN_PERSON


def meetup_of(mail: Mail) -> Meetup:
    """The published meetup that `mail` is about; raises NotFoundError for other mails."""
    meetups = Meetup.objects.filter(is_published=True).select_related("venue", "chapter")
    found = None
    if "meetup" in mail.about:
        found = meetups.filter(pk=mail.about["meetup"]).first()
    elif "rsvp" in mail.about:
        found = meetups.filter(rsvps=mail.about["rsvp"]).first()
    if found is None:
        raise NotFoundError("What this link was about is gone.")
    return found


class RsvpByLink(Page):
    """The page behind a mail's link: one's answer to the meetup, and buttons to change it."""

    access = RSVP_BY_LINK

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        mail = mail_of_link(token)
        meetup, reader = meetup_of(mail), reader_of(mail)
        return self._page(request, mail, meetup, reader, self._form(mail, meetup, reader))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        mail = mail_of_link(token)
        meetup, action = meetup_of(mail), request.POST.get("action", "")
        if action == "going":
            form = self._form(mail, meetup, reader_of(mail), request.POST)
            if not form.is_valid():
                return self._page(request, mail, meetup, reader_of(mail), form, status=422)
            wish = Answer(**form.cleaned_data)
            rsvp = answer_rsvp(meetup=meetup, answer=wish, by=person_of_link(mail=mail))
        elif action == "not_going":
            wish = Answer(status=Rsvp.Status.NOT_GOING)
            rsvp = answer_rsvp(meetup=meetup, answer=wish, by=person_of_link(mail=mail))
        else:
            rsvp = self._act(mail, meetup, action)
        still = action == "still_coming"
        messages.success(request, _("Good: you are still coming.") if still else said(rsvp))
        return redirect(request.path)

    @staticmethod
    def _act(mail: Mail, meetup: Meetup, action: str) -> Rsvp:
        reader = reader_of(mail)
        rsvp = rsvp_of(meetup, reader) if reader else None
        if reader is None or rsvp is None:
            raise NotFoundError("There is no answer of yours to this meetup.")
        if action == "accept":
            return accept_offer(rsvp=rsvp, by=reader)
        if action == "still_coming":
            reconfirm_rsvp(rsvp=rsvp, by=reader)
            return rsvp
        raise InvalidError("This button is not known. Nothing was changed.")

    @staticmethod
    def _form(mail: Mail, meetup: Meetup, reader: User | None, data: Any = None) -> RsvpForm:
        rsvp = rsvp_of(meetup, reader) if reader else None
        initial = {name: mail.about[name] for name in ("guests", "mode") if name in mail.about}
        if rsvp is not None and rsvp.status != Rsvp.Status.NOT_GOING:
            initial = {name: getattr(rsvp, name) for name in ("guests", "mode", "site")}
            initial["diet"] = dietary_note(rsvp)
        needs_consent = reader is None or reader.code_of_conduct_at is None
        return RsvpForm(data, meetup=meetup, needs_consent=needs_consent, initial=initial)

    @staticmethod
    def _page(
        request: HttpRequest,
        mail: Mail,
        meetup: Meetup,
        reader: User | None,
        form: RsvpForm,
        status: int = 200,
    ) -> HttpResponse:
        rsvp = rsvp_of(meetup, reader) if reader else None
        coming = (
            rsvp
            if rsvp is not None and rsvp.status == Rsvp.Status.GOING and rsvp.mode == IN_PERSON
            else None
        )
        context = {
            "picture": mark_safe(qr.code_svg(coming.code)) if coming else "",  # noqa: S308 - drawn by us
            "spaced": qr.spaced(coming.code) if coming else "",
            "meetup": meetup,
            "rsvp": rsvp,
            "reader": reader.email if reader else mail.to,
            "form": form,
            "asks_again": mail.purpose == STILL_COMING,
            "is_coming": rsvp is not None and rsvp.status != Rsvp.Status.NOT_GOING,
            "waitlist_position": waitlist_position(rsvp) if rsvp else None,
        }
        return render(request, "meetups/rsvp_link.html", context, status=status)


class RequestLink(Page):
    """Ask for a link by mail instead of signing in."""

    access = RSVP_BY_LINK

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        meetup = meetup_seen_by(request.user, slug)
        context = {"meetup": meetup, "form": RsvpLinkForm()}
        return render(request, "meetups/rsvp_link_request.html", context)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        meetup = meetup_seen_by(request.user, slug)
        form = RsvpLinkForm(request.POST)
        if not form.is_valid():
            context = {"meetup": meetup, "form": form}
            return render(request, "meetups/rsvp_link_request.html", context, status=422)
        email = form.cleaned_data["email"]
        limit_links(email, client_address(request))
        request_rsvp_link(meetup=meetup, email=email)
        messages.success(
            request,
            _("A link is on its way to %(email)s. Nothing is answered before you press its button.")
            % {"email": email},
        )
        return redirect("meetups:meetup_detail", slug=slug)
