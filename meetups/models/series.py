from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Series(models.Model):
    """A meetup that comes back: the same weekday of every month, from which drafts are made."""

    class Week(models.IntegerChoices):
        FIRST = 1, _("first")
        SECOND = 2, _("second")
        THIRD = 3, _("third")
        FOURTH = 4, _("fourth")
        LAST = -1, _("last")

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    chapter = models.ForeignKey(
        "community.Chapter", on_delete=models.PROTECT, related_name="series"
    )
    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=160)
    summary = models.TextField(_("what it is about"), blank=True)
    week = models.SmallIntegerField(_("week of the month"), choices=Week, default=Week.SECOND)
    weekday = models.PositiveSmallIntegerField(
        _("weekday"), choices=Weekday, default=Weekday.THURSDAY
    )
    starts_at_time = models.TimeField(_("begins at"))
    duration_minutes = models.PositiveIntegerField(
        _("minutes it takes"),
        default=120,
        validators=[MinValueValidator(15), MaxValueValidator(24 * 60)],
    )
    timezone = models.CharField(_("time zone"), max_length=64, default="America/Chicago")
    venue = models.ForeignKey(
        "meetups.Venue", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    capacity = models.PositiveIntegerField(
        _("places in the room"), null=True, blank=True, validators=[MaxValueValidator(100000)]
    )
    has_online = models.BooleanField(_("can be joined online"), default=False)
    is_active = models.BooleanField(_("goes on"), default=True)

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering = ("chapter", "title")

    def __str__(self) -> str:
        return self.title
