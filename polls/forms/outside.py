"""The result of an election held elsewhere, as an organizer copies it from its source."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from polls.models import Candidate, Election
from polls.services.elections.rules import LONGEST_COMPANY, LONGEST_NAME, LONGEST_TEXT

YES, NO = "true", "false"
SEATED = [("", _("not known")), (YES, _("yes")), (NO, _("no"))]
NUMBERS = (
    "rank", "votes", "percent_of_votes", "voters", "percent_of_voters", "own_employer_percent",
)  # fmt: skip


class SourceForm(forms.Form):
    source = forms.CharField(
        label=_("Where the result comes from"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The page, list or paper that prints it. It stands under the table."),
    )


class ResultRow(forms.Form):
    """One candidate's row; what is left empty is not known."""

    candidate = forms.ModelChoiceField(
        queryset=Candidate.objects.none(), required=False, widget=forms.HiddenInput
    )
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME, required=False)
    affiliation = forms.CharField(label=_("Company"), max_length=LONGEST_COMPANY, required=False)
    rank = forms.IntegerField(label=_("Rank"), min_value=1, max_value=999, required=False)
    votes = forms.DecimalField(
        label=_("Votes"), min_value=0, max_digits=12, decimal_places=2, required=False
    )
    percent_of_votes = forms.DecimalField(
        label=_("% of votes"), min_value=0, max_value=100, decimal_places=2, required=False
    )
    voters = forms.IntegerField(
        label=_("Voters"), min_value=0, max_value=2_000_000_000, required=False
    )
    percent_of_voters = forms.DecimalField(
        label=_("% of voters"), min_value=0, max_value=100, decimal_places=2, required=False
    )
    own_employer_percent = forms.DecimalField(
        label=_("% of its voters from the own employer"),
        min_value=0, max_value=100, decimal_places=2, required=False,
    )  # fmt: skip
    is_seated = forms.ChoiceField(label=_("Seated"), choices=SEATED, required=False)
    is_inferred = forms.BooleanField(label=_("Worked out, not printed"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, candidates: dict[int, Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = candidates.get(self.initial.get("candidate") or 0)
        field = cast("forms.ModelChoiceField[Candidate]", self.fields["candidate"])
        field.queryset = Candidate.objects.filter(pk__in=candidates)
        if self.known is not None:
            del self.fields["name"], self.fields["affiliation"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.known is None and self.has_changed() and not cleaned.get("name"):
            self.add_error("name", _("Whose row is it?"))
        return cleaned

    def entry(self) -> dict[str, Any] | None:
        """What the service takes; None for a row that says nothing."""
        row = {name: value for name, value in self.cleaned_data.items() if name != "candidate"}
        row["is_seated"] = {YES: True, NO: False}.get(row["is_seated"])
        says = [row.get(name) for name in (*NUMBERS, "is_seated")]
        if all(value is None for value in says) and not row.get("reason") and not row.get("name"):
            return None
        return row | ({"candidate": self.known} if self.known is not None else {})


def result_rows(election: Election, data: Any = None) -> Any:
    """The formset: a row for each candidate there is, and two for those the result alone names."""
    people = list(election.candidates.select_related("outside_result"))
    made = forms.formset_factory(ResultRow, extra=2, max_num=500, absolute_max=600)
    return made(
        data,
        prefix="rows",
        initial=[_initial(candidate) for candidate in people],
        form_kwargs={"candidates": {candidate.pk: candidate for candidate in people}},
    )


def _initial(candidate: Candidate) -> dict[str, Any]:
    known = getattr(candidate, "outside_result", None)
    initial: dict[str, Any] = {"candidate": candidate.pk}
    if known is not None:
        initial |= {name: getattr(known, name) for name in (*NUMBERS, "is_inferred", "reason")}
        initial["is_seated"] = {True: YES, False: NO, None: ""}[known.is_seated]
    return initial
