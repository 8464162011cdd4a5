"""Sites: anyone of the group proposes a place, an organizer decides."""

import zoneinfo
from typing import Any

from django.db import IntegrityError, transaction

from community.core.errors import ConflictError, InvalidError
from community.models import User
from community.services.audit import record
from community.services.chapters import check_runs
from community.services.limits import limit
from community.services.mail import queue_mail
from meetups.exceptions import CapacityBelowGoingError, DecidedError
from meetups.models import Meetup, Rsvp, Site
from meetups.selectors.sites import SITE_KINDS
from meetups.services.places import fill_vacancies, lock_meetup

State = Site.State


@transaction.atomic
def propose_site(*, meetup: Meetup, by: User, **fields: Any) -> Site:
    """A place for `meetup`: listed at once when an organizer adds it, else once one approves it.

    `fields`: name, host, address, is_online, timezone, capacity, join_instructions, note. A
    person may propose 20 a day. Raises InvalidError, ConflictError, TooManyError.
    """
    meetup = lock_meetup(meetup.pk)
    if meetup.kind not in SITE_KINDS:
        raise InvalidError(f"A {meetup.get_kind_display()} is held in one place.", code="no_sites")
    if meetup.is_over or meetup.is_cancelled:
        raise ConflictError("This event takes no more sites.", code="closed")
    limit(
        "site",
        by.pk,
        most=20,
        seconds=86400,
        sentence="You proposed many sites today. Nothing was saved; try again tomorrow.",
    )
    may_decide = by.is_superuser or meetup.chapter_id in by.organized_chapter_ids
    state = State.APPROVED if may_decide else State.PROPOSED
    site = Site(meetup=meetup, state=state, proposed_by=by, **fields)
    site.position = meetup.sites.count()
    _save(site)
    record("proposed", f"site {site.pk} of {meetup.slug}", by=by, chapter=meetup.chapter)
    return site


def _save(site: Site) -> None:
    if site.timezone and site.timezone not in zoneinfo.available_timezones():
        raise InvalidError("This time zone is not known.", errors={"timezone": ["not known"]})
    if not (site.is_online or site.address or site.venue_id):
        raise InvalidError(
            "Say where it is, or that it is online.", errors={"address": ["missing"]}
        )
    try:
        with transaction.atomic():
            site.save()
    except IntegrityError as error:
        if "one_site_per_name" not in str(error):
            raise
        raise ConflictError(
            f"There is a site “{site.name}” already; give this one another name.",
            code="name_taken",
        ) from None


def _lock_site(site: Site, by: User) -> Site:
    """The site under its event's lock, which every change of places holds."""
    check_runs(site.meetup.chapter, by)
    lock_meetup(site.meetup_id)
    return Site.objects.select_related("meetup__chapter", "proposed_by").get(pk=site.pk)


@transaction.atomic
def decide_site(*, site: Site, is_approved: bool, by: User, note: str = "") -> Site:
    """Put a proposed site on the list, or refuse it; the proposer gets a mail with `note`.

    Raises ForbiddenError, and DecidedError for one that was decided already.
    """
    site = _lock_site(site, by)
    if site.state != State.PROPOSED:
        raise DecidedError(
            f"This site was {site.get_state_display()} meanwhile. Nothing was changed."
        )
    site.state = State.APPROVED if is_approved else State.DECLINED
    site.decision_note = note.strip()
    site.save(update_fields=["state", "decision_note"])
    subject = f"site {site.pk} of {site.meetup.slug}"
    record(site.state, subject, by=by, chapter=site.meetup.chapter)
    if site.proposed_by is not None:
        queue_mail(
            key=f"site:{site.pk}:decided",
            to=site.proposed_by,
            template="meetups/site_decided",
            about={"site": site.pk, "state": site.state, "note": site.decision_note},
            thread=f"meetup:{site.meetup_id}",
            chapter=site.meetup.chapter_id,
        )
    return site


def _check_empty(site: Site) -> None:
    """Raise ConflictError where somebody answered for the site: they come the way it was."""
    if Rsvp.objects.filter(site=site).exclude(status=Rsvp.Status.NOT_GOING).exists():
        raise ConflictError(
            f"People have answered for {site.name}; it stays in the room or online as it was.",
            code="has_people",
        )


@transaction.atomic
def change_site(*, site: Site, by: User, **changes: Any) -> Site:
    """Change what is said of a site; nobody who has a place there is thrown out by a number.

    More places move the waitlist up at once.

    Raises ForbiddenError, CapacityBelowGoingError, InvalidError, ConflictError.
    """
    site = _lock_site(site, by)
    if changes.get("is_online", site.is_online) != site.is_online:
        _check_empty(site)
    for name, value in changes.items():
        setattr(site, name, value)
    if site.capacity is not None and site.capacity < site.going:
        raise CapacityBelowGoingError(
            f"{site.going} people are going to {site.name}; it cannot have {site.capacity} places.",
            going=site.going,
        )
    _save(site)
    subject = f"site {site.pk} of {site.meetup.slug}"
    record("changed", subject, by=by, chapter=site.meetup.chapter, fields=list(changes))
    if fill_vacancies(site.meetup_id):
        site.refresh_from_db(fields=["going"])
    return site
