"""iCalendar files and feeds."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from community.core.views import Page
from community.models import Chapter
from community.permissions import USE_ACCOUNT
from community.selectors.people import signed_in
from meetups.ical import feed_of, meetup_calendar
from meetups.models import Meetup
from meetups.permissions import READ_MEETUPS, READ_OWN_FEED
from meetups.selectors.feeds import chapter_feed, owner_of_feed, personal_feed
from meetups.services.feeds import renew_feed


def _answer(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{name}.ics"'
    return response


class MeetupCalendar(Page):
    access = READ_MEETUPS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        meetup = get_object_or_404(
            Meetup.objects.visible_to(request.user).exclude(starts_at=None), slug=slug
        )
        return _answer(meetup_calendar(meetup), meetup.slug)


class ChapterFeed(Page):
    """What a chapter has published, for a calendar to subscribe to; all chapters without one."""

    access = READ_MEETUPS

    def get(self, request: HttpRequest, chapter: str = "") -> HttpResponse:  # noqa: ARG002 - a view's signature
        found = get_object_or_404(Chapter, slug=chapter) if chapter else None
        return _answer(feed_of(chapter_feed(found), str(found or "")), chapter or "meetups")


class PersonalFeed(Page):
    """What one is going to; the address is a secret of its own, since calendars do not sign in."""

    access = READ_OWN_FEED

    def get(self, request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG002 - a view's signature
        owner = owner_of_feed(token)
        response = _answer(feed_of(personal_feed(owner), str(owner)), "my-meetups")
        response["Cache-Control"] = "private"
        return response


class RenewFeed(Page):
    access = USE_ACCOUNT

    def post(self, request: HttpRequest) -> HttpResponse:
        """End the old address of one's own feed."""
        renew_feed(by=signed_in(request))
        messages.success(request, _("Your calendar feed has a new address; the old one is dead."))
        return redirect("community:me")
