"""A secret ballot as a plain form: one field for each candidate. The service checks what it says.

Fields bear no trace of an earlier ballot: nobody can read it back, its voter neither.
"""

import random
import secrets
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from community.core.errors import ProductError
from polls.models import Candidate, Election

CODE_BYTES = 24


class SecretBallotForm(forms.Form):
    """`lines` are the candidates in the voter's order, each with its field."""

    revote_code = forms.CharField(
        label=_("Revote code"),
        max_length=128,
        strip=True,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        election: Election,
        candidates: Sequence[Candidate],
        employers: dict[str, str],
        has_voted: bool,
    ) -> None:
        super().__init__(data, prefix="option")
        self.election, self.candidates = election, candidates
        for candidate in candidates:
            self.fields[str(candidate.pk)] = self.field_for(candidate)
        if employers:
            self.fields["employer"] = forms.ChoiceField(
                label=_("Your employer"),
                required=False,
                choices=list(employers.items()),
                initial="undisclosed",
                help_text=_(
                    "Kept with the ballot, not with you: the result says how many of a candidate's "
                    "voters work where the candidate does. A company that fewer than five name "
                    "counts as another."
                ),
            )
        # A first ballot gets a fresh code to keep; a replacement needs the one that was kept.
        if has_voted:
            self.fields["revote_code"].help_text = _("It stood beside the receipt of your ballot.")
        else:
            self.fields["revote_code"].initial = secrets.token_urlsafe(CODE_BYTES)

    @property
    def lines(self) -> list[tuple[Candidate, forms.BoundField]]:
        """Each candidate with their field."""
        return [(candidate, self[str(candidate.pk)]) for candidate in self.candidates]

    @property
    def most(self) -> int:
        """How many may be put in order."""
        return len(self.candidates)

    def field_for(self, candidate: Candidate) -> forms.Field:
        """The field that asks about `candidate`."""
        raise NotImplementedError

    def choices(self) -> dict[str, Any]:
        """The ballot in the API's shape, from what was typed."""
        raise NotImplementedError

    def refuse(self, error: ProductError) -> None:
        """Say on the form what the service refused."""
        is_code = error.code == "already_voted" or "revote_code" in error.extra.get("errors", {})
        self.add_error("revote_code" if is_code else None, error.sentence)

    def _filled(self) -> dict[str, Any]:
        names = {str(candidate.pk) for candidate in self.candidates}
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}


class CumulativeForm(SecretBallotForm):
    """A number of votes for each candidate."""

    def field_for(self, candidate: Candidate) -> forms.Field:
        most, whole = self.election.votes_per_voter, self.election.whole_votes
        widget = forms.NumberInput(
            attrs={"inputmode": "numeric" if whole else "decimal", "placeholder": "0"}
        )
        number = str(_("A number from 0 to %(most)s.")) % {"most": most}
        words = {
            "invalid": number,
            "min_value": number,
            "max_value": str(_("You have %(most)s votes in all.")) % {"most": most},
            "max_decimal_places": str(
                _("Whole votes only.") if whole else _("At most two decimals.")
            ),
        }
        return forms.DecimalField(
            label=candidate.name,
            error_messages=words,
            required=False,
            min_value=Decimal(0),
            max_value=Decimal(most),
            decimal_places=0 if whole else 2,
            widget=widget,
        )

    def choices(self) -> dict[str, Any]:
        return {"allocations": {name: str(votes) for name, votes in self._filled().items()}}


class ApprovalForm(SecretBallotForm):
    """A tick for each candidate one would support."""

    def field_for(self, candidate: Candidate) -> forms.Field:
        return forms.BooleanField(label=candidate.name, required=False)

    def choices(self) -> dict[str, Any]:
        return {"approved": [int(name) for name in self._filled()]}


class PlacesForm(SecretBallotForm):
    """A place for each candidate; those without one are below all others."""

    def field_for(self, candidate: Candidate) -> forms.Field:
        number = str(_("A number from 1 to %(most)s, or nothing.")) % {"most": len(self.candidates)}
        return forms.IntegerField(
            label=candidate.name,
            error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), number),
            required=False,
            min_value=1,
            max_value=len(self.candidates),
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        )

    def _tiers(self) -> list[list[int]]:
        filled = self._filled()
        return [
            sorted(int(name) for name, place in filled.items() if place == number)
            for number in sorted(set(filled.values()))
        ]


class StvLine(NamedTuple):
    """A candidate as the ranking's page shows its options."""

    pk: int
    title: str
    description: str


class StvForm(PlacesForm):
    """No two candidates at one place."""

    @property
    def ranked_lines(self) -> list[tuple[StvLine, forms.BoundField]]:
        """The lines, each with the candidate in the words that the ranking's page shows."""
        return [
            (
                StvLine(one.pk, ", ".join(filter(None, (one.name, one.affiliation))), one.profile),
                field,
            )
            for one, field in self.lines
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first: dict[int, str] = {}
        for name, place in sorted(self._filled().items(), key=lambda line: int(line[0])):
            if place in first:
                other = self.fields[first[place]].label
                said = _("%(other)s has number %(place)s, too.")
                self.add_error(name, said % {"other": other, "place": place})
            first.setdefault(place, name)
        return cleaned

    def choices(self) -> dict[str, Any]:
        return {"ranking": [one for tier in self._tiers() for one in tier]}


class SchulzeForm(PlacesForm):
    """Equals allowed."""

    def choices(self) -> dict[str, Any]:
        return {"ranking": self._tiers()}


FORMS: dict[str, type[SecretBallotForm]] = {
    Election.Method.CUMULATIVE: CumulativeForm,
    Election.Method.APPROVAL: ApprovalForm,
    Election.Method.STV: StvForm,
    Election.Method.SCHULZE: SchulzeForm,
}


def in_voters_order(candidates: Sequence[Candidate], seed: object) -> list[Candidate]:
    """The candidates in the order that `seed` gives: each voter's own, the same at every look."""
    mixed = list(candidates)
    random.Random(str(seed)).shuffle(mixed)  # noqa: S311 - the seed is the secret
    return mixed
