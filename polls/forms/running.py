from django import forms
from django.utils.translation import gettext_lazy as _

from polls.forms.polls import ExtendForm, ReasonForm


class ElectionReasonForm(ReasonForm):
    """Why something is done to an election; the public log shows it."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # a form's own arguments
        self.fields["reason"].help_text = _("It stands in the election's public log.")


class ElectionExtendForm(ElectionReasonForm, ExtendForm):
    """More time, with the reason."""


class CertifyForm(forms.Form):
    statement = forms.CharField(
        label=_("Your words to it"),
        max_length=500,
        required=False,
        help_text=_("They stand beside your signature."),
    )
