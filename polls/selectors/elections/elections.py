"""Elections as their pages and calls find them."""

from typing import Any

from community.core.errors import NotFoundError
from community.models.chapter import organizes
from polls.models import Election, Inspector


def election_for(slug: str, user: Any) -> Election:
    """The election at `slug`, where `user` may see it. Raises NotFoundError."""
    found = Election.objects.visible_to(user).select_related("chapter").filter(slug=slug).first()
    if found is None:
        raise NotFoundError("There is no such election, or it is not announced yet.")
    return found


def is_run_by(election: Election, user: Any) -> bool:
    """Whether `user` organizes the election's chapter."""
    return organizes(user, election.chapter_id)


def inspector_of(election: Election, user: Any) -> Inspector | None:
    """`user` as an inspector of the election, where they are one."""
    if not user.is_authenticated:
        return None
    return Inspector.objects.filter(election=election, account=user.pk).first()
