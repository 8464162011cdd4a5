from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.models.chapter import own_chapters


class NoteStream(models.Model):
    """The numbering of one meetup's live notes: `last_seq` is counted on by one UPDATE."""

    meetup = models.OneToOneField(
        "meetups.Meetup", on_delete=models.CASCADE, related_name="note_stream"
    )
    last_seq = models.PositiveIntegerField(default=0)
    is_open = models.BooleanField(_("takes notes"), default=True)

    class Meta:
        verbose_name = _("stream of notes")
        verbose_name_plural = _("streams of notes")

    def __str__(self) -> str:
        return f"notes of {self.meetup}"


class NoteQuerySet(models.QuerySet["Note"]):
    def visible_to(self, user: Any) -> "NoteQuerySet":
        """Notes of meetups `user` may see; hidden ones for the chapter's organizers alone."""
        own = own_chapters(user, "meetup__chapter")
        return self.filter(own | Q(meetup__is_published=True, hidden_at=None))


class Note(models.Model):
    """A short line somebody present wrote while the event ran."""

    meetup = models.ForeignKey("meetups.Meetup", on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.CharField(_("text"), max_length=500)
    at = models.DateTimeField(_("at"))
    hidden_at = models.DateTimeField(_("hidden at"), null=True, blank=True)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ("id",)

    def __str__(self) -> str:
        return self.text[:60]


class NoteEvent(models.Model):
    """One numbered thing that happened to the notes: readers follow these."""

    class Kind(models.TextChoices):
        ADDED = "added", _("added")
        HIDDEN = "hidden", _("hidden")
        RESTORED = "restored", _("restored")

    meetup = models.ForeignKey(
        "meetups.Meetup", on_delete=models.CASCADE, related_name="note_events"
    )
    seq = models.PositiveIntegerField(_("number"))
    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)

    class Meta:
        verbose_name = _("event of the notes")
        verbose_name_plural = _("events of the notes")
        ordering = ("meetup", "seq")
        constraints = [
            models.UniqueConstraint(fields=["meetup", "seq"], name="one_note_event_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.seq}: {self.kind}"
