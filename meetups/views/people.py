"""The list of answers, for organizers."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from community.core.errors import InvalidError
from community.core.views import Page
from community.selectors.people import signed_in
from community.services.mail import resend_mail
from meetups.forms.meetup import AddPersonForm, PartyForm
from meetups.models import Meetup, Rsvp
from meetups.models.rsvp import MOST_GUESTS
from meetups.permissions import MANAGE_PEOPLE
from meetups.selectors.desk import organized_meetup
from meetups.selectors.people import mails_of, people_of, status_counts
from meetups.services.people import add_person, change_party, take_off

PEOPLE_A_PAGE = 100
MAILS_SHOWN = 30


def _page(
    request: HttpRequest, meetup: Meetup, form: AddPersonForm, status: int = 200
) -> HttpResponse:
    wanted = request.GET.get("status", "")
    wanted = wanted if wanted in Rsvp.Status.values else ""
    people = people_of(meetup, wanted)
    mails = mails_of(meetup)
    context = {
        "meetup": meetup,
        "page": Paginator(people, PEOPLE_A_PAGE).get_page(request.GET.get("page")),
        "counts": status_counts(meetup),
        "wanted": wanted,
        "form": form,
        "most_guests": MOST_GUESTS,
        "troubled": mails.filter(state__in=["failed", "uncertain"]),
        "mails": mails[:MAILS_SHOWN],
    }
    return render(request, "meetups/people_page.html", context, status=status)


class People(Page):
    access = MANAGE_PEOPLE

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return _page(request, organized_meetup(request.user, slug), AddPersonForm())

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Count somebody in."""
        meetup = organized_meetup(request.user, slug)
        form = AddPersonForm(request.POST)
        if not form.is_valid():
            return _page(request, meetup, form, status=InvalidError.status)
        rsvp = add_person(meetup=meetup, by=signed_in(request), **form.cleaned_data)
        messages.success(request, _said(rsvp))
        return redirect("meetups:people_page", slug=slug)


class PersonChange(Page):
    access = MANAGE_PEOPLE

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        meetup = organized_meetup(request.user, slug)
        rsvp = get_object_or_404(people_of(meetup), pk=pk)
        if request.POST.get("status") == Rsvp.Status.NOT_GOING:
            rsvp = take_off(rsvp=rsvp, by=signed_in(request))
        else:
            form = PartyForm(request.POST)
            if not form.is_valid():
                raise InvalidError(f"A party brings 0 to {MOST_GUESTS} guests. Nothing was saved.")
            guests = form.cleaned_data["guests"]
            rsvp = change_party(rsvp=rsvp, guests=guests, by=signed_in(request))
        messages.success(request, _said(rsvp))
        return redirect("meetups:people_page", slug=slug)


def _said(rsvp: Rsvp) -> str:
    words = {"name": rsvp.user.display_name, "people": rsvp.party_size}
    if rsvp.status == Rsvp.Status.GOING:
        return _("%(name)s is going, %(people)s in all. They get a mail.") % words
    if rsvp.status == Rsvp.Status.NOT_GOING:
        return _("%(name)s is off the list. They get a mail, and the waitlist moves up.") % words
    return _("It is full: %(name)s is on the waitlist. They get a mail.") % words


class MailResend(Page):
    access = MANAGE_PEOPLE

    def post(self, request: HttpRequest, slug: str, pk: str) -> HttpResponse:
        mail = get_object_or_404(mails_of(organized_meetup(request.user, slug)), pk=pk)
        resend_mail(mail=mail)
        messages.success(request, _("The mail to %(to)s is queued again.") % {"to": mail.to})
        return redirect("meetups:people_page", slug=slug)
