"""The sheet for a poll and the small forms under one that runs; times are in its chapter's zone."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from community.models import Chapter
from meetups.forms.paper import LocalTime
from meetups.models import Meetup
from polls.models import Brainstorm, Poll, PollOption
from polls.services.reasons import LONGEST_REASON

TIMES = ("opens_at", "closes_at")


class PollForm(forms.ModelForm[Poll]):
    """Options and addresses go one a line, for that is how they come out of a notebook."""

    options = forms.CharField(
        label=_("Options"),
        widget=forms.Textarea(attrs={"rows": 8}),
        required=False,
        help_text=_("One a line, two at least. The order does not matter: each voter has another."),
    )
    emails = forms.CharField(
        label=_("Addresses of the voters"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text=_("One a line; only where a list of addresses votes."),
    )

    class Meta:
        model = Poll
        fields = (
            "title", "slug", "chapter", "description", "purpose", "brainstorm", "method",
            "most_ranked", "dots", "electorate", "meetup", "is_public", "opens_at", "closes_at",
            "quorum",
        )  # fmt: skip
        widgets = {
            "description": forms.Textarea(attrs={"rows": 3}),
            **{name: LocalTime() for name in TIMES},
        }
        labels = {"chapter": _("Group")}
        help_texts = {
            "slug": _("Made from the title where you leave it empty."),
            "dots": _("Where the method is dots."),
            "meetup": _("The poll stands on its page, too."),
            "brainstorm": _("Where the options come from."),
            "opens_at": _("It opens by itself then. Empty: a draft, until you open it."),
            "closes_at": _("It closes by itself then and is counted."),
        }

    field_order = (
        "title", "slug", "chapter", "description", "options", "purpose", "method", "most_ranked",
        "dots", "electorate", "meetup", "emails", "is_public", "opens_at", "closes_at", "quorum",
        "brainstorm",
    )  # fmt: skip

    def __init__(self, *args: Any, chapters: QuerySet[Chapter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        meetups = Meetup.objects.filter(chapter__in=chapters, season=None)
        self.fields["meetup"].queryset = meetups  # type: ignore[attr-defined]
        brainstorms = Brainstorm.objects.filter(chapter__in=chapters)
        self.fields["brainstorm"].queryset = brainstorms  # type: ignore[attr-defined]
        if self.instance.pk is not None:
            # Mails hold the address, and a poll stays with its chapter.
            del self.fields["slug"], self.fields["chapter"]
            self._fill_lists()
            return
        self.fields["slug"].required = False
        self.fields["chapter"].queryset = chapters
        if len(chapters) == 1:
            del self.fields["chapter"]

    def _fill_lists(self) -> None:
        rows = self.instance.options.order_by("position", "pk")
        self.initial["options"] = "\n".join(option.title for option in rows)
        self.initial["emails"] = "\n".join(
            self.instance.voters.order_by("email").values_list("email", flat=True)
        )

    def clean_options(self) -> list[str]:
        """The lines that have words."""
        return _lines(self.cleaned_data["options"])

    def clean_emails(self) -> list[str]:
        """The lines that have words."""
        return _lines(self.cleaned_data["emails"])


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class ReasonForm(forms.Form):
    """Why something is done to a poll before its time."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=LONGEST_REASON,
        help_text=_("It stands in the poll's log, for everyone who sees the poll."),
    )


class ExtendForm(ReasonForm):
    closes_at = forms.DateTimeField(label=_("New close"), widget=LocalTime)
    field_order = ("closes_at", "reason")


class TopicForm(forms.Form):
    """Which option becomes a topic of which meetup."""

    option = forms.ModelChoiceField(queryset=PollOption.objects.none())
    meetup = forms.ModelChoiceField(queryset=Meetup.objects.none(), to_field_name="slug")

    def __init__(self, *args: Any, poll: Poll, meetups: QuerySet[Meetup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["option"].queryset = poll.options.all()  # type: ignore[attr-defined]
        self.fields["meetup"].queryset = meetups  # type: ignore[attr-defined]
