from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.models import Membership
from community.models.chapter import own_chapters
from meetups.models import Rsvp


class BrainstormQuerySet(models.QuerySet["Brainstorm"]):
    def visible_to(self, user: Any) -> "BrainstormQuerySet":
        """Public ones; of the rest those of one's own chapters and of meetups one goes to."""
        return self.filter(Q(is_public=True) | _takes_part(user))

    def open_to(self, user: Any) -> "BrainstormQuerySet":
        """Those in which `user` may take part: the chapter's members, who goes to the meetup."""
        return self.filter(_takes_part(user))


def _takes_part(user: Any) -> Q:
    if not user.is_authenticated:
        return Q(pk__in=[])
    chapters = Membership.objects.filter(user=user.pk).values("chapter")
    going = Rsvp.objects.filter(user=user.pk, status=Rsvp.Status.GOING).values("meetup")
    return own_chapters(user) | Q(chapter__in=chapters) | Q(meetup__in=going)


class Brainstorm(models.Model):
    """A place where many write idea cards at once. `last_seq` numbers everything that happens."""

    chapter = models.ForeignKey(
        "community.Chapter", on_delete=models.CASCADE, related_name="brainstorms"
    )
    meetup = models.ForeignKey(
        "meetups.Meetup",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="brainstorms",
        verbose_name=_("meetup"),
    )
    season = models.ForeignKey(
        "community.Season", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    slug = models.SlugField(_("address of its page"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)
    prompt = models.TextField(_("what it asks"), blank=True)
    is_public = models.BooleanField(
        _("strangers may read it"), default=True, help_text=_("Writing is for members.")
    )
    allows_anonymous = models.BooleanField(_("cards without a name are allowed"), default=True)
    drops_authors = models.BooleanField(
        _("who wrote without a name is forgotten when it closes"),
        default=True,
        help_text=_("Until then only the system knows, so that they can mend their own words."),
    )
    everyone_sorts = models.BooleanField(
        _("everyone may sort and group"), default=False, help_text=_("Otherwise the organizers do.")
    )
    created_at = models.DateTimeField(_("begun at"), auto_now_add=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)
    last_seq = models.PositiveIntegerField(default=0, editable=False)

    objects = BrainstormQuerySet.as_manager()

    class Meta:
        verbose_name = _("brainstorm")
        verbose_name_plural = _("brainstorms")
        ordering = ("-created_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["season"], condition=Q(season__isnull=False), name="one_brainstorm_a_season"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether cards can be written."""
        return self.closed_at is None


class Author(models.Model):
    """A person's place among a brainstorm's named authors: it gives the colour of their cards.

    A row is made with the first change that bears the name; who writes without leaves no gap.
    """

    HUES = 8

    brainstorm = models.ForeignKey(Brainstorm, on_delete=models.CASCADE, related_name="authors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField(_("number"))

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        constraints = [
            models.UniqueConstraint(fields=["brainstorm", "user"], name="one_place_an_author"),
            models.UniqueConstraint(fields=["brainstorm", "number"], name="one_author_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.user}"


class Idea(models.Model):
    """A card, or, where `parent` is set, a note under one.

    A card merged into another becomes a note of it and keeps its own notes. Nothing is ever
    deleted: a removed one has `removed_at`, and every change is an `IdeaEvent`.
    """

    brainstorm = models.ForeignKey(Brainstorm, on_delete=models.CASCADE, related_name="ideas")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="notes"
    )
    text = models.TextField(_("text"))
    # Who wrote it; for cards without a name the system alone may look.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_anonymous = models.BooleanField(_("without a name"), default=False)
    printed_author = models.CharField(_("author as printed"), max_length=120, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    group = models.CharField(_("group"), max_length=80, blank=True)
    # A key that sorts between any two others: see polls.ordering.
    position = models.CharField(_("position"), max_length=255, db_collation="C")
    revision = models.PositiveIntegerField(_("revision"), default=1)
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    carried_from = models.ForeignKey(
        "polls.Priority",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="carried_as",
        verbose_name=_("carried over from"),
    )
    created_at = models.DateTimeField(_("written at"), auto_now_add=True)

    class Meta:
        verbose_name = _("idea")
        verbose_name_plural = _("ideas")
        ordering = ("position", "id")
        indexes = [models.Index(fields=["brainstorm", "position"], name="idea_order")]
        constraints = [
            models.UniqueConstraint(
                fields=["brainstorm", "carried_from"], name="carried_once_to_a_brainstorm"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="idea_has_words"),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=models.F("id")), name="idea_not_its_own_note"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class IdeaEvent(models.Model):
    """One numbered change of a brainstorm; rows are only ever added, and readers follow them.

    `before` and `after` hold the fields that changed, so that any change can be undone and no
    word is ever lost.
    """

    class Kind(models.TextChoices):
        POSTED = "posted", _("posted")
        EDITED = "edited", _("edited")
        MOVED = "moved", _("moved")
        GROUPED = "grouped", _("grouped")
        MERGED = "merged", _("merged")
        SPLIT = "split", _("split off")
        REMOVED = "removed", _("removed")
        UNDONE = "undone", _("undone")

    brainstorm = models.ForeignKey(Brainstorm, on_delete=models.CASCADE, related_name="events")
    seq = models.PositiveIntegerField(_("number"))
    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_anonymous = models.BooleanField(_("without a name"), default=False)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    undoes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="undone_by"
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("event of a brainstorm")
        verbose_name_plural = _("events of a brainstorm")
        ordering = ("brainstorm", "seq")
        constraints = [
            models.UniqueConstraint(fields=["brainstorm", "seq"], name="one_idea_event_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.seq}: {self.kind}"
