from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from community.core.errors import InvalidError, ProductError
from community.core.views import Page
from community.forms import DeleteAccountForm
from community.permissions import USE_ACCOUNT
from community.selectors.people import signed_in
from community.services.personal import erase_account, personal_data


class ExportMe(Page):
    """Everything the site holds on the person, as a file."""

    access = USE_ACCOUNT

    def get(self, request: HttpRequest) -> HttpResponse:
        data = personal_data(by=signed_in(request))
        response = JsonResponse(data, json_dumps_params={"indent": 2, "ensure_ascii": False})
        response["Content-Disposition"] = 'attachment; filename="my-data.json"'
        response["Cache-Control"] = "no-store"
        return response


class DeleteMe(Page):
    """What goes and what stays; the address typed once more; then it is done."""

    access = USE_ACCOUNT

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, DeleteAccountForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = DeleteAccountForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, InvalidError.status)
        try:
            erase_account(by=signed_in(request), **form.cleaned_data)
        except ProductError as error:
            form.add_error("email", error.sentence)
            return self._page(request, form, error.status)
        logout(request)
        messages.success(request, _("Your account is deleted."))
        return redirect("community:home")

    @staticmethod
    def _page(request: HttpRequest, form: DeleteAccountForm, status: int = 200) -> HttpResponse:
        return render(request, "community/me_delete.html", {"form": form}, status=status)
