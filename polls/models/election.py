import datetime as dt
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from community.core import clock
from community.models.chapter import own_chapters
from polls import states


class ElectionQuerySet(models.QuerySet["Election"]):
    def visible_to(self, user: Any) -> "ElectionQuerySet":
        """Announced ones, those one inspects, and all of own chapters."""
        announced = Q(announced_at__isnull=False)
        if not user.is_authenticated:
            return self.filter(announced)
        inspected = Inspector.objects.filter(account=user.pk).values("election")
        return self.filter(announced | Q(pk__in=inspected) | own_chapters(user))


class Election(models.Model):
    """Seats to fill by a secret ballot; or one held elsewhere, of which the site only tells."""

    class Method(models.TextChoices):
        CUMULATIVE = "cumulative", _("cumulative: votes to divide as one wishes")
        APPROVAL = "approval", _("approval: all whom one would support")
        STV = "stv", _("single transferable vote: candidates in order")
        SCHULZE = "schulze", _("Schulze: candidates in order, equals allowed")

    class State(models.TextChoices):
        DRAFT = states.DRAFT, _("draft")
        NOMINATING = states.NOMINATING, _("nominating")
        OPEN = states.OPEN, _("open")
        CLOSED = states.CLOSED, _("closed")
        SEALED = states.SEALED, _("sealed")
        COUNTED = states.COUNTED, _("counted")
        CERTIFIED = states.CERTIFIED, _("certified")
        CANCELLED = states.CANCELLED, _("cancelled")
        EXTERNAL = states.EXTERNAL, _("held elsewhere")

    class ResultsAt(models.TextChoices):
        CLOSE = "close", _("as soon as it is closed and counted")
        CERTIFICATION = "certification", _("when every inspector has certified them")

    chapter = models.ForeignKey(
        "community.Chapter", on_delete=models.PROTECT, related_name="elections"
    )
    season = models.ForeignKey(
        "community.Season", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    slug = models.SlugField(_("address of its page"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)
    body = models.CharField(_("which body is elected"), max_length=200, blank=True)
    about = models.TextField(_("what it is about"), blank=True)
    eligibility = models.TextField(_("who may vote, and why"), blank=True)
    how_to_vote = models.TextField(_("how to vote"), blank=True)
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.DRAFT, editable=False
    )
    announced_at = models.DateTimeField(_("announced at"), null=True, editable=False)

    # the rules, fixed from the opening on
    method = models.CharField(_("method"), max_length=20, choices=Method, default=Method.CUMULATIVE)
    seats = models.PositiveSmallIntegerField(
        _("seats"), default=1, validators=[MinValueValidator(1), MaxValueValidator(99)]
    )
    votes_per_voter = models.PositiveSmallIntegerField(
        _("votes of each voter"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(999)],
        help_text=_("To be divided over candidates; cumulative elections only."),
    )
    whole_votes = models.BooleanField(_("whole votes only"), default=True)
    cap_max = models.PositiveSmallIntegerField(
        _("most directors of one company"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
    )
    # [{"name": …, "affiliation": …}]: directors of other classes, who count for the cap.
    cap_sitting = models.JSONField(_("sitting directors"), default=list, blank=True)
    asks_employer = models.BooleanField(
        _("ballots ask for the voter's employer"),
        default=False,
        help_text=_("A coarse bucket on the ballot: a candidate's employer, other, undisclosed."),
    )
    publish_ballots = models.BooleanField(
        _("ballots are published"),
        default=False,
        help_text=_("Without voters, once results are out, and only from ten ballots on."),
    )
    results_at = models.CharField(
        _("results are shown"), max_length=20, choices=ResultsAt, default=ResultsAt.CERTIFICATION
    )

    # times
    endorsements_needed = models.PositiveSmallIntegerField(_("endorsements needed"), default=0)
    nominations_open_at = models.DateTimeField(_("nominations open at"), null=True, blank=True)
    nominations_close_at = models.DateTimeField(_("nominations close at"), null=True, blank=True)
    opens_at = models.DateTimeField(_("voting opens at"), null=True, blank=True)
    closes_at = models.DateTimeField(_("voting closes at"), null=True, blank=True)
    has_days_only = models.BooleanField(
        _("only the days are known"), default=False, help_text=_("No times of day are shown then.")
    )
    opened_at = models.DateTimeField(_("opened at"), null=True, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, editable=False)

    # The lot's seed: encrypted until the ballots are sealed; its SHA-256 is public from the
    # opening on.
    lot_seed_sealed = models.TextField(blank=True, editable=False)
    lot_seed_hash = models.CharField(_("hash of the seed"), max_length=64, blank=True)
    lot_seed = models.CharField(_("seed of the lot"), max_length=64, blank=True)

    # held elsewhere
    outside_url = models.URLField(_("where it is held"), max_length=500, blank=True)
    result_source = models.TextField(_("where its result comes from"), blank=True)
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)

    objects = ElectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("election")
        verbose_name_plural = _("elections")
        ordering = ("-created_at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="election_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["open", "closed", "sealed", "counted", "certified"])
                | Q(opens_at__isnull=False, closes_at__isnull=False, opened_at__isnull=False),
                name="opened_election_has_its_times",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["closed", "sealed", "counted", "certified"])
                | Q(closed_at__isnull=False),
                name="closed_election_since",
            ),
            models.CheckConstraint(
                condition=Q(seats__gte=1) & Q(votes_per_voter__gte=1),
                name="election_fills_seats",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_external(self) -> bool:
        """Whether it is held elsewhere."""
        return self.state == states.EXTERNAL

    @property
    def is_over(self) -> bool:
        """Whether the time to vote is over, closed by us or not yet."""
        return self.closes_at is not None and clock.now() >= self.closes_at

    @property
    def takes_ballots(self) -> bool:
        """Whether a ballot can be cast now."""
        return self.state == states.OPEN and not self.is_over

    @property
    def takes_nominations(self) -> bool:
        """Whether nominations and endorsements are taken now."""
        ends = self.nominations_close_at
        return self.state == states.NOMINATING and (ends is None or clock.now() < ends)

    @property
    def last_moment(self) -> dt.datetime | None:
        """The last moment of voting, for pages that show the day alone."""
        return self.closes_at and self.closes_at - dt.timedelta(seconds=1)


class Inspector(models.Model):
    """Somebody who certifies an election; never a candidate, at most two of one company."""

    election = models.ForeignKey(Election, on_delete=models.CASCADE, related_name="inspectors")
    # Null once the account is gone; a signature stays under the name it was given with.
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(_("name"), max_length=150)
    affiliation = models.CharField(_("company"), max_length=120, blank=True)
    signed_at = models.DateTimeField(_("signed at"), null=True, editable=False)
    statement = models.CharField(_("statement"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("inspector")
        verbose_name_plural = _("inspectors")
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["election", "account"], name="one_inspector_an_account")
        ]

    def __str__(self) -> str:
        return self.name


class ElectionEntry(models.Model):
    """A line of an election's public log; each holds the hash of the one before it.

    Only ever added: the database refuses to change or delete one.
    """

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="log")
    number = models.PositiveIntegerField(_("number"))
    event = models.CharField(_("event"), max_length=20)
    at = models.DateTimeField(_("at"))
    facts = models.JSONField(_("facts"), default=dict)
    previous_hash = models.CharField(_("hash of the line before"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64)

    class Meta:
        verbose_name = _("line of an election's log")
        verbose_name_plural = _("log of an election")
        ordering = ("election", "number")
        constraints = [
            models.UniqueConstraint(fields=["election", "number"], name="one_entry_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.event}"


class ElectionResult(models.Model):
    """What was counted; `manage.py recount` gives the same bytes."""

    election = models.OneToOneField(Election, on_delete=models.PROTECT, related_name="result")
    version = models.CharField(_("version of the count"), max_length=20)
    ballots = models.PositiveIntegerField(_("ballots"))
    electorate = models.PositiveIntegerField(_("electorate"))
    receipts_digest = models.CharField(_("digest of the receipts"), max_length=64)
    content = models.JSONField(_("what was counted"))
    counted_at = models.DateTimeField(_("counted at"))

    class Meta:
        verbose_name = _("result of an election")
        verbose_name_plural = _("results of elections")

    def __str__(self) -> str:
        return f"result of {self.election_id}"


class OutsideResult(models.Model):
    """A row of a result from elsewhere, as its source gives it; null: not known."""

    candidate = models.OneToOneField(
        "polls.Candidate", on_delete=models.CASCADE, related_name="outside_result"
    )
    rank = models.PositiveSmallIntegerField(_("rank"), null=True, blank=True)
    votes = models.DecimalField(
        _("votes"), max_digits=12, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )  # fmt: skip
    percent_of_votes = models.DecimalField(
        _("% of votes"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    voters = models.PositiveIntegerField(_("voters"), null=True, blank=True)
    percent_of_voters = models.DecimalField(
        _("% of voters"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    own_employer_percent = models.DecimalField(
        _("% of its voters from the own employer"),
        max_digits=5, decimal_places=2, null=True, blank=True,
    )  # fmt: skip
    is_seated = models.BooleanField(_("seated"), null=True, blank=True)
    is_inferred = models.BooleanField(_("worked out, not printed"), default=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("row of a result from elsewhere")
        verbose_name_plural = _("rows of a result from elsewhere")
        ordering = (F("rank").asc(nulls_last=True), "candidate_id")

    def __str__(self) -> str:
        return f"{self.candidate_id}: {self.votes}"
