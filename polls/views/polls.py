import datetime as dt
import zoneinfo
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.core import clock
from community.core.errors import ConflictError, InvalidError, ProductError
from community.core.permissions import may
from community.core.views import Page
from community.models import Chapter, User
from community.selectors.people import signed_in
from meetups.models import Meetup
from meetups.selectors.desk import organized_chapters
from polls import states
from polls.forms.polls import ExtendForm, PollForm, ReasonForm
from polls.models import Brainstorm, Poll
from polls.permissions import READ_POLLS, RUN_POLLS
from polls.selectors.polls import listed_polls, organized_poll
from polls.selectors.results import first_of
from polls.services.moves import cancel_poll, close_poll, extend_poll, open_poll, settle_poll
from polls.services.polls import change_poll, create_poll
from polls.services.reminders import remind_voters

PAGE_SIZE = 50
USUAL_LENGTH = dt.timedelta(days=7)


class PollList(Page):
    """What the group thinks."""

    access = READ_POLLS

    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(listed_polls(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
        polls: list[Any] = list(page)
        running = [poll for poll in polls if poll.takes_ballots]
        waiting = [poll for poll in running if poll.is_mine and not poll.has_voted]
        context = {
            "page": page,
            "waiting": waiting,
            "running": [poll for poll in running if poll not in waiting],
            "drafts": [poll for poll in polls if poll.state == states.DRAFT],
            "ended": [(poll, first_of(poll)) for poll in polls if _has_ended(poll)],
            "may_run": may(request.user, RUN_POLLS),
        }
        return render(request, "polls/poll_list.html", context)


def _has_ended(poll: Poll) -> bool:
    return poll.state in (states.CLOSED, states.CANCELLED) or (
        poll.state == states.OPEN and poll.is_over
    )


def _form_page(
    request: HttpRequest, form: PollForm, poll: Poll | None = None, status: int = 200
) -> HttpResponse:
    return render(request, "polls/poll_form.html", {"form": form, "poll": poll}, status=status)


def _refuse(form: PollForm, error: ProductError) -> int:
    for name, sentences in error.extra.get("errors", {}).items():
        if name in form.fields:
            form.add_error(name, sentences)
    form.add_error(None, error.sentence)
    return error.status


def _fields(form: PollForm, request: HttpRequest) -> dict[str, Any]:
    fields = dict(form.cleaned_data)
    if request.POST.get("action") == "open":
        fields["opens_at"] = clock.now()
    return fields


class PollNew(Page):
    """A new poll: a draft, planned, or open at once."""

    access = RUN_POLLS

    def get(self, request: HttpRequest) -> HttpResponse:
        chapters = organized_chapters(request.user)
        close = (clock.now() + USUAL_LENGTH).replace(minute=0, second=0)
        initial: dict[str, Any] = {
            "most_ranked": 5, "chapter": chapters[0], "closes_at": close,
        }  # fmt: skip
        if request.GET.get("brainstorm"):
            initial |= self._from_brainstorm(request)
        elif request.GET.get("meetup"):
            initial |= self._for_meetup(request)
        with timezone.override(_zone(chapters[0])):
            return _form_page(request, PollForm(chapters=chapters, initial=initial))

    @staticmethod
    def _from_brainstorm(request: HttpRequest) -> dict[str, Any]:
        brainstorm = get_object_or_404(
            Brainstorm.objects.visible_to(request.user), slug=request.GET["brainstorm"]
        )
        return {
            "title": brainstorm.title,
            "brainstorm": brainstorm,
            "chapter": brainstorm.chapter,
            "meetup": brainstorm.meetup,
        }

    @staticmethod
    def _for_meetup(request: HttpRequest) -> dict[str, Any]:
        meetup = get_object_or_404(
            Meetup.objects.visible_to(request.user), slug=request.GET["meetup"]
        )
        return {"meetup": meetup, "chapter": meetup.chapter_id}

    def post(self, request: HttpRequest) -> HttpResponse:
        by = signed_in(request)
        chapters = organized_chapters(by)
        wanted = chapters.filter(pk=_number(request.POST.get("chapter"))).first() or chapters[0]
        status = InvalidError.status
        with timezone.override(_zone(wanted)):
            form = PollForm(request.POST, chapters=chapters)
            if form.is_valid():
                try:
                    poll = create_poll(by=by, **({"chapter": wanted} | _fields(form, request)))
                except ProductError as error:
                    status = _refuse(form, error)
                else:
                    _say_saved(request, poll)
                    return redirect("polls:poll_detail", slug=poll.slug)
            return _form_page(request, form, status=status)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - a database's number


def _zone(chapter: Chapter) -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(chapter.timezone)


def _say_saved(request: HttpRequest, poll: Poll) -> None:
    said = {
        states.OPEN: _("The poll is open. Those who may vote get a mail."),
        states.DRAFT: _("The draft is saved. Only organizers see it yet."),
    }[poll.state]
    if poll.state == states.DRAFT and poll.opens_at is not None:
        said = _("The poll is planned. It opens by itself.")
    messages.success(request, said)


class PollEdit(Page):
    """A draft's fields and options."""

    access = RUN_POLLS

    def _draft(self, request: HttpRequest, slug: str) -> Poll:
        poll = settle_poll(organized_poll(request.user, slug))
        if poll.state != states.DRAFT:
            raise ConflictError("This poll is no draft any more; what it asks stays as it is.")
        return poll

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        poll = self._draft(request, slug)
        chapters = Chapter.objects.filter(pk=poll.chapter_id)
        with timezone.override(_zone(poll.chapter)):
            return _form_page(request, PollForm(instance=poll, chapters=chapters), poll)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        poll = self._draft(request, slug)
        chapters = Chapter.objects.filter(pk=poll.chapter_id)
        status = InvalidError.status
        with timezone.override(_zone(poll.chapter)):
            form = PollForm(request.POST, instance=poll, chapters=chapters)
            if form.is_valid():
                try:
                    poll = change_poll(poll=poll, by=signed_in(request), **_fields(form, request))
                except ProductError as error:
                    status = _refuse(form, error)
                else:
                    _say_saved(request, poll)
                    return redirect("polls:poll_detail", slug=slug)
            return _form_page(request, form, poll, status)


class _Move(Page):
    """A button under a poll that its organizers press; back to the poll then."""

    access = RUN_POLLS

    def act(self, request: HttpRequest, poll: Poll, by: User) -> str:
        """Do it; what to say then."""
        raise NotImplementedError

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG002 - a signature
        """Where one lands after signing in on the way to the button."""
        return redirect("polls:poll_detail", slug=slug)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        poll = settle_poll(organized_poll(request.user, slug))
        with timezone.override(_zone(poll.chapter)):
            messages.success(request, self.act(request, poll, signed_in(request)))
        return redirect("polls:poll_detail", slug=slug)


def _reason(request: HttpRequest) -> str:
    form = ReasonForm(request.POST)
    return str(form.cleaned_data["reason"]) if form.is_valid() else ""  # the service says why not


class PollOpen(_Move):
    def act(self, request: HttpRequest, poll: Poll, by: User) -> str:  # noqa: ARG002 - a signature
        open_poll(poll=poll, by=by)
        return _("The poll is open. Those who may vote get a mail.")


class PollClose(_Move):
    def act(self, request: HttpRequest, poll: Poll, by: User) -> str:
        close_poll(poll=poll, reason=_reason(request), by=by)
        return _("The poll is closed and counted. Those who voted get the result by mail.")


class PollExtend(_Move):
    def act(self, request: HttpRequest, poll: Poll, by: User) -> str:
        form = ExtendForm(request.POST)
        if not form.is_valid():
            raise InvalidError("Say until when, and why. Nothing was changed.")
        extend_poll(poll=poll, by=by, **form.cleaned_data)
        return _("The poll has more time.")


class PollCancel(_Move):
    def act(self, request: HttpRequest, poll: Poll, by: User) -> str:
        cancel_poll(poll=poll, reason=_reason(request), by=by)
        return _("The poll is cancelled. Those who voted get a mail that says why.")


class PollRemind(_Move):
    def act(self, request: HttpRequest, poll: Poll, by: User) -> str:  # noqa: ARG002 - a signature
        count = remind_voters(poll=poll, by=by)
        if not count:
            return _("Everyone has voted. Nobody was mailed.")
        said = ngettext(
            "%s person has not voted and gets a mail.",
            "%s people have not voted and get a mail.",
            count,
        )
        return said % count
