from django import forms
from django.utils.translation import gettext_lazy as _

from meetups.models import Meetup, Rsvp, Site
from meetups.models.rsvp import MOST_GUESTS
from meetups.selectors.notes import LONGEST_NOTE
from meetups.selectors.sites import has_sites


class RsvpForm(forms.Form):
    """One's answer; what the meetup or the person does not need is not asked."""

    guests = forms.IntegerField(
        label=_("Guests you bring"), min_value=0, max_value=MOST_GUESTS, initial=0
    )
    mode = forms.ChoiceField(
        label=_("How you come"),
        choices=Rsvp.Mode.choices,
        initial=Rsvp.Mode.IN_PERSON,
        widget=forms.RadioSelect,
    )
    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.none(), required=False, empty_label=_("Any")
    )
    diet = forms.CharField(
        label=_("Dietary note"),
        max_length=200,
        required=False,
        help_text=_("For whoever orders the food. Nobody else sees it."),
    )
    accepts_code_of_conduct = forms.BooleanField(
        label=_("I accept the code of conduct"),
        help_text=_(
            "Be considerate, harass nobody, and tell an organizer when something is wrong. "
            "Organizers may ask anyone to leave."
        ),
        error_messages={"required": _("Your first RSVP needs this. Nothing was saved.")},
    )

    def __init__(
        self,
        *args: object,
        meetup: Meetup,
        needs_consent: bool,
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not has_sites(meetup) or (self.is_bound and not self.data.get("site")):
            del self.fields["site"]
        else:
            places = meetup.sites.filter(state=Site.State.APPROVED)
            self.fields["site"].queryset = places  # type: ignore[attr-defined]
        if not meetup.has_online:
            del self.fields["mode"]
        if not needs_consent:
            del self.fields["accepts_code_of_conduct"]


class RsvpLinkForm(forms.Form):
    """Where to send the link to."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class StateForm(forms.Form):
    """What those who answered are told, and the new date where there is one."""

    note = forms.CharField(
        label=_("What to tell them"),
        max_length=300,
        required=False,
        help_text=_("It stands in the mail to everyone who answered."),
    )
    starts_at = forms.DateTimeField(
        label=_("New start"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("In the meetup's own zone. Leave it empty while there is no new date."),
    )


class NoteForm(forms.Form):
    """A short line for the live notes."""

    text = forms.CharField(
        label=_("Your note"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST_NOTE}),
    )


class CodeForm(forms.Form):
    """A check-in code as it is typed at the door."""

    code = forms.CharField(label=_("Code"), max_length=40)


class WalkInForm(forms.Form):
    """Somebody who came without an RSVP."""

    client_id = forms.CharField(max_length=64, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    people = forms.IntegerField(label=_("People"), min_value=1, max_value=50, initial=1)


class AddPersonForm(forms.Form):
    """Somebody an organizer counts in."""

    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    guests = forms.IntegerField(
        label=_("Guests they bring"), min_value=0, max_value=MOST_GUESTS, initial=0
    )


class PartyForm(forms.Form):
    """How many guests a party brings."""

    guests = forms.IntegerField(label=_("Guests"), min_value=0, max_value=MOST_GUESTS)


class AttendeeFileForm(forms.Form):
    """An attendee list from elsewhere."""

    file = forms.FileField(
        label=_("CSV file"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
        help_text=_(
            "With a headline; one column for e-mail addresses. Columns for name, guests, status "
            "and checked in are read where there are any. At most 2000 lines."
        ),
    )
