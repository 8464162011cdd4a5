from django.db import models
from django.utils.translation import gettext_lazy as _


class Session(models.Model):
    """A part of the agenda."""

    class Kind(models.TextChoices):
        TALK = "talk", _("talk")
        DEMO = "demo", _("demo")
        PANEL = "panel", _("panel")
        DISCUSSION = "discussion", _("discussion")
        VISION = "vision", _("vision session")
        WORKING = "working", _("working session")
        PARTY = "party", _("party")
        ROAD_REPORT = "road_report", _("road report")

    meetup = models.ForeignKey("meetups.Meetup", on_delete=models.CASCADE, related_name="sessions")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.TALK)
    title = models.CharField(_("title"), max_length=240)
    description = models.TextField(_("what it is about"), blank=True)
    speakers = models.JSONField(_("speakers"), default=list, blank=True)
    hosts = models.JSONField(_("hosts"), default=list, blank=True)
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    printed_time = models.CharField(_("time as printed"), max_length=80, blank=True)
    place = models.CharField(_("place"), max_length=160, blank=True)
    needs_rsvp = models.BooleanField(_("asks for an RSVP of its own"), default=False)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ("position", "id")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True)
                | models.Q(ends_at__gt=models.F("starts_at")),
                name="session_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Topic(models.Model):
    """What a meeting was to be about, by stage: what was planned is not what was held."""

    class Stage(models.TextChoices):
        PLANNED = "planned", _("planned")
        ANNOUNCED = "announced", _("announced")
        HELD = "held", _("held")

    meetup = models.ForeignKey("meetups.Meetup", on_delete=models.CASCADE, related_name="topics")
    stage = models.CharField(_("stage"), max_length=20, choices=Stage)
    text = models.CharField(_("topic"), max_length=240)
    moved_to = models.ForeignKey(
        "meetups.Meetup",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="moved_here",
        verbose_name=_("moved to"),
        help_text=_("Where it was held, or will be, instead."),
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ("stage", "position", "id")

    def __str__(self) -> str:
        return self.text


class MinutesItem(models.Model):
    """One numbered item of a meeting's minutes."""

    meetup = models.ForeignKey("meetups.Meetup", on_delete=models.CASCADE, related_name="minutes")
    number = models.PositiveIntegerField(_("number"))
    text = models.TextField(_("text"))
    speaker = models.CharField(_("speaker"), max_length=120, blank=True)
    is_decision = models.BooleanField(_("a decision"), default=False)
    facts = models.JSONField(_("further facts"), default=dict, blank=True)

    class Meta:
        verbose_name = _("item of the minutes")
        verbose_name_plural = _("minutes")
        ordering = ("number", "id")
        constraints = [
            models.UniqueConstraint(fields=["meetup", "number"], name="minutes_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text[:60]}"


class Recording(models.Model):
    """Where a meeting, or a part of it, can be seen again."""

    meetup = models.ForeignKey(
        "meetups.Meetup", on_delete=models.CASCADE, related_name="recordings"
    )
    title = models.CharField(_("title"), max_length=160)
    url = models.URLField(_("web address"), max_length=500)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.title
