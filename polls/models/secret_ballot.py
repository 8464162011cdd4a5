import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from polls.models.election import Election


class SecretBallot(models.Model):
    """A ballot of an election: what was chosen, and nothing about who chose it or when.

    Each election has a partition of this table for itself. At the close it is copied, ordered by
    the random ids, into a fresh one in one transaction, and the old is dropped: until then
    PostgreSQL's row versions could tie a ballot to the voter's row that was written with it.
    `revote_hash` finds the ballot again for whoever keeps its code; sealing forgets it.
    The columns are all there may be, and a test holds them to that.
    """

    pk = models.CompositePrimaryKey("election_id", "id")
    election = models.ForeignKey(
        Election, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    id = models.UUIDField(default=uuid.uuid4, editable=False)
    choices = models.JSONField(_("choices"))
    employer = models.CharField(_("employer, coarsely"), max_length=120, blank=True)
    revote_hash = models.CharField(max_length=64, null=True, editable=False)  # noqa: DJ001 - null is "forgotten", and unique lets many be so

    class Meta:
        verbose_name = _("secret ballot")
        verbose_name_plural = _("secret ballots")
        constraints = [
            models.UniqueConstraint(
                fields=["election", "revote_hash"], name="one_secret_ballot_a_code"
            )
        ]

    def __str__(self) -> str:
        return f"a ballot in {self.election_id}"
