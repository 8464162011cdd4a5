from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.models.chapter import own_chapters

MOST_GUESTS = 5


class RsvpQuerySet(models.QuerySet["Rsvp"]):
    def visible_to(self, user: Any) -> "RsvpQuerySet":
        """One's own, and for organizers their chapter's."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(user=user.pk) | own_chapters(user, "meetup__chapter"))


class Rsvp(models.Model):
    """One person's answer to one meetup: a party of the person and `guests`."""

    class Status(models.TextChoices):
        GOING = "going", _("going")
        WAITLISTED = "waitlisted", _("waitlisted")
        OFFERED = "offered", _("offered")
        NOT_GOING = "not_going", _("not going")

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", _("in person")
        ONLINE = "online", _("online")

    meetup = models.ForeignKey("meetups.Meetup", on_delete=models.CASCADE, related_name="rsvps")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="rsvps"
    )
    status = models.CharField(_("status"), max_length=20, choices=Status)
    mode = models.CharField(_("mode"), max_length=20, choices=Mode, default=Mode.IN_PERSON)
    site = models.ForeignKey("meetups.Site", null=True, blank=True, on_delete=models.SET_NULL)
    guests = models.PositiveSmallIntegerField(
        _("guests"), default=0, validators=[MaxValueValidator(MOST_GUESTS)]
    )
    diet = models.CharField(_("dietary note"), max_length=200, blank=True)
    waitlisted_at = models.DateTimeField(_("on the waitlist since"), null=True, blank=True)
    offer_expires_at = models.DateTimeField(_("offer stands until"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("first answered at"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = RsvpQuerySet.as_manager()

    class Meta:
        verbose_name = _("RSVP")
        verbose_name_plural = _("RSVPs")
        ordering = ("created_at", "id")
        constraints = [
            models.UniqueConstraint(fields=["meetup", "user"], name="one_rsvp_per_person"),
            models.CheckConstraint(
                condition=Q(guests__gte=0, guests__lte=MOST_GUESTS), name="rsvp_guests_within_limit"
            ),
            models.CheckConstraint(
                condition=~Q(status="waitlisted") | Q(waitlisted_at__isnull=False),
                name="rsvp_waitlisted_since",
            ),
        ]
        indexes = [
            models.Index(
                fields=["meetup", "mode", "waitlisted_at", "id"],
                condition=Q(status="waitlisted"),
                name="rsvp_waitlist",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.status}"

    @property
    def party_size(self) -> int:
        """People: the person and the guests."""
        return 1 + self.guests
