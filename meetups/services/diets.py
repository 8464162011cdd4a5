"""Dietary notes: apart from the answers, encrypted, deleted some days after the event."""

import datetime as dt
from collections import Counter

from django.conf import settings

from community.core import clock, secretbox
from meetups.models import DietaryNote, Meetup, Rsvp


def expiry_of(meetup: Meetup) -> dt.datetime | None:
    """When the notes to `meetup` are deleted; None while it has no date."""
    end = meetup.ends_at or meetup.starts_at
    return end and end + dt.timedelta(days=settings.DIET_KEPT_DAYS)


def set_dietary_note(*, rsvp: Rsvp, text: str) -> None:
    """Keep `text` as the party's note; an empty text deletes what was kept."""
    text = text.strip()
    if not text:
        DietaryNote.objects.filter(rsvp=rsvp).delete()
        return
    values = {"sealed": secretbox.seal(text), "expires_at": expiry_of(rsvp.meetup)}
    DietaryNote.objects.update_or_create(rsvp=rsvp, defaults=values)


def dietary_note(rsvp: Rsvp) -> str:
    """The party's own words; empty where there are none."""
    note = DietaryNote.objects.filter(rsvp=rsvp).first()
    return secretbox.unseal(note.sealed) if note else ""


def dietary_counts(meetup: Meetup) -> dict[str, int]:
    """How often each thing is asked for among those going, without names.

    A note may name several things, separated by commas or semicolons.
    """
    notes = DietaryNote.objects.filter(rsvp__meetup=meetup, rsvp__status=Rsvp.Status.GOING)
    counted: Counter[str] = Counter()
    for sealed in notes.values_list("sealed", flat=True):
        words = secretbox.unseal(sealed).replace(";", ",").split(",")
        counted.update({" ".join(word.lower().split()) for word in words if word.strip()})
    return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def move_expiry(meetup: Meetup) -> None:
    """After a change of date: the notes' end moves with the event's."""
    DietaryNote.objects.filter(rsvp__meetup=meetup).update(expires_at=expiry_of(meetup))


def delete_expired_notes() -> int:
    """Delete what is past its day; returns how many notes that were."""
    deleted, _ = DietaryNote.objects.filter(expires_at__lte=clock.now()).delete()
    return deleted
