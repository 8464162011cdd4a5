from typing import Any

from rest_framework.exceptions import MethodNotAllowed, NotAuthenticated
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from community.core.permissions import Access, may


class DeclaredAccess(BasePermission):
    """Every call names its row of the permission table: `read` for GET, `write` for the rest."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the caller passes; someone not signed in gets 401, the rest 403."""
        name = "read" if request.method in SAFE_METHODS else "write"
        access: Access | None = getattr(view, name, None)
        if access is None or request.method not in view.allowed_methods:
            raise MethodNotAllowed(str(request.method))
        if may(request.user, access):
            return True
        if not request.user.is_authenticated:
            raise NotAuthenticated
        return False
