from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.core.errors import InvalidError, ProductError
from community.core.views import Page
from community.selectors.people import signed_in
from meetups.forms.paper import SessionRows, TopicRows, VersionForm, check_all
from meetups.models import Meetup
from meetups.permissions import ORGANIZE
from meetups.selectors.desk import organized_meetup
from meetups.selectors.paper import agenda_facts, may_be_moved_to
from meetups.services.agenda import announce_planned, hold_as_announced, save_agenda

MOST_OTHERS = 50


def _others(meetup: Meetup) -> dict[str, Any]:
    """Where a topic can have moved: the latest meetups, and wherever one has gone already."""
    gone = meetup.topics.exclude(moved_to=None).values_list("moved_to", flat=True)
    latest = may_be_moved_to(meetup).values_list("pk", flat=True)[:MOST_OTHERS]
    found = may_be_moved_to(meetup).filter(pk__in={*gone, *latest})
    len(found)  # asked once, for all rows
    return {"others": found}


class AgendaEdit(Page):
    """An organizer's sheet: sessions and topics, saved whole, in the meetup's own time."""

    access = ORGANIZE

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        meetup = organized_meetup(request.user, slug)
        facts = agenda_facts(meetup, request.user)
        sessions = [
            row
            | {"speakers": ", ".join(row["speakers"]), "place_name": row["place"], "place": place}
            for place, row in enumerate(facts["sessions"], start=1)
        ]
        moved = dict(meetup.topics.values_list("pk", "moved_to"))
        topics = [
            row | {"moved_to": moved[row["id"]], "place": place}
            for place, row in enumerate(facts["topics"], start=1)
        ]
        with timezone.override(meetup.zone):
            return self._show(
                request,
                meetup,
                form=VersionForm(initial=facts),
                sessions=SessionRows(initial=sessions, prefix="sessions"),
                topics=TopicRows(initial=topics, prefix="topics", form_kwargs=_others(meetup)),
            )

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        meetup = organized_meetup(request.user, slug)
        with timezone.override(meetup.zone):
            form = VersionForm(request.POST)
            sessions = SessionRows(request.POST, prefix="sessions")
            topics = TopicRows(request.POST, prefix="topics", form_kwargs=_others(meetup))
            parts = {"form": form, "sessions": sessions, "topics": topics}
            if not check_all(form, sessions, topics):
                return self._show(request, meetup, **parts, status=InvalidError.status)
            try:
                save_agenda(
                    meetup=meetup,
                    sessions=sessions.entries(),
                    topics=topics.entries(),
                    by=signed_in(request),
                    version=form.cleaned_data["version"],
                )
            except ProductError as error:  # what was written must not be lost
                form.add_error(None, error.sentence)
                return self._show(request, meetup, **parts, status=error.status)
        messages.success(request, _("The agenda is saved."))
        return redirect("meetups:agenda_edit", slug=slug)

    @staticmethod
    def _show(
        request: HttpRequest, meetup: Meetup, *, status: int = 200, **parts: Any
    ) -> HttpResponse:
        context = {"meetup": meetup, **parts}
        return render(request, "meetups/agenda_edit.html", context, status=status)


class _Carry(Page):
    access = ORGANIZE
    carry: Any

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        meetup = organized_meetup(request.user, slug)
        count = type(self).carry(meetup=meetup, by=signed_in(request))
        said = ngettext("%(count)s topic was carried.", "%(count)s topics were carried.", count)
        messages.success(request, said % {"count": count})
        return redirect("meetups:agenda_edit", slug=slug)


class AgendaAnnounce(_Carry):
    """One click: what is planned is announced."""

    carry = staticmethod(announce_planned)


class AgendaHold(_Carry):
    """One click: it was held as announced."""

    carry = staticmethod(hold_as_announced)
