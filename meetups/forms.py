from django import forms
from django.utils.translation import gettext_lazy as _

from meetups.models import Meetup, Rsvp, Site
from meetups.models.rsvp import MOST_GUESTS
from meetups.selectors.notes import LONGEST_NOTE


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
        self, *args: object, meetup: Meetup, needs_consent: bool, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        is_asked = not self.is_bound or self.data.get("site")
        sites = meetup.sites.filter(state=Site.State.APPROVED) if is_asked else Site.objects.none()
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]
        if not sites:
            del self.fields["site"]
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
