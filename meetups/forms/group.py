"""Forms of the group's own work: sponsors, sites, series."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from community.models import Chapter, User
from community.models.chapter import own_chapters
from meetups.forms.plan import zone_names
from meetups.models import Series, Site, SponsorKind, Sponsorship
from meetups.selectors.sponsors import months_ahead
from meetups.services.series import MOST_MONTHS


class ZoneField(forms.ChoiceField):
    """A time zone, from the list of those one can meet in; `empty` says what none means."""

    def __init__(self, *, empty: Any = "", **kwargs: Any) -> None:
        none = [("", empty)] if empty else []
        super().__init__(
            label=_("Time zone"),
            choices=lambda: [*none, *((name, name) for name in zone_names())],
            required=not empty,
            **kwargs,
        )


class SponsorForm(forms.Form):
    """“Sponsor a meetup”, for anyone. `website` is a trap: people do not see it, robots fill it."""

    chapter = forms.ModelChoiceField(
        label=_("Group"), queryset=Chapter.objects.all(), to_field_name="slug", empty_label=None
    )
    month = forms.ChoiceField(label=_("Month"))
    kind = forms.ChoiceField(label=_("What you would pay for"), choices=SponsorKind.choices)
    organization_name = forms.CharField(label=_("Organization"), max_length=120)
    contact_name = forms.CharField(label=_("Your name"), max_length=120)
    contact_email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("The organizers answer here. It is shown to nobody else."),
    )
    message = forms.CharField(
        label=_("Message"), max_length=2000, required=False, widget=forms.Textarea({"rows": 4})
    )
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chapters = list(Chapter.objects.all())
        months = sorted({month for chapter in chapters for month in months_ahead(chapter)})
        self.fields["month"].choices = [  # type: ignore[attr-defined]
            (month.isoformat(), date_format(month, "F Y")) for month in months
        ]

    def clean_month(self) -> dt.date:
        """The month's first day."""
        return dt.date.fromisoformat(self.cleaned_data["month"])


class DecisionForm(forms.Form):
    """What goes with an organizer's yes or no; the mail says it."""

    note = forms.CharField(label=_("Note to them"), max_length=300, required=False)


class ThanksForm(forms.ModelForm[Sponsorship]):
    class Meta:
        model = Sponsorship
        fields = ("thanks",)


class SiteForm(forms.ModelForm[Site]):
    """A place for an event: a room somewhere, or an online one."""

    timezone = ZoneField(empty=_("that of the event"))

    class Meta:
        model = Site
        fields = (
            "name", "host", "is_online", "address", "timezone", "capacity",
            "join_instructions", "note",
        )  # fmt: skip
        labels = {
            "name": _("Name"),
            "host": _("Who hosts"),
            "is_online": _("It is online"),
            "address": _("Venue and address"),
            "capacity": _("Places"),
            "note": _("What else to know"),
        }
        help_texts = {
            "name": _("The city, mostly."),
            "address": _("Needed where it is not online."),
            "capacity": _("Empty means no limit."),
        }
        widgets = {
            "join_instructions": forms.Textarea({"rows": 3}),
            "note": forms.Textarea({"rows": 3}),
        }


class SeriesForm(forms.ModelForm[Series]):
    """A meetup that comes back. The venue goes by its name; a new name makes a new venue."""

    venue_name = forms.CharField(label=_("Venue"), max_length=160, required=False)
    timezone = ZoneField()
    starts_at_time = forms.TimeField(
        label=_("Begins at"), widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )

    class Meta:
        model = Series
        fields = (
            "title", "slug", "chapter", "summary", "week", "weekday", "starts_at_time",
            "duration_minutes", "timezone", "venue_name", "capacity", "has_online", "is_active",
        )  # fmt: skip
        widgets = {"summary": forms.Textarea({"rows": 3})}
        labels = {"slug": _("Address of its page"), "chapter": _("Group")}
        help_texts = {"slug": _("Made from the title where you leave it empty.")}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Chapter.objects.filter(own_chapters(user, "pk"))
        self.fields["chapter"].queryset = own  # type: ignore[attr-defined]
        if self.instance.pk:
            del self.fields["chapter"], self.fields["slug"]
            self.fields["venue_name"].initial = self.instance.venue and self.instance.venue.name
        else:
            self.fields["slug"].required = False
            first = own.first()
            self.fields["chapter"].initial = first
            self.fields["timezone"].initial = first and first.timezone
            del self.fields["is_active"]

    def clean_slug(self) -> str:
        """What was typed, or the title's own words."""
        typed = str(self.cleaned_data["slug"])
        return typed or slugify(self.cleaned_data.get("title", ""))[:50]


class PlanForm(forms.Form):
    months = forms.IntegerField(label=_("Months"), min_value=1, max_value=MOST_MONTHS, initial=6)
