"""What organizers and observers fill in about priorities."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from community.models import Chapter
from community.models.chapter import own_chapters
from meetups.forms.paper import Rows, _Row, rows_of
from meetups.models import Meetup
from polls.models import Assessment, Outlook, PriorityList

_BY_HAND = ("method", "voters")


class ListForm(forms.ModelForm[PriorityList]):
    """A list's own words. Method and number of voters are the poll's where it has one."""

    observers = forms.CharField(
        label=_("Observers"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Members who assess the issues after the summit: one e-mail address a line."),
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = PriorityList
        fields = (
            "title", "slug", "chapter", "addressed_to", "summit", "summit_on", "introduction",
            "method", "voters", "verdict", "scored_by",
        )  # fmt: skip
        widgets = {
            "introduction": forms.Textarea(attrs={"rows": 3}),
            "verdict": forms.Textarea(attrs={"rows": 3}),
            "summit_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        labels = {"chapter": _("Group"), "verdict": _("The whole in a sentence or two")}
        help_texts = {
            "slug": _("Made from the title where you leave it empty."),
            "method": _("How the percentages came about. Empty is shown as “method not stated”."),
            "voters": _("Empty is shown as unknown."),
            "verdict": _("After the summit."),
            "scored_by": _("Empty: the observers' own names."),
        }

    def __init__(self, *args: Any, user: Any, has_poll: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["summit"].queryset = (  # type: ignore[attr-defined]
            Meetup.objects.visible_to(user).filter(kind=Meetup.Kind.SUMMIT).order_by("-pk")
        )
        if self.instance.pk:
            del self.fields["slug"], self.fields["chapter"]
        else:
            self.fields["slug"].required = False
            del self.fields["verdict"], self.fields["scored_by"]
            own = Chapter.objects.filter(own_chapters(user, "pk"))
            self.fields["chapter"].queryset = own  # type: ignore[attr-defined]
            self.fields["chapter"].initial = own.first()
        if has_poll:
            for name in (*_BY_HAND, "chapter"):
                self.fields.pop(name, None)

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        fields = dict(self.cleaned_data)
        fields["observers"] = fields.pop("observers").split()
        fields["version"] = fields.pop("version") or None
        return fields


class PollItemRow(_Row):
    """An issue that has its percentage from a poll."""

    title = forms.CharField(label=_("Issue"), max_length=240)
    description = forms.CharField(
        label=_("What it means"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class ItemRow(PollItemRow):
    percent = forms.DecimalField(
        label=_("Percent"),
        required=False,
        min_value=0,
        max_value=100,
        decimal_places=1,
        help_text=_("Empty where it is not known."),
    )
    field_order = ("id", "place", "title", "percent", "description")


class PublishedItemRow(PollItemRow):
    """Its words can be mended; order and percentage stay."""

    place = forms.IntegerField(required=False, widget=forms.HiddenInput)


def _kept_rows(row: type[_Row], extra: int) -> type[Rows]:
    """The class of formsets of `row` without a box to remove one."""
    made = forms.formset_factory(row, formset=Rows, extra=extra, max_num=500, absolute_max=600)
    return cast("type[Rows]", made)


ItemRows = rows_of(ItemRow, 3)
PollItemRows = rows_of(PollItemRow, 1)
PublishedItemRows = _kept_rows(PublishedItemRow, 0)


class AssessmentForm(forms.ModelForm[Assessment]):
    links = forms.CharField(
        label=_("Links"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Sessions, minutes, recordings. One a line: the address, then its title."),
    )

    class Meta:
        model = Assessment
        fields = ("happened", "outlook", "own_words", "links")
        widgets = {"happened": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"happened": _("At the summit, and since."), "own_words": ""}

    def __init__(self, *args: Any, outlooks: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["links"] = "\n".join(
            f"{link['url']} {link['title']}" if link["title"] != link["url"] else link["url"]
            for link in self.instance.links
        )
        field = self.fields["outlook"]
        field.queryset = outlooks  # type: ignore[attr-defined]
        field.empty_label = _("none of these")  # type: ignore[attr-defined]

    def clean_links(self) -> list[dict[str, str]]:
        """Lines as links; the service says what is none."""
        lines = [line.split(maxsplit=1) for line in self.cleaned_data["links"].splitlines()]
        return [{"url": line[0], "title": "".join(line[1:])} for line in lines if line]

    def _post_clean(self) -> None:
        """The service writes; the row that was read stays as it is."""


class OutlookRow(_Row):
    word = forms.CharField(label=_("Word"), max_length=60)
    tone = forms.ChoiceField(
        label=_("Tone"), choices=Outlook.Tone.choices, initial=Outlook.Tone.INACTIVE
    )
    is_offered = forms.BooleanField(label=_("Offered"), required=False, initial=True)


OutlookRows = _kept_rows(OutlookRow, 2)  # words are retired, not removed
