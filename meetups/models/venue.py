from django.db import models
from django.utils.translation import gettext_lazy as _


class Venue(models.Model):
    """A room the group meets in."""

    chapter = models.ForeignKey(
        "community.Chapter", on_delete=models.PROTECT, related_name="venues"
    )
    name = models.CharField(_("name"), max_length=160)
    address = models.CharField(_("address"), max_length=240, blank=True)
    how_to_find = models.TextField(_("how to find it"), blank=True)

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=["chapter", "name"], name="one_venue_per_name")
        ]

    def __str__(self) -> str:
        return self.name
