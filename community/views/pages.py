from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from community.core import panels
from community.core.context import THEMES
from community.core.errors import InvalidError
from community.core.views import Page
from community.forms import ProfileForm, TokenForm
from community.models import ApiToken
from community.permissions import (
    READ_HEALTH,
    READ_OUTBOX,
    READ_SITE,
    USE_ACCOUNT,
    USE_THEME,
)
from community.selectors.outbox import mails_to
from community.selectors.people import signed_in
from community.services.accounts import create_api_token, revoke_api_token
from community.services.health import readiness
from community.services.mail_links import mail_wishes


class Home(Page):
    access = READ_SITE

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "community/home.html", {"panels": panels.render("home", request)})


# Without a token in it, the footer is the same for everyone; a foreign page could change no more
# than the colours.
@method_decorator(csrf_exempt, name="dispatch")
class SetTheme(Page):
    """Remember the look the viewer chose, in a cookie that holds nothing else."""

    access = USE_THEME

    def post(self, request: HttpRequest) -> HttpResponse:
        theme = request.POST.get("theme", "system")
        back = request.POST.get("next", "/")
        if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
            back = "/"
        response = redirect(back)
        if theme in THEMES:
            response.set_cookie("theme", theme, max_age=31536000, samesite="Lax", httponly=True)
        return response


class Me(Page):
    """One's own page: what one takes part in, and the keys of one's programs."""

    access = USE_ACCOUNT

    def get(self, request: HttpRequest, new_token: str = "") -> HttpResponse:
        context = {
            "profile_form": ProfileForm(instance=signed_in(request)),
            "token_form": TokenForm(),
            "tokens": ApiToken.objects.filter(user=request.user.pk, revoked_at=None),
            "new_token": new_token,
            "mail_wishes": mail_wishes(signed_in(request)),
            "panels": panels.render("me", request),
        }
        return render(request, "community/me.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ProfileForm(request.POST, instance=signed_in(request))
        if not form.is_valid():
            raise InvalidError("A name has at most 120 letters. Yours was not changed.")
        form.save()
        messages.success(request, _("Your name is saved."))
        return redirect("community:me")


class CreateToken(Me):
    def post(self, request: HttpRequest) -> HttpResponse:
        """Make a token and show it, this once, on the page that answers."""
        form = TokenForm(request.POST)
        if not form.is_valid():
            raise InvalidError(
                "Give the token a name of at most 80 letters, so that you know later what used it."
            )
        token = create_api_token(user=signed_in(request), name=form.cleaned_data["name"])
        return self.get(request, new_token=token)


class RevokeToken(Page):
    access = USE_ACCOUNT

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        token = get_object_or_404(ApiToken, pk=pk, user=request.user.pk)
        revoke_api_token(token=token, by=signed_in(request))
        messages.success(request, _("The token “%(name)s” is revoked.") % {"name": token.name})
        return redirect("community:me")


class Outbox(Page):
    """The demo's mailbox for everyone."""

    access = READ_OUTBOX

    def get(self, request: HttpRequest) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        address = request.GET.get("to", "")
        page = Paginator(mails_to(address), 30).get_page(request.GET.get("page"))
        context = {"page": page, "address": address, "asked_at": _asked_at(request)}
        return render(request, "community/outbox_list.html", context)


def _asked_at(request: HttpRequest) -> str:
    """The account page one came from to look for its code; else where sign-in codes are asked."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    is_ours = came_from.netloc == request.get_host()
    if is_ours and came_from.path.startswith(("/accounts/login/code/", "/accounts/confirm-email/")):
        return urlunsplit(("", "", came_from.path, came_from.query, ""))
    return reverse("account_confirm_login_code")


class Healthz(Page):
    """The process lives."""

    access = READ_HEALTH

    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002 - a view's signature
        return JsonResponse({"process": "ok"})


class Readyz(Page):
    """Database, broker and worker, each named; 503 unless all answer."""

    access = READ_HEALTH

    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002 - a view's signature
        parts = readiness()
        is_ready = all(state == "ok" for state in parts.values())
        return JsonResponse(parts, status=200 if is_ready else 503)
