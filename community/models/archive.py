from django.db import models
from django.utils.translation import gettext_lazy as _


class Season(models.Model):
    """A group's recorded season: what was gathered from public sources, and what is inferred."""

    slug = models.SlugField(_("slug"), unique=True)
    title = models.CharField(_("title"), max_length=160)
    chapter = models.ForeignKey(
        "community.Chapter", on_delete=models.PROTECT, related_name="seasons"
    )
    year = models.PositiveSmallIntegerField(_("year"), null=True)
    is_year_inferred = models.BooleanField(_("the year is inferred"), default=False)
    year_because = models.JSONField(_("why that year"), default=list)
    about = models.TextField(_("about"), blank=True)
    loaded_at = models.DateTimeField(_("loaded at"), auto_now=True)

    class Meta:
        verbose_name = _("season")
        verbose_name_plural = _("seasons")
        ordering = ("-year", "title")

    def __str__(self) -> str:
        return self.title


class ArchiveRecord(models.Model):
    """One fact of a season as it was recorded, by section and key.

    Everything of the source that has no model of its own yet stands here, whole; a part that
    gets a model keeps its record as the source of what was loaded.
    """

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="records")
    section = models.SlugField(_("section"), max_length=60)
    key = models.CharField(_("key"), max_length=200)
    position = models.PositiveIntegerField(_("position"))
    content = models.JSONField(_("content"))
    is_inferred = models.BooleanField(_("inferred"), default=False)
    source = models.CharField(_("source file"), max_length=120)

    class Meta:
        verbose_name = _("archive record")
        verbose_name_plural = _("archive records")
        ordering = ("section", "position")
        constraints = [
            models.UniqueConstraint(
                fields=["season", "source", "section", "key"], name="one_record_per_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.section}: {self.key}"
