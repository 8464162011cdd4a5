from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from polls import states
from polls.models.election import Election


class Campaign(models.Model):
    """Candidates who run together, with what they stand for."""

    election = models.ForeignKey(Election, on_delete=models.CASCADE, related_name="campaigns")
    title = models.CharField(_("title"), max_length=200)
    statement = models.TextField(_("statement"), blank=True)
    record = models.TextField(_("record"), blank=True)

    class Meta:
        verbose_name = _("joint campaign")
        verbose_name_plural = _("joint campaigns")
        ordering = ("id",)

    def __str__(self) -> str:
        return self.title


class Candidate(models.Model):
    """A person nominated in an election, and how far that went."""

    class State(models.TextChoices):
        NOMINATED = states.NOMINATED, _("nominated")
        ACCEPTED = states.ACCEPTED, _("accepted")
        DECLINED = states.DECLINED, _("declined")
        WITHDRAWN = states.WITHDRAWN, _("withdrawn")
        RULED_OUT = states.RULED_OUT, _("ruled out")

    election = models.ForeignKey(Election, on_delete=models.CASCADE, related_name="candidates")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(_("name"), max_length=150)
    affiliation = models.CharField(_("company"), max_length=120, blank=True)
    profile = models.CharField(_("in a line"), max_length=300, blank=True)
    statement = models.TextField(_("statement"), blank=True)
    links = models.TextField(_("links, one a line"), blank=True)
    campaign = models.ForeignKey(
        Campaign,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="candidates",
        verbose_name=_("joint campaign"),
    )
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.NOMINATED, editable=False
    )
    state_reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    nominated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Set at the opening and never taken back: who withdraws later stays on the paper, unelectable.
    is_on_ballot = models.BooleanField(_("on the ballot"), default=False, editable=False)
    # Entered by organizers, as a body that nominates by itself would: no endorsements are asked.
    is_entered = models.BooleanField(_("entered by organizers"), default=False, editable=False)
    created_at = models.DateTimeField(_("nominated at"), auto_now_add=True)

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        ordering = ("name", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["election", "account"],
                condition=Q(account__isnull=False),
                name="nominated_once",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="candidate_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Endorsement(models.Model):
    """A member's word for a nomination."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="endorsements")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("endorsement")
        verbose_name_plural = _("endorsements")
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["candidate", "account"], name="endorsed_once")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} for {self.candidate_id}"


class ElectionQuestion(models.Model):
    """What the organizers ask every candidate."""

    election = models.ForeignKey(Election, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    text = models.CharField(_("question"), max_length=300)

    class Meta:
        verbose_name = _("question to candidates")
        verbose_name_plural = _("questions to candidates")
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.text


class CandidateAnswer(models.Model):
    """A candidate's answer to one of them."""

    question = models.ForeignKey(ElectionQuestion, on_delete=models.CASCADE, related_name="answers")
    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="answers")
    text = models.TextField(_("answer"))

    class Meta:
        verbose_name = _("answer of a candidate")
        verbose_name_plural = _("answers of candidates")
        ordering = ("question", "id")
        constraints = [
            models.UniqueConstraint(fields=["question", "candidate"], name="answered_once")
        ]

    def __str__(self) -> str:
        return f"{self.candidate_id}: {self.text[:40]}"
