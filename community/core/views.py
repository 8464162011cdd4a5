"""What every page shares: it names its row of the permission table."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.views import View

from community.core.errors import ForbiddenError
from community.core.permissions import Access, may


class Page(View):
    """A page. `access` is the table's row; strangers who need an account go to sign in first."""

    access: Access

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may(request.user, self.access):
            if request.user.is_authenticated:
                raise ForbiddenError("Your account has no right to do this.")
            return redirect_to_login(request.get_full_path())
        return super().dispatch(request, *args, **kwargs)


def client_address(request: HttpRequest) -> str:
    """The address the request came from, as the server saw it."""
    return str(request.META.get("REMOTE_ADDR", ""))
