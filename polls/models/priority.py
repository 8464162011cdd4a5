from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.models.chapter import own_chapters


class PriorityListQuerySet(models.QuerySet["PriorityList"]):
    def visible_to(self, user: Any) -> "PriorityListQuerySet":
        """Published ones; drafts for the chapter's organizers."""
        return self.filter(Q(published_at__isnull=False) | own_chapters(user))


class PriorityList(models.Model):
    """A ranked list of what matters to the group, addressed to a summit, and its scorecard."""

    chapter = models.ForeignKey(
        "community.Chapter", on_delete=models.CASCADE, related_name="priority_lists"
    )
    season = models.ForeignKey(
        "community.Season", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    poll = models.ForeignKey(
        "polls.Poll",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="priority_lists",
        verbose_name=_("poll"),
    )
    brainstorm = models.ForeignKey(
        "polls.Brainstorm",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="priority_lists",
        verbose_name=_("brainstorm"),
    )
    slug = models.SlugField(_("address of its page"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)
    introduction = models.TextField(_("introduction"), blank=True)
    addressed_to = models.CharField(
        _("addressed to"), max_length=200, blank=True, help_text=_("The summit that reads it.")
    )
    summit = models.ForeignKey(
        "meetups.Meetup",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("the summit's page"),
    )
    summit_on = models.DateField(_("day of the summit"), null=True, blank=True)
    # How the percentages came about, where they were printed elsewhere; unknown is said so.
    method = models.CharField(_("method"), max_length=200, blank=True)
    # What stood above the percentages, where they were printed under a name of their own.
    column_title = models.CharField(_("name of the percentage"), max_length=80, blank=True)
    voters = models.PositiveIntegerField(_("voters"), null=True, blank=True)
    verdict = models.TextField(_("overall"), blank=True)
    scored_by = models.CharField(_("scored by"), max_length=200, blank=True)
    observers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("observers")
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)

    objects = PriorityListQuerySet.as_manager()

    class Meta:
        verbose_name = _("list of priorities")
        verbose_name_plural = _("lists of priorities")
        ordering = ("-created_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["season"], condition=Q(season__isnull=False), name="one_list_a_season"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_published(self) -> bool:
        """Whether everyone may read it."""
        return self.published_at is not None


class Priority(models.Model):
    """One issue of the list, with the percentage it had."""

    list = models.ForeignKey(PriorityList, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField(_("position"))
    rank = models.PositiveIntegerField(_("rank"))
    title = models.CharField(_("title"), max_length=240)
    description = models.TextField(_("what it means"), blank=True)
    percent = models.DecimalField(
        _("percent"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    margin = models.DecimalField(_("margin"), max_digits=4, decimal_places=1, null=True, blank=True)
    option = models.ForeignKey(
        "polls.PollOption", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    carried_from = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="carried_to",
        verbose_name=_("carried over from"),
    )
    ideas = models.ManyToManyField(
        "polls.Idea", through="polls.PriorityIdea", related_name="priorities"
    )

    class Meta:
        verbose_name = _("priority")
        verbose_name_plural = _("priorities")
        ordering = ("list", "position")
        constraints = [
            models.UniqueConstraint(
                fields=["list", "position"],
                name="one_priority_a_place",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["list", "carried_from"], name="carried_once_to_a_list"),
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__gte=0, percent__lte=100),
                name="priority_percent_of_a_hundred",
            ),
            models.CheckConstraint(
                condition=Q(carried_from=None) | ~Q(carried_from=models.F("id")),
                name="priority_not_its_own_past",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PriorityIdea(models.Model):
    """A card an issue came from; `is_inferred` where the source does not say so itself."""

    priority = models.ForeignKey(Priority, on_delete=models.CASCADE, related_name="origins")
    idea = models.ForeignKey("polls.Idea", on_delete=models.CASCADE, related_name="became")
    is_inferred = models.BooleanField(_("inferred"), default=False)

    class Meta:
        verbose_name = _("origin of a priority")
        verbose_name_plural = _("origins of priorities")
        constraints = [
            models.UniqueConstraint(fields=["priority", "idea"], name="one_origin_a_card")
        ]

    def __str__(self) -> str:
        return f"{self.idea} -> {self.priority}"


class Outlook(models.Model):
    """A word of the list from which a chapter says how an issue looks: Excellent, Mixed."""

    class Tone(models.TextChoices):
        GOOD = "good", _("good")
        ATTENTION = "attention", _("mixed")
        BAD = "bad", _("bad")
        INACTIVE = "inactive", _("nothing to say")

    chapter = models.ForeignKey(
        "community.Chapter", on_delete=models.CASCADE, related_name="outlooks"
    )
    word = models.CharField(_("word"), max_length=60)
    tone = models.CharField(_("tone"), max_length=20, choices=Tone, default=Tone.INACTIVE)
    position = models.PositiveIntegerField(_("position"), default=0)
    is_offered = models.BooleanField(
        _("offered"), default=True, help_text=_("Otherwise it stays with those who used it.")
    )

    class Meta:
        verbose_name = _("outlook")
        verbose_name_plural = _("outlooks")
        ordering = ("position", "id")
        constraints = [models.UniqueConstraint(fields=["chapter", "word"], name="one_outlook_word")]

    def __str__(self) -> str:
        return self.word


class Assessment(models.Model):
    """What one observer saw happen to an issue at the summit, and how it looks since."""

    priority = models.ForeignKey(Priority, on_delete=models.CASCADE, related_name="assessments")
    observer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    printed_observer = models.CharField(_("observer as printed"), max_length=200, blank=True)
    happened = models.TextField(_("what happened"), blank=True)
    outlook = models.ForeignKey(
        Outlook,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("outlook"),
    )
    own_words = models.CharField(
        _("or in your own words"), max_length=80, blank=True, help_text=_("Of the outlook.")
    )
    # [{"title", "url"}]: sessions, minutes, recordings, anywhere.
    links = models.JSONField(_("links"), default=list, blank=True)
    created_at = models.DateTimeField(_("written at"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ("priority", "created_at", "id")
        constraints = [
            models.UniqueConstraint(fields=["priority", "observer"], name="one_assessment_each"),
            models.CheckConstraint(
                condition=~Q(happened="") | Q(outlook__isnull=False) | ~Q(own_words=""),
                name="assessment_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.priority}: {self.outlook_word}"

    @property
    def outlook_word(self) -> str:
        """The outlook in the group's word, else in the observer's own."""
        return self.outlook.word if self.outlook else self.own_words

    @property
    def observer_name(self) -> str:
        """Who says it: as printed, or by the account's name; empty where that is not known."""
        return self.printed_observer or (self.observer.name if self.observer else "")
