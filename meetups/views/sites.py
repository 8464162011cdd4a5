from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from community.core import panels
from community.core.errors import InvalidError, ProductError
from community.core.views import Page
from community.selectors.people import signed_in
from meetups.forms.group import DecisionForm, SiteForm
from meetups.models import Meetup, Site
from meetups.permissions import DECIDE_SITES, PROPOSE_SITES, READ_SITES
from meetups.selectors.desk import meetup_seen_by
from meetups.selectors.sites import may_have_sites, site_lines
from meetups.services.sites import change_site, decide_site, propose_site


class SiteList(Page):
    """Where an event is held, from the east to the west, each with its own clock."""

    access = READ_SITES

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        meetup = meetup_seen_by(request.user, slug)
        lines = site_lines(meetup, request.user)
        listed = [line for line in lines if line.site.state == Site.State.APPROVED]
        context = {
            "meetup": meetup,
            "listed": [(line, panels.render("site", request, line.site)) for line in listed],
            "proposed": [line for line in lines if line.site.state != Site.State.APPROVED],
            "may_propose": may_have_sites(meetup),
            "may_edit": Meetup.objects.editable_by(request.user).filter(pk=meetup.pk).exists(),
        }
        return render(request, "meetups/site_list.html", context)


class SitePropose(Page):
    access = PROPOSE_SITES

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        meetup = meetup_seen_by(request.user, slug)
        return _form_page(request, meetup, SiteForm())

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        meetup = meetup_seen_by(request.user, slug)
        form = SiteForm(request.POST)
        if not form.is_valid():
            return _form_page(request, meetup, form, status=InvalidError.status)
        try:
            site = propose_site(meetup=meetup, by=signed_in(request), **form.cleaned_data)
        except ProductError as error:
            form.add_error(None, error.sentence)
            return _form_page(request, meetup, form, status=error.status)
        if site.state == Site.State.APPROVED:
            messages.success(request, _("The site is on the list."))
        else:
            messages.success(request, _("An organizer decides; you get a mail."))
        return redirect("meetups:site_list", slug=slug)


def _form_page(
    request: HttpRequest,
    meetup: Meetup,
    form: SiteForm,
    *,
    site: Site | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"meetup": meetup, "form": form, "site": site}
    return render(request, "meetups/site_form.html", context, status=status)


def _site(request: HttpRequest, slug: str, pk: int) -> Site:
    seen = Site.objects.visible_to(request.user).filter(
        meetup__in=Meetup.objects.editable_by(request.user), meetup__slug=slug
    )
    return get_object_or_404(seen.select_related("meetup__chapter"), pk=pk)


class SiteEdit(Page):
    access = DECIDE_SITES

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        site = _site(request, slug, pk)
        return _form_page(request, site.meetup, SiteForm(instance=site), site=site)

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        site = _site(request, slug, pk)
        form = SiteForm(request.POST, instance=_site(request, slug, pk))
        if not form.is_valid():
            return _form_page(request, site.meetup, form, site=site, status=InvalidError.status)
        try:
            change_site(site=site, by=signed_in(request), **form.cleaned_data)
        except ProductError as error:
            form.add_error(None, error.sentence)
            return _form_page(request, site.meetup, form, site=site, status=error.status)
        messages.success(request, _("The site is changed."))
        return redirect("meetups:site_list", slug=slug)


class SiteApprove(Page):
    access = DECIDE_SITES
    is_approved = True

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        form = DecisionForm(request.POST)
        if not form.is_valid():
            raise InvalidError("The note has at most 300 letters. Nothing was decided.")
        note = form.cleaned_data["note"]
        site = _site(request, slug, pk)
        decide_site(site=site, is_approved=self.is_approved, by=signed_in(request), note=note)
        said = (
            _("%(site)s is on the list. Who proposed it gets a mail.")
            if self.is_approved
            else _("%(site)s is declined. Who proposed it gets a mail.")
        )
        messages.success(request, said % {"site": site.name})
        return redirect("meetups:site_list", slug=slug)


class SiteDecline(SiteApprove):
    is_approved = False
