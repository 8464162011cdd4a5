from django.db import models
from django.utils.translation import gettext_lazy as _


class Site(models.Model):
    """One place of an event held in several: a city, or online."""

    meetup = models.ForeignKey("meetups.Meetup", on_delete=models.CASCADE, related_name="sites")
    name = models.CharField(_("name"), max_length=160)
    host = models.CharField(_("host"), max_length=160, blank=True)
    venue = models.ForeignKey("meetups.Venue", null=True, blank=True, on_delete=models.PROTECT)
    timezone = models.CharField(_("time zone"), max_length=64, blank=True)
    note = models.TextField(_("note"), blank=True)
    is_online = models.BooleanField(_("online"), default=False)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ("position", "id")
        constraints = [models.UniqueConstraint(fields=["meetup", "name"], name="one_site_per_name")]

    def __str__(self) -> str:
        return self.name
