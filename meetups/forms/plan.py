"""The sheet for planning a meetup. Times are those of the zone that is chosen in it."""

import zoneinfo
from functools import cache
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from community.models import Chapter
from meetups.forms.paper import LocalTime
from meetups.models import Meetup

TIMES = ("starts_at", "ends_at", "rsvp_closes_at")


@cache
def zone_names() -> list[str]:
    """The zones one can meet in, by place."""
    places = [name for name in zoneinfo.available_timezones() if "/" in name]
    outside = ("Etc/", "SystemV/", "US/", "posix/", "right/")
    return ["UTC", *sorted(name for name in places if not name.startswith(outside))]


class PlanForm(forms.ModelForm[Meetup]):
    venue_name = forms.CharField(
        label=_("Venue"),
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"list": "venues", "autocomplete": "off"}),
        help_text=_("A room you have met in, or a new one. Leave it empty where there is none."),
    )
    venue_address = forms.CharField(label=_("Address of the venue"), max_length=240, required=False)
    change_note = forms.CharField(
        label=_("What to tell those who answered"),
        max_length=300,
        required=False,
        help_text=_("Where date, place or title change, everyone who answered gets a mail."),
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Meetup
        fields = (
            "title", "slug", "kind", "chapter", "summary", "timezone", "starts_at", "ends_at",
            "rsvp_closes_at", "capacity", "has_online", "online_capacity", "join_instructions",
            "has_lab",
        )  # fmt: skip
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 4}),
            "join_instructions": forms.Textarea(attrs={"rows": 3}),
            **{name: LocalTime() for name in TIMES},
        }
        labels = {
            "slug": _("Address of its page"),
            "chapter": _("Group"),
            "timezone": _("Time zone of the event"),
        }
        help_texts = {
            "slug": _("Made from the title where you leave it empty."),
            "summary": _(
                "Markdown: *emphasis*, **strong**, lists, and [links](https://example.org)."
            ),
            "capacity": _("People, guests included. Empty is no limit."),
            "online_capacity": _("Empty is no limit."),
            "rsvp_closes_at": _("Empty is until the end."),
        }

    field_order = (
        "title", "slug", "chapter", "kind", "summary", "timezone", "starts_at", "ends_at",
        "venue_name", "venue_address", "capacity", "has_online", "online_capacity",
        "join_instructions", "rsvp_closes_at", "has_lab", "change_note",
    )  # fmt: skip

    def __init__(self, *args: Any, chapters: QuerySet[Chapter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = zone_names()
        if self.instance.timezone not in zones:
            zones = [self.instance.timezone, *zones]
        choices = [(name, name.replace("_", " ")) for name in zones]
        self.fields["timezone"] = forms.ChoiceField(
            label=self.fields["timezone"].label, choices=choices
        )
        if self.instance.pk is not None:
            # Mails and calendars hold the address, and a meetup stays where it was announced.
            del self.fields["slug"], self.fields["chapter"]
            if not self.instance.is_published:
                del self.fields["change_note"]
            return
        del self.fields["version"], self.fields["change_note"]
        self.fields["slug"].required = False
        self.fields["chapter"].queryset = chapters
        if len(chapters) == 1:
            del self.fields["chapter"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", _("It must end after it starts."))
        if end and not start and "starts_at" not in self.errors:
            self.add_error("starts_at", _("Say when it starts, too."))
        return cleaned

    def fields_given(self) -> dict[str, Any]:
        """What was filled in, for a new meetup."""
        return dict(self.cleaned_data)

    def fields_changed(self) -> dict[str, Any]:
        """What was changed of a meetup that is there; an earlier change's note does not stay."""
        changed = {name: self.cleaned_data[name] for name in self.changed_data if name != "version"}
        return {"change_note": ""} | changed
