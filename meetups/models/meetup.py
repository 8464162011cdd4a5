import datetime as dt
import uuid
import zoneinfo
from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from community.core import clock
from community.models.chapter import own_chapters


class MeetupQuerySet(models.QuerySet["Meetup"]):
    def visible_to(self, user: Any) -> "MeetupQuerySet":
        """Published meetups for everyone, drafts for the chapter's organizers."""
        return self.filter(Q(is_published=True) | own_chapters(user))

    def editable_by(self, user: Any) -> "MeetupQuerySet":
        """Meetups of the chapters `user` organizes."""
        return self.filter(own_chapters(user))


class Meetup(models.Model):
    """A meetup, hack day or other gathering: announced, held, and afterwards its own minutes.

    `going` and `online_going` count people, guests included, `offered` those for whom a place is
    held until they take it; the database keeps all four from the RSVP rows (migration 0004) and
    refuses more than the capacity.
    """

    class Kind(models.TextChoices):
        MEETUP = "meetup", _("meetup")
        HACK_DAY = "hack_day", _("hack day")
        INSTALL_DAY = "install_day", _("install day")
        DEPLOY_DAY = "deploy_day", _("deploy day")
        DOC_DAY = "doc_day", _("doc day")
        WEBCAST = "webcast", _("webcast")
        SUMMIT = "summit", _("summit")
        OTHER = "other", _("other")

    class Precision(models.TextChoices):
        NONE = "none", _("not known")
        WEEKDAY = "weekday", _("weekday")
        MONTH = "month", _("month")
        DAY = "day", _("day")
        MINUTE = "minute", _("minute")

    chapter = models.ForeignKey(
        "community.Chapter", on_delete=models.PROTECT, related_name="meetups"
    )
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.MEETUP)
    series = models.ForeignKey(
        "meetups.Series", null=True, blank=True, on_delete=models.SET_NULL, related_name="meetups"
    )
    summary = models.TextField(_("what it is about"), blank=True)
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    timezone = models.CharField(_("time zone"), max_length=64, default="America/Chicago")
    day = models.DateField(_("day, where no time is known"), null=True, blank=True)
    date_precision = models.CharField(
        _("date known to the"), max_length=10, choices=Precision, default=Precision.MINUTE
    )
    printed_date = models.CharField(_("date as printed"), max_length=80, blank=True)
    is_date_inferred = models.BooleanField(_("the date is inferred"), default=False)
    venue = models.ForeignKey(
        "meetups.Venue", null=True, blank=True, on_delete=models.PROTECT, related_name="meetups"
    )
    capacity = models.PositiveIntegerField(
        _("places in the room"), null=True, blank=True, validators=[MaxValueValidator(100000)]
    )
    online_capacity = models.PositiveIntegerField(
        _("places online"), null=True, blank=True, validators=[MaxValueValidator(100000)]
    )
    going = models.PositiveIntegerField(default=0, editable=False)
    online_going = models.PositiveIntegerField(default=0, editable=False)
    offered = models.PositiveIntegerField(default=0, editable=False)
    online_offered = models.PositiveIntegerField(default=0, editable=False)
    has_online = models.BooleanField(_("can be joined online"), default=False)
    join_instructions = models.TextField(
        _("how to join online"),
        blank=True,
        help_text=_("Shown, and mailed, to those who are going online."),
    )
    has_lab = models.BooleanField(_("has lab nodes"), default=False)
    rsvp_closes_at = models.DateTimeField(_("RSVP closes at"), null=True, blank=True)
    # Counted on by the database with every change of what its page shows (migration 0005); the
    # second leaves out who comes.
    page_version = models.PositiveBigIntegerField(default=0, editable=False)
    content_version = models.PositiveBigIntegerField(default=0, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    is_published = models.BooleanField(_("published"), default=False)
    is_cancelled = models.BooleanField(_("cancelled"), default=False)
    is_postponed = models.BooleanField(
        _("postponed, the new date is not set"), default=False, editable=False
    )
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    change_note = models.CharField(
        _("what the latest change was about"), max_length=300, blank=True
    )
    is_demo = models.BooleanField(_("demo"), default=False, editable=False)

    # What is known of a gathering afterwards, as reported.
    season = models.ForeignKey(
        "community.Season", null=True, blank=True, on_delete=models.CASCADE, related_name="meetups"
    )
    archive_key = models.CharField(_("key in the archive"), max_length=120, blank=True)
    headcount = models.PositiveIntegerField(_("headcount"), null=True, blank=True)
    headcount_as_printed = models.CharField(_("headcount as printed"), max_length=40, blank=True)
    is_headcount_minimum = models.BooleanField(_("at least that many"), default=False)
    is_headcount_uncertain = models.BooleanField(_("headcount uncertain"), default=False)
    reported_rsvps = models.PositiveIntegerField(_("RSVPs as reported"), null=True, blank=True)
    reported_rsvps_as_of = models.CharField(_("RSVPs as of"), max_length=80, blank=True)
    minutes_intro = models.TextField(_("before the minutes' items"), blank=True)
    minutes_published_at = models.DateTimeField(
        _("minutes published at"), null=True, blank=True, editable=False
    )
    facts = models.JSONField(_("further facts"), default=dict, blank=True)
    same_as = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="also_recorded_as"
    )
    same_because = models.TextField(_("why it is probably the same meeting"), blank=True)

    objects = MeetupQuerySet.as_manager()

    class Meta:
        verbose_name = _("meetup")
        verbose_name_plural = _("meetups")
        ordering = (F("starts_at").desc(nulls_last=True), "-day", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="meetup_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(going__lte=F("capacity") - F("offered")),
                name="meetup_going_within_capacity",
            ),
            models.CheckConstraint(
                condition=Q(online_capacity__isnull=True)
                | Q(online_going__lte=F("online_capacity") - F("online_offered")),
                name="meetup_online_within_capacity",
            ),
            models.UniqueConstraint(
                fields=["season", "archive_key"],
                condition=~Q(archive_key=""),
                name="one_meetup_per_archive_key",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The zone the meetup is held in."""
        return zoneinfo.ZoneInfo(self.timezone)

    @property
    def local_start(self) -> dt.datetime | None:
        """The start in the meetup's own zone."""
        return self.starts_at.astimezone(self.zone) if self.starts_at else None

    @property
    def local_end(self) -> dt.datetime | None:
        """The end in the meetup's own zone."""
        return self.ends_at.astimezone(self.zone) if self.ends_at else None

    @property
    def date_label(self) -> str:
        """The date in words, as precisely as it is known; `printed_date` where it was printed."""
        if self.is_postponed:
            return "postponed, the new date is not set yet"
        if self.printed_date:
            return self.printed_date
        start = self.local_start
        if start is None:
            return "date not known"
        return f"{start:%A} {start.day} {start:%B %Y}, {start:%H:%M} {start:%Z}"

    @property
    def is_over(self) -> bool:
        """Whether it has ended; a recorded season's meetings all have."""
        if self.season_id is not None:
            return True
        if self.is_postponed:
            return False
        end = self.ends_at or self.starts_at
        return end is not None and end <= clock.now()

    @property
    def has_begun(self) -> bool:
        """Whether its start has come; a recorded season's meetings all have begun."""
        if self.season_id is not None:
            return True
        if self.is_cancelled or self.is_postponed or self.starts_at is None:
            return False
        return self.starts_at <= clock.now()

    @property
    def are_minutes_public(self) -> bool:
        """Whether everyone may read the minutes; a recorded season's are."""
        return self.season_id is not None or self.minutes_published_at is not None

    @property
    def takes_place(self) -> bool:
        """Whether it is announced and stands: neither cancelled nor put off."""
        stands = self.is_published and not self.is_cancelled and not self.is_postponed
        return stands and self.starts_at is not None

    @property
    def takes_rsvps(self) -> bool:
        """Whether one can RSVP now."""
        if not self.takes_place or self.starts_at is None or self.is_over:
            return False
        return clock.now() < (self.rsvp_closes_at or self.ends_at or self.starts_at)

    @property
    def places_left(self) -> int | None:
        """Free places in the room; None where there is no limit."""
        return None if self.capacity is None else self.capacity - self.going - self.offered
