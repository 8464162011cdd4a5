from community.core.errors import ForbiddenError
from community.models import Chapter, User


def chapter_for(user: User, wanted: Chapter | None = None) -> Chapter:
    """The chapter a new thing of `user` belongs to: `wanted`, else the first they organize."""
    own = Chapter.objects.all()
    if not user.is_superuser:
        own = own.filter(pk__in=user.organized_chapter_ids)
    chapter = own.filter(pk=wanted.pk).first() if wanted else own.order_by("id").first()
    if chapter is None:
        raise ForbiddenError("You do not organize that chapter.")
    return chapter
