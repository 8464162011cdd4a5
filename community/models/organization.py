from django.db import models
from django.utils.translation import gettext_lazy as _


class Organization(models.Model):
    """A company or project: sponsors, employers, hosts."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    also_known_as = models.JSONField(
        _("also printed as"), default=list, blank=True, help_text=_("Spellings found in sources.")
    )
    level = models.CharField(_("level"), max_length=120, blank=True)
    url = models.URLField(_("web address"), blank=True)

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
