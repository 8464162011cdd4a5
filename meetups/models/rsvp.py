import secrets
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.models.chapter import own_chapters

MOST_GUESTS = 5
# Crockford's base 32 without the letters that are taken for digits.
CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8


def new_check_in_code() -> str:
    """A code that can be read out and typed: eight letters, 40 bits."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


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
    waitlisted_at = models.DateTimeField(_("on the waitlist since"), null=True, blank=True)
    offer_expires_at = models.DateTimeField(_("offer stands until"), null=True, blank=True)
    reconfirmed_at = models.DateTimeField(_("said again that they come at"), null=True, blank=True)
    code = models.CharField(
        _("check-in code"), max_length=8, default=new_check_in_code, editable=False
    )
    # Of the calendar entry: 0 with the first answer, one more with every change of it.
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
            models.UniqueConstraint(fields=["meetup", "code"], name="one_rsvp_per_code"),
            models.CheckConstraint(
                condition=~Q(status="offered") | Q(offer_expires_at__isnull=False),
                name="rsvp_offer_has_a_deadline",
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
            ),
            models.Index(
                fields=["offer_expires_at"], condition=Q(status="offered"), name="rsvp_offers"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.status}"

    @property
    def party_size(self) -> int:
        """People: the person and the guests."""
        return 1 + self.guests


class DietaryNote(models.Model):
    """What a party cannot eat: kept apart from the answer, encrypted, and only for a while."""

    rsvp = models.OneToOneField(Rsvp, on_delete=models.CASCADE, related_name="dietary_note")
    sealed = models.TextField(editable=False)
    expires_at = models.DateTimeField(_("is deleted at"), null=True)

    class Meta:
        verbose_name = _("dietary note")
        verbose_name_plural = _("dietary notes")
        indexes = [models.Index(fields=["expires_at"], name="dietary_note_expiry")]

    def __str__(self) -> str:
        return f"dietary note of {self.rsvp_id}"
