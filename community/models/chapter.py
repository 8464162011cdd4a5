from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Chapter(models.Model):
    """A local group with its own organizers: Austin, Boston."""

    slug = models.SlugField(_("slug"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    city = models.CharField(_("city"), max_length=120, blank=True)
    timezone = models.CharField(_("time zone"), max_length=64, default="America/Chicago")
    about = models.TextField(_("about"), blank=True)

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's place in a chapter, and what they are in it."""

    class Role(models.TextChoices):
        MEMBER = "member", _("member")
        ORGANIZER = "organizer", _("organizer")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    chapter = models.ForeignKey(Chapter, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.MEMBER)
    is_participant = models.BooleanField(
        _("may reserve lab nodes"),
        default=False,
        help_text=_("Made a hack-day participant by an organizer, without an RSVP."),
    )
    since = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ("chapter", "user")
        constraints = [
            models.UniqueConstraint(fields=["user", "chapter"], name="one_membership_per_chapter")
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.role} of {self.chapter}"


class Takeover(models.Model):
    """A member asks to lead a chapter whose organizers have all been silent.

    Any organizer's objection ends it; otherwise it takes effect at `ripens_at`.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("asked")
        DONE = "done", _("took effect")
        OBJECTED = "objected", _("an organizer objected")
        WITHDRAWN = "withdrawn", _("withdrawn")

    chapter = models.ForeignKey(Chapter, on_delete=models.CASCADE, related_name="takeovers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    ripens_at = models.DateTimeField(_("takes effect at"))
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("takeover")
        verbose_name_plural = _("takeovers")
        ordering = ("-asked_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["chapter"],
                condition=models.Q(state="asked"),
                name="one_open_takeover_a_chapter",
            )
        ]

    def __str__(self) -> str:
        return f"{self.chapter}: {self.by}"


def organizes(user: Any, chapter_id: int) -> bool:
    """Whether `user` organizes that chapter; administrators organize all."""
    if not user.is_authenticated:
        return False
    return bool(user.is_superuser or chapter_id in user.organized_chapter_ids)


def own_chapters(user: Any, path: str = "chapter") -> models.Q:
    """The condition that `path` is a chapter `user` organizes; administrators organize all."""
    if not user.is_authenticated:
        return models.Q(pk__in=[])
    if user.is_superuser:
        # An empty condition would vanish from `this | own_chapters(…)`; this one holds for all.
        return ~models.Q(pk__in=[])
    return models.Q(**{f"{path}__in": user.organized_chapter_ids})
