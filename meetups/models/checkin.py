from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.models.chapter import own_chapters


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    def visible_to(self, user: Any) -> "CheckInQuerySet":
        """Check-ins of the chapters `user` organizes, and one's own."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(rsvp__user=user.pk) | own_chapters(user, "meetup__chapter"))


class CheckIn(models.Model):
    """A party at the door, with an RSVP or without.

    `client_id` is made by the device that counted it, so that a replay after the Wi-Fi came back
    adds nothing.
    """

    meetup = models.ForeignKey("meetups.Meetup", on_delete=models.CASCADE, related_name="check_ins")
    rsvp = models.OneToOneField(
        "meetups.Rsvp", null=True, blank=True, on_delete=models.CASCADE, related_name="check_in"
    )
    name = models.CharField(_("name of a walk-in"), max_length=120, blank=True)
    people = models.PositiveSmallIntegerField(_("people"), default=1)
    client_id = models.CharField(_("number of the device's own"), max_length=64)
    came_at = models.DateTimeField(_("came at"))
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = CheckInQuerySet.as_manager()

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        ordering = ("came_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["meetup", "client_id"], name="one_check_in_per_client_id"
            ),
            models.CheckConstraint(condition=Q(people__gte=1), name="check_in_has_people"),
        ]

    def __str__(self) -> str:
        return f"{self.rsvp or self.name}: {self.people}"
