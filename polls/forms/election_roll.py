"""The small forms of an election's roll."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from polls.services.elections.roll_requests import LONGEST_DECISION, LONGEST_TEXT
from polls.services.elections.roll_rows import HEADER

MOST_BYTES = 2_000_000


class RollImportForm(forms.Form):
    """A CSV, pasted or as a file."""

    text = forms.CharField(
        label=_("The list"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "class": "mono"}),
        help_text=_("The first line names the columns: %s. Commas or semicolons.") % HEADER,
    )
    file = forms.FileField(
        label=_("Or a file"), required=False, help_text=_("CSV in UTF-8, at most 2 MB.")
    )

    def clean_file(self) -> Any:
        """A file of a size that one reads."""
        file = self.cleaned_data["file"]
        if file is not None and file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 2 MB."))
        return file

    def content(self) -> str | bytes:
        """What was sent: the file, where there is one."""
        file = self.cleaned_data["file"]
        return bytes(file.read()) if file is not None else str(self.cleaned_data["text"])


class RollMembersForm(forms.Form):
    """Which members: by the day they joined."""

    since = forms.DateField(
        label=_("Joined on or before"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: every member. Who is on the roll already is left out."),
    )


class AskForRollForm(forms.Form):
    """Why one should be on the roll."""

    text = forms.CharField(
        label=_("Why you may vote"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The organizers read it and answer with a reason."),
    )


class DecisionForm(forms.Form):
    """Why a request is accepted or not."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_DECISION,
        help_text=_("The person gets it by mail; with “accept” it stands on the roll."),
    )


class OwnLinkForm(forms.Form):
    """The address that may be on the roll."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
