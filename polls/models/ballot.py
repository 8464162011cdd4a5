from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from polls.models.poll import Poll


class Ballot(models.Model):
    """One person's ballot in one poll, as they sent it last.

    `choices` has the API's shape, with ids of options: `{"ranking": […]}`, `{"scores": {…}}`,
    `{"approved": […]}` or `{"dots": {…}}`. The database takes one only while the poll is open.
    """

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="ballots")
    # Null once the account is gone: the ballot still counts, as it was counted.
    voter = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    choices = models.JSONField(_("choices"))
    cast_at = models.DateTimeField(_("cast at"))
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        constraints = [models.UniqueConstraint(fields=["poll", "voter"], name="one_ballot_a_voter")]

    def __str__(self) -> str:
        return f"a ballot in {self.poll_id}"  # neither whose nor what


class PollResult(models.Model):
    """What was counted when the poll closed; `manage.py recount` gives the same bytes."""

    poll = models.OneToOneField(Poll, on_delete=models.CASCADE, related_name="result")
    version = models.PositiveSmallIntegerField(_("version of the tally"))
    digest = models.CharField(_("digest of the ballots"), max_length=64)
    ballots = models.PositiveIntegerField(_("ballots"))
    electorate = models.PositiveIntegerField(_("electorate"))
    content = models.JSONField(_("what was counted"))
    counted_at = models.DateTimeField(_("counted at"))

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")

    def __str__(self) -> str:
        return f"result of {self.poll_id}"
