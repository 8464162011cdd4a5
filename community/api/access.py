from typing import Any

from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from community.core.permissions import Access, may


class DeclaredAccess(BasePermission):
    """Every call names its row of the permission table: `read` for GET, `write` for the rest."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the caller passes; someone not signed in gets 401, the rest 403."""
        access: Access = view.read if request.method in SAFE_METHODS else view.write
        if may(request.user, access):
            return True
        if not request.user.is_authenticated:
            raise NotAuthenticated
        return False
