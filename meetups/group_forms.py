"""Forms of the group's own work: sponsors, sites, series."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from community.models import Chapter
from meetups.models import SponsorKind, Sponsorship
from meetups.selectors.sponsors import months_ahead


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


class ThanksForm(forms.ModelForm[Sponsorship]):
    class Meta:
        model = Sponsorship
        fields = ("thanks",)
