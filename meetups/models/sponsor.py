from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from community.models.chapter import own_chapters


class SponsorKind(models.TextChoices):
    FOOD = "food", _("food")
    ROOM = "room", _("room")
    AV = "av", _("A/V")
    DRINKS = "drinks", _("drinks")
    OTHER = "other", _("something else")


class Sponsorship(models.Model):
    """Who pays for what at one meetup. `provides` keeps the source's or the sponsor's own words."""

    meetup = models.ForeignKey(
        "meetups.Meetup", on_delete=models.CASCADE, related_name="sponsorships"
    )
    organization = models.ForeignKey(
        "community.Organization", on_delete=models.PROTECT, related_name="sponsorships"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=SponsorKind, blank=True)
    provides = models.CharField(_("provides"), max_length=120, blank=True)
    thanks = models.CharField(_("thanks, in our words"), max_length=300, blank=True)
    printed_name = models.CharField(_("name as printed"), max_length=120, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("sponsorship")
        verbose_name_plural = _("sponsorships")
        ordering = ("position", "id")

    def __str__(self) -> str:
        return f"{self.organization}: {self.provides}" if self.provides else str(self.organization)


class SponsorOfferQuerySet(models.QuerySet["SponsorOffer"]):
    def visible_to(self, user: Any) -> "SponsorOfferQuerySet":
        """Offers to the chapters `user` organizes: they hold people's addresses."""
        return self.filter(own_chapters(user))


class SponsorOffer(models.Model):
    """“We would pay for that month's food”: from the public form until an organizer decides."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        CONFIRMED = "confirmed", _("confirmed")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    chapter = models.ForeignKey(
        "community.Chapter", on_delete=models.CASCADE, related_name="sponsor_offers"
    )
    month = models.DateField(_("month"), help_text=_("The first day of it."))
    kind = models.CharField(_("kind"), max_length=20, choices=SponsorKind)
    organization_name = models.CharField(_("organization"), max_length=120)
    contact_name = models.CharField(_("your name"), max_length=120)
    contact_email = models.EmailField(_("your e-mail address"))
    message = models.TextField(_("message"), blank=True)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.PROPOSED)
    sponsorship = models.OneToOneField(
        Sponsorship, null=True, blank=True, on_delete=models.SET_NULL, related_name="offer"
    )
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = SponsorOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("sponsor's offer")
        verbose_name_plural = _("sponsors' offers")
        ordering = ("month", "kind", "id")
        constraints = [
            # One confirmed sponsor for a slot of the rota; “something else” may be many things.
            models.UniqueConstraint(
                fields=["chapter", "month", "kind"],
                condition=models.Q(state="confirmed") & ~models.Q(kind="other"),
                name="one_sponsor_per_slot",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization_name}, {self.kind} {self.month:%Y-%m}"
