from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """One line of a deployment's record; `seq` counts from 1 without a gap."""

    class Level(models.TextChoices):
        DEBUG = "debug", _("debug")
        INFO = "info", _("info")
        WARNING = "warning", _("warning")
        ERROR = "error", _("error")

    class Kind(models.TextChoices):
        STATE = "state", _("state")
        OUTPUT = "output", _("output")
        STEP = "step", _("step")
        NOTE = "note", _("note")

    deployment = models.ForeignKey(
        "deploylab.Deployment", on_delete=models.CASCADE, related_name="events", db_index=False
    )
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    # Names, not keys: the record stays true when a node is renamed or removed.
    node = models.CharField(_("node"), max_length=60, blank=True)
    step = models.CharField(_("step"), max_length=60, blank=True)
    level = models.CharField(_("level"), max_length=10, choices=Level, default=Level.INFO)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("deployment", "seq")
        constraints = [
            models.UniqueConstraint(fields=["deployment", "seq"], name="one_event_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.text[:60]}"
