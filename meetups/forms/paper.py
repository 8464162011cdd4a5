"""What organizers fill in about a meetup's agenda and minutes. Rows left empty are not saved."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from meetups.models import Meetup, Session, Topic

STAYS = _("stays here")


class LocalTime(forms.DateTimeInput):
    """A day and a time, in the zone in force."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class _Row(forms.Form):
    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    place = forms.IntegerField(label=_("Order"), required=False, min_value=0, max_value=9999)

    def entry(self) -> dict[str, Any]:
        """What the service takes: the fields, and the id of a row that is there."""
        fields = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("id", "place", "DELETE")
        }
        number = self.cleaned_data.get("id")
        return fields | {"id": number} if number else fields


class SessionRow(_Row):
    title = forms.CharField(label=_("Title"), max_length=240)
    # What an untouched row sends is its initial value: it does not count as filled in.
    kind = forms.ChoiceField(
        label=_("Kind"), choices=Session.Kind.choices, initial=Session.Kind.TALK
    )
    speakers = forms.CharField(
        label=_("Speakers"), required=False, max_length=500, help_text=_("Separated by commas.")
    )
    starts_at = forms.DateTimeField(label=_("Starts at"), required=False, widget=LocalTime)
    ends_at = forms.DateTimeField(label=_("Ends at"), required=False, widget=LocalTime)
    description = forms.CharField(
        label=_("What it is about"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    place_name = forms.CharField(label=_("Where"), required=False, max_length=160)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", _("It must end after it starts."))
        return cleaned

    def entry(self) -> dict[str, Any]:
        fields = super().entry()
        names = fields.pop("speakers").split(",")
        fields["speakers"] = [name.strip() for name in names if name.strip()]
        fields["place"] = fields.pop("place_name")
        return fields


class TopicRow(_Row):
    text = forms.CharField(label=_("Topic"), max_length=240)
    stage = forms.ChoiceField(
        label=_("Stage"), choices=Topic.Stage.choices, initial=Topic.Stage.PLANNED
    )
    moved_to = forms.ModelChoiceField(
        label=_("Moved to"), queryset=Meetup.objects.none(), required=False, empty_label=STAYS
    )

    def __init__(self, *args: Any, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # One evaluated list for all rows: a queryset would be asked anew by each.
        field = self.fields["moved_to"]
        field.queryset = others  # type: ignore[attr-defined]
        field.choices = [("", STAYS), *((other.pk, other.title) for other in others)]  # type: ignore[attr-defined]


class ItemRow(_Row):
    speaker = forms.CharField(label=_("Who"), required=False, max_length=120)
    is_decision = forms.BooleanField(label=_("A decision"), required=False)
    text = forms.CharField(
        label=_("Text"), max_length=10000, widget=forms.Textarea(attrs={"rows": 3})
    )


class RecordingRow(_Row):
    title = forms.CharField(label=_("Title"), max_length=160)
    url = forms.URLField(label=_("Web address"), max_length=500, assume_scheme="https")


class MinutesForm(forms.Form):
    version = forms.CharField(widget=forms.HiddenInput)
    intro = forms.CharField(
        label=_("Before the items"),
        required=False,
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Markdown: *emphasis*, **strong**, lists, and [links](https://example.org)."),
    )
    headcount = forms.IntegerField(
        label=_("How many came"), required=False, min_value=0, max_value=100000
    )
    is_headcount_minimum = forms.BooleanField(label=_("At least that many"), required=False)
    is_headcount_uncertain = forms.BooleanField(label=_("Not certain"), required=False)
    headcount_as_printed = forms.CharField(
        label=_("In the words of the report"),
        required=False,
        max_length=40,
        help_text=_("As it was said or printed: “about 60”, “48?!”."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        doubts = cleaned.get("is_headcount_minimum") or cleaned.get("is_headcount_uncertain")
        if doubts and cleaned.get("headcount") is None and "headcount" not in self.errors:
            self.add_error("headcount", _("Say how many came, or leave both boxes empty."))
        return cleaned


class VersionForm(forms.Form):
    version = forms.CharField(widget=forms.HiddenInput)


class Rows(forms.BaseFormSet[Any]):
    """Rows of one kind; the fields' ids differ by their prefix."""

    def entries(self) -> list[dict[str, Any]]:
        """What is to be saved, in the order the organizer gave; rows without a place come last."""
        rows = [
            form
            for form in self.forms
            if form.has_changed() or form.initial.get("id")
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]
        rows.sort(key=lambda form: (form.cleaned_data["place"] is None, form.cleaned_data["place"]))
        return [form.entry() for form in rows]

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Remove this row")


def rows_of(row: type[_Row], extra: int) -> type[Rows]:
    """The class of formsets of `row` with `extra` empty ones at the end."""
    made = forms.formset_factory(
        row, formset=Rows, extra=extra, can_delete=True, max_num=500, absolute_max=600
    )
    return cast("type[Rows]", made)


SessionRows = rows_of(SessionRow, 2)
TopicRows = rows_of(TopicRow, 3)
ItemRows = rows_of(ItemRow, 3)
RecordingRows = rows_of(RecordingRow, 1)


def check_all(*parts: Any) -> bool:
    """Whether all forms are right; every one is asked, so that all mistakes are said at once."""
    right = [bool(part.is_valid()) for part in parts]
    return all(right)
