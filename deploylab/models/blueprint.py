from django.db import models
from django.utils.translation import gettext_lazy as _


class Blueprint(models.Model):
    """A recipe for a deployment, by name; its text lives in versions."""

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=120)
    summary = models.TextField(_("what it does"), blank=True)
    is_shipped = models.BooleanField(_("shipped with the product"), default=False)
    current = models.ForeignKey(
        "deploylab.BlueprintVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("blueprint")
        verbose_name_plural = _("blueprints")
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.title


class BlueprintVersion(models.Model):
    """A blueprint's text as it was deployed, known by the hash of its content; never changed."""

    blueprint = models.ForeignKey(Blueprint, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    digest = models.CharField(_("SHA-256"), max_length=64)
    source = models.TextField(_("text"))
    spec = models.JSONField(_("content"))
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)

    class Meta:
        verbose_name = _("blueprint version")
        verbose_name_plural = _("blueprint versions")
        ordering = ("blueprint", "-number")
        constraints = [
            models.UniqueConstraint(fields=["blueprint", "digest"], name="one_version_per_content"),
            models.UniqueConstraint(fields=["blueprint", "number"], name="one_version_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.blueprint} {self.number}"
