from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from polls.models.election import Election


class RollEntry(models.Model):
    """Somebody who may vote in an election, and why.

    It says whether they have voted and nothing else of it: no time, no receipt, no ballot.
    The personal token is made when its mail is sent; only its SHA-256 is kept, and `token_nonce`
    says which request of a token is the latest.
    """

    election = models.ForeignKey(Election, on_delete=models.CASCADE, related_name="roll")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=150, blank=True)
    reason = models.CharField(_("why they may vote"), max_length=200)
    token_nonce = models.UUIDField(null=True, editable=False)
    token_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 - null is "no token", and unique lets many have none
    has_voted = models.BooleanField(_("has voted"), default=False, editable=False)

    class Meta:
        verbose_name = _("entry of the roll")
        verbose_name_plural = _("roll")
        ordering = ("email",)
        constraints = [
            models.UniqueConstraint(fields=["election", "email"], name="on_the_roll_once"),
            models.UniqueConstraint(
                fields=["election", "account"],
                condition=Q(account__isnull=False),
                name="account_on_the_roll_once",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="roll_entry_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.email


class RollRequest(models.Model):
    """Somebody who is not on the roll and asks to be."""

    class State(models.TextChoices):
        ASKED = "asked", _("waits for an answer")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")

    election = models.ForeignKey(Election, on_delete=models.CASCADE, related_name="roll_requests")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.CharField(_("why they should be on it"), max_length=500)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decision_reason = models.CharField(_("reason of the decision"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("request to be on the roll")
        verbose_name_plural = _("requests to be on the roll")
        ordering = ("asked_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["election", "account"],
                condition=Q(state="asked"),
                name="one_request_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} in {self.election_id}"
