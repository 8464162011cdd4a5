from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from community.models.chapter import own_chapters


class SiteQuerySet(models.QuerySet["Site"]):
    def visible_to(self, user: Any) -> "SiteQuerySet":
        """Approved sites for everyone, proposals for who made them and the chapter's organizers."""
        seen = Q(state=Site.State.APPROVED) | own_chapters(user, "meetup__chapter")
        if user.is_authenticated:
            seen |= Q(proposed_by=user.pk)
        return self.filter(seen)


class Site(models.Model):
    """One place of an event held in several: a city, or online.

    `going` counts the people with a place here, offered ones included; the database keeps it from
    the RSVP rows and refuses more than the site's capacity.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")

    meetup = models.ForeignKey("meetups.Meetup", on_delete=models.CASCADE, related_name="sites")
    name = models.CharField(_("name"), max_length=160)
    host = models.CharField(_("host"), max_length=160, blank=True)
    venue = models.ForeignKey("meetups.Venue", null=True, blank=True, on_delete=models.PROTECT)
    address = models.CharField(_("address"), max_length=240, blank=True)
    timezone = models.CharField(_("time zone"), max_length=64, blank=True)
    note = models.TextField(_("note"), blank=True)
    is_online = models.BooleanField(_("online"), default=False)
    capacity = models.PositiveIntegerField(
        _("places"), null=True, blank=True, validators=[MaxValueValidator(100000)]
    )
    going = models.PositiveIntegerField(default=0, editable=False)
    join_instructions = models.TextField(
        _("how to get in"), blank=True, help_text=_("Shown, and mailed, to those who go there.")
    )
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.APPROVED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decision_note = models.CharField(_("why it was decided so"), max_length=300, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ("position", "id")
        constraints = [
            models.UniqueConstraint(fields=["meetup", "name"], name="one_site_per_name"),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(going__lte=F("capacity")),
                name="site_going_within_capacity",
            ),
        ]

    def __str__(self) -> str:
        return self.name
