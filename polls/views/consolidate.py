from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from community.core.errors import InvalidError, ProductError
from community.core.views import Page
from community.selectors.people import signed_in
from polls.forms.brainstorms import ConsolidateForm
from polls.models import Brainstorm, Poll
from polls.permissions import RUN_POLLS
from polls.selectors.board import Leaf, idea_tree
from polls.selectors.brainstorms import organized_brainstorm
from polls.services.polls import create_poll

LONGEST_TITLE = 240
USUALLY_RANKED = 5


def _option(leaves: list[Leaf]) -> dict[str, Any]:
    """An option named by its first card; what else was merged into it stands below."""
    texts = [leaf.idea.text for leaf in leaves]
    title = texts[0][:LONGEST_TITLE]
    others = texts[1:] if title == texts[0] else texts
    return {
        "title": title,
        "description": "\n\n".join(others),
        "ideas": [leaf.idea for leaf in leaves],
    }


class Consolidate(Page):
    """From cards to options: equal numbers merge cards, no number leaves one out."""

    access = RUN_POLLS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        brainstorm = organized_brainstorm(request.user, slug)
        initial = {"title": brainstorm.title, "purpose": Poll.Purpose.PRIORITIES}
        form = ConsolidateForm(leaves=self._leaves(request, brainstorm), initial=initial)
        return self._page(request, brainstorm, form)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        brainstorm = organized_brainstorm(request.user, slug)
        form = ConsolidateForm(request.POST, leaves=self._leaves(request, brainstorm))
        if not form.is_valid():
            return self._page(request, brainstorm, form, InvalidError.status)
        fields = {name: form.cleaned_data[name] for name in ("title", "method", "purpose")}
        try:
            poll = create_poll(
                by=signed_in(request),
                chapter=brainstorm.chapter,
                brainstorm=brainstorm,
                meetup=brainstorm.meetup,
                most_ranked=USUALLY_RANKED,
                options=[_option(leaves) for leaves in form.options()],
                **fields,
            )
        except ProductError as error:
            form.add_error(None, error.sentence)
            return self._page(request, brainstorm, form, error.status)
        messages.success(
            request, _("The poll is a draft. Look at its options, then say when it opens.")
        )
        return redirect("polls:poll_edit", slug=poll.slug)

    @staticmethod
    def _leaves(request: HttpRequest, brainstorm: Brainstorm) -> list[Leaf]:
        groups = idea_tree(brainstorm, request.user).groups
        return [leaf for _name, leaves in groups for leaf in leaves]

    @staticmethod
    def _page(
        request: HttpRequest, brainstorm: Brainstorm, form: ConsolidateForm, status: int = 200
    ) -> HttpResponse:
        context = {"brainstorm": brainstorm, "form": form}
        return render(request, "polls/consolidate.html", context, status=status)
