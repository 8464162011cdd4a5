import datetime as dt
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from community.core import clock
from community.models import Membership
from community.models.chapter import own_chapters
from meetups.models import CheckIn, Rsvp
from polls import states


class PollQuerySet(models.QuerySet["Poll"]):
    def visible_to(self, user: Any) -> "PollQuerySet":
        """Public ones, those one may vote in, and all of own chapters.

        One that never had a time to open at, draft or cancelled, is its organizers' alone.
        """
        is_out = Q(opens_at__isnull=False)
        mine = Q(is_public=True) | _is_voter(user)
        return self.filter(is_out & mine | own_chapters(user))

    def open_to(self, user: Any) -> "PollQuerySet":
        """Those in whose electorate `user` is, whatever their state."""
        return self.filter(_is_voter(user))


def _is_voter(user: Any) -> Q:
    """That `user` is in the poll's electorate."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    chapters = Membership.objects.filter(user=user.pk).values("chapter")
    going = Rsvp.objects.filter(user=user.pk, status=Rsvp.Status.GOING).values("meetup")
    came = CheckIn.objects.filter(rsvp__user=user.pk).values("meetup")
    listed = PollVoter.objects.filter(_is_address_of(user)).values("poll")
    kind = Poll.Electorate
    return (
        Q(electorate=kind.CHAPTER, chapter__in=chapters)
        | Q(electorate=kind.MEETUP, meetup__in=going)
        | Q(electorate=kind.MEETUP, meetup__in=came)
        | Q(electorate=kind.EMAILS, pk__in=listed)
    )


def _is_address_of(user: Any) -> Q:
    """That `email` is one of the account's confirmed addresses, in lower case."""
    confirmed = EmailAddress.objects.filter(user=user.pk, verified=True)
    return Q(email=user.email.lower()) | Q(
        email__in=confirmed.annotate(address=Lower("email")).values("address")
    )


class Poll(models.Model):
    """A question with options, an electorate and a time in which it can be answered."""

    class Method(models.TextChoices):
        RANKED = "ranked", _("ranked: put your favourites in order")
        SCORE = "score", _("score: 0 to 5 for each option")
        APPROVAL = "approval", _("approval: all that you would support")
        DOTS = "dots", _("dots: spend them as you wish")

    class Electorate(models.TextChoices):
        CHAPTER = "chapter", _("members of the chapter")
        MEETUP = "meetup", _("who goes to a meetup, or was there")
        EMAILS = "emails", _("a list of e-mail addresses")

    class Purpose(models.TextChoices):
        PRIORITIES = "priorities", _("what matters to us")
        TOPICS = "topics", _("what the next meetups should be about")
        OTHER = "other", _("something else")

    class State(models.TextChoices):
        DRAFT = states.DRAFT, _("draft")
        OPEN = states.OPEN, _("open")
        CLOSED = states.CLOSED, _("closed")
        CANCELLED = states.CANCELLED, _("cancelled")

    MOST_SCORE = 5

    chapter = models.ForeignKey("community.Chapter", on_delete=models.CASCADE, related_name="polls")
    meetup = models.ForeignKey(
        "meetups.Meetup",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="polls",
        verbose_name=_("meetup"),
    )
    brainstorm = models.ForeignKey(
        "polls.Brainstorm",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="polls",
        verbose_name=_("brainstorm"),
    )
    slug = models.SlugField(_("address of its page"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("what it is about"), blank=True)
    purpose = models.CharField(
        _("what it is for"), max_length=20, choices=Purpose, default=Purpose.PRIORITIES
    )
    method = models.CharField(_("method"), max_length=20, choices=Method, default=Method.RANKED)
    most_ranked = models.PositiveSmallIntegerField(
        _("how many are put in order, at most"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text=_("Empty means as many as one likes."),
    )
    dots = models.PositiveSmallIntegerField(
        _("dots of each voter"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    electorate = models.CharField(
        _("who may vote"), max_length=20, choices=Electorate, default=Electorate.CHAPTER
    )
    is_public = models.BooleanField(
        _("strangers may read it"), default=True, help_text=_("The result too, once it is closed.")
    )
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.DRAFT, editable=False
    )
    opens_at = models.DateTimeField(_("opens at"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)
    quorum = models.PositiveIntegerField(
        _("quorum"), null=True, blank=True, help_text=_("Ballots needed; empty means any number.")
    )
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)

    objects = PollQuerySet.as_manager()

    class Meta:
        verbose_name = _("poll")
        verbose_name_plural = _("polls")
        ordering = ("-created_at", "-id")
        indexes = [
            models.Index(
                fields=["closes_at"], condition=Q(state__in=["draft", "open"]), name="poll_due"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="poll_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(closes_at__isnull=False, opens_at__isnull=False),
                name="open_poll_has_its_times",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False),
                name="closed_poll_since",
            ),
            models.CheckConstraint(
                condition=(Q(most_ranked=None) | Q(most_ranked__gte=1)) & Q(dots__gte=1),
                name="poll_asks_for_something",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def takes_ballots(self) -> bool:
        """Whether a ballot can be cast now: open, and the time is not over."""
        return self.state == states.OPEN and not self.is_over

    @property
    def is_over(self) -> bool:
        """Whether its time is over, counted or not yet."""
        return self.closes_at is not None and clock.now() >= self.closes_at

    @property
    def remaining(self) -> dt.timedelta | None:
        """The time left, where it is open."""
        if not self.takes_ballots or self.closes_at is None:
            return None
        return self.closes_at - clock.now()


class PollOption(models.Model):
    """One thing to choose, with the cards it was made from."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="options")
    title = models.CharField(_("title"), max_length=240)
    description = models.TextField(_("what it means"), blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    ideas = models.ManyToManyField(
        "polls.Idea", blank=True, related_name="options", verbose_name=_("cards")
    )
    # Where it became a topic of a meetup that is to come.
    topic = models.ForeignKey(
        "meetups.Topic", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        ordering = ("position", "id")
        constraints = [
            models.UniqueConstraint(fields=["poll", "title"], name="one_option_a_title"),
            models.CheckConstraint(condition=~Q(title=""), name="option_has_words"),
        ]

    def __str__(self) -> str:
        return self.title


class PollVoter(models.Model):
    """An address on a poll's list of voters, in lower case."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="voters")
    email = models.EmailField(_("e-mail address"))

    class Meta:
        verbose_name = _("voter of a poll")
        verbose_name_plural = _("voters of a poll")
        constraints = [
            models.UniqueConstraint(fields=["poll", "email"], name="one_voter_an_address")
        ]

    def __str__(self) -> str:
        return self.email


class PollEntry(models.Model):
    """A line of a poll's log: what was done to it, when, by whom and why. Only ever added."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="log")
    event = models.CharField(_("event"), max_length=20)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    sentence = models.CharField(_("what happened"), max_length=200)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("line of a poll's log")
        verbose_name_plural = _("log of a poll")
        ordering = ("poll", "id")

    def __str__(self) -> str:
        return self.sentence
