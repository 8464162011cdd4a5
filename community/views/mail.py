"""Which mails one gets: by a link in a mail, or signed in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from community.core.views import Page
from community.models import OPTIONAL_KINDS
from community.permissions import UNSUBSCRIBE, USE_ACCOUNT
from community.selectors.people import signed_in
from community.services.mail import kind_of
from community.services.mail_links import mail_of_link, set_mail_wishes, unsubscribe


# A mail program's one-click button posts without ever having seen a page of ours (RFC 8058).
@method_decorator(csrf_exempt, name="dispatch")
class Unsubscribe(Page):
    access = UNSUBSCRIBE

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Ask; opening the link changes nothing."""
        mail = mail_of_link(token)
        context = {"mail": mail, "kind": kind_of(mail), "is_done": False}
        return render(request, "community/mail_unsubscribe.html", context)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        mail = mail_of_link(token)
        kind = kind_of(mail)
        context = {"mail": mail, "kind": kind, "is_done": unsubscribe(mail=mail, kind=kind)}
        return render(request, "community/mail_unsubscribe.html", context)


class MailWishes(Page):
    access = USE_ACCOUNT

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep which optional kinds of mail one wants."""
        wanted = set(request.POST.getlist("wanted"))
        unwanted = {kind.value for kind in OPTIONAL_KINDS} - wanted
        set_mail_wishes(by=signed_in(request), unwanted=unwanted)
        messages.success(request, _("Your mail is set as you wish."))
        return redirect("community:me")
