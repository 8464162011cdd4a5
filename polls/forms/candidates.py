"""What nominees, candidates and organizers fill in about who stands."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from polls.models import Candidate, Election, ElectionQuestion
from polls.services.elections.rules import LONGEST_COMPANY, LONGEST_NAME, LONGEST_TEXT
from polls.services.elections.words import LONGEST_ANSWER
from polls.services.reasons import LONGEST_REASON

WORDS = ("affiliation", "profile", "statement", "links")
MARKDOWN = _("Markdown: *emphasis*, **strong**, lists, and [links](https://example.org).")


class NominateForm(forms.Form):
    email = forms.EmailField(
        label=_("Their e-mail address"),
        help_text=_("The one they have signed up here with. They are asked whether they stand."),
    )


class WordsForm(forms.Form):
    """A candidate's own words, with a field for each of the organizers' questions."""

    affiliation = forms.CharField(
        label=_("Your company"),
        max_length=LONGEST_COMPANY,
        required=False,
        help_text=_("Whom you work for; it counts where there is a cap for one company."),
    )
    profile = forms.CharField(label=_("You in a line"), max_length=300, required=False)
    statement = forms.CharField(
        label=_("What you stand for"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
        required=False,
        help_text=MARKDOWN,
    )
    links = forms.CharField(
        label=_("Links"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_("One a line, with https:// before it."),
    )

    def __init__(
        self, *args: Any, answers: list[tuple[ElectionQuestion, str]] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions = {f"answer_{asked.pk}": asked.pk for asked, _said in answers or []}
        for asked, said in answers or []:
            self.fields[f"answer_{asked.pk}"] = forms.CharField(
                label=asked.text,
                max_length=LONGEST_ANSWER,
                widget=forms.Textarea(attrs={"rows": 4}),
                required=False,
                initial=said,
            )

    def words(self) -> dict[str, str]:
        """What the service takes as words."""
        return {name: self.cleaned_data[name] for name in WORDS}

    def answers(self) -> dict[int, str]:
        """And as answers."""
        return {number: self.cleaned_data[name] for name, number in self.questions.items()}


class EnterForm(WordsForm):
    """Somebody whom organizers enter; without an account they cannot edit their own words."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    email = forms.EmailField(
        label=_("E-mail address of their account"),
        required=False,
        help_text=_("With it they can write their own words."),
    )
    field_order = ("name", "email", *WORDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["affiliation"].label = _("Company")
        self.fields["profile"].label = _("In a line")
        self.fields["statement"].label = _("Statement")


class StepForm(forms.Form):
    """Why a candidate is ruled out or taken up again."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=LONGEST_REASON,
        help_text=_("It stands in the election's log, for everyone, and the candidate gets it."),
    )


class CampaignForm(forms.Form):
    title = forms.CharField(label=_("Name of the campaign"), max_length=200)
    members = forms.ModelMultipleChoiceField(
        label=_("Who runs together"),
        queryset=Candidate.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    statement = forms.CharField(
        label=_("What they stand for"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text=MARKDOWN,
    )
    record_text = forms.CharField(
        label=_("What they have done"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text=MARKDOWN,
    )

    def __init__(self, *args: Any, election: Election, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = election.candidates.all()  # type: ignore[attr-defined]


class QuestionsForm(forms.Form):
    texts = forms.CharField(
        label=_("Questions to every candidate"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text=_("One a line. A question whose words stay keeps its answers."),
    )

    def clean_texts(self) -> list[str]:
        """The lines."""
        return [line for line in self.cleaned_data["texts"].splitlines() if line.strip()]


class InspectorForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address of their account"))
    affiliation = forms.CharField(
        label=_("Company"),
        max_length=LONGEST_COMPANY,
        required=False,
        help_text=_("At most two inspectors are of one company."),
    )
