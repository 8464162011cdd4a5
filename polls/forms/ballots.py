"""A ballot as a plain form: one field for each option. What it says is checked by the service.

The same fields are filled by the scripts that make ranking and spending dots easier.
"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.core.errors import ProductError
from polls.models import Ballot, Poll, PollOption


class BallotForm(forms.Form):
    """`lines` are the options in the voter's order, each with its field."""

    def __init__(
        self,
        data: Any = None,
        *,
        poll: Poll,
        options: Sequence[PollOption],
        ballot: Ballot | None = None,
    ) -> None:
        super().__init__(data, prefix="option")
        self.poll, self.options = poll, options
        given = self.given(ballot.choices) if ballot else {}
        for option in options:
            name = str(option.pk)
            self.fields[name] = self.field_for(option)
            self.fields[name].initial = given.get(name)

    @property
    def lines(self) -> list[tuple[PollOption, forms.BoundField]]:
        """Each option with its field."""
        return [(option, self[str(option.pk)]) for option in self.options]

    def field_for(self, option: PollOption) -> forms.Field:
        """The field that asks about `option`."""
        raise NotImplementedError

    def given(self, choices: dict[str, Any]) -> dict[str, Any]:
        """What a ballot said of each option, by the names of the fields."""
        raise NotImplementedError

    def choices(self) -> dict[str, Any]:
        """The ballot in the API's shape, from what was typed."""
        raise NotImplementedError

    def refuse(self, error: ProductError) -> None:
        """Say on the form what the service refused."""
        self.add_error(None, error.sentence)

    def _filled(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


class RankedForm(BallotForm):
    """A place for each option that is among the favourites; the others are left empty."""

    @property
    def most(self) -> int:
        """How many may be put in order."""
        return min(self.poll.most_ranked or len(self.options), len(self.options))

    def field_for(self, option: PollOption) -> forms.Field:
        return forms.IntegerField(
            label=option.title,
            required=False,
            min_value=1,
            max_value=self.most,
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        )

    def given(self, choices: dict[str, Any]) -> dict[str, Any]:
        return {str(pk): place for place, pk in enumerate(choices["ranking"], 1)}

    def clean(self) -> dict[str, Any]:
        """No two options at one place."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first: dict[int, str] = {}
        for name, place in self._filled().items():
            if place in first:
                self.add_error(
                    name,
                    _("“%(other)s” has number %(place)s, too.")
                    % {"other": self.fields[first[place]].label, "place": place},
                )
            else:
                first[place] = name
        return cleaned

    def choices(self) -> dict[str, Any]:
        places = self._filled()
        return {"ranking": [int(name) for name in sorted(places, key=lambda name: places[name])]}


class ScoreForm(BallotForm):
    """0 to 5 for each option, or no opinion."""

    def field_for(self, option: PollOption) -> forms.Field:
        scores = [(str(score), str(score)) for score in range(Poll.MOST_SCORE + 1)]
        return forms.ChoiceField(
            label=option.title,
            required=False,
            choices=[*scores, ("", _("no opinion"))],
            initial="",
            widget=forms.RadioSelect,
        )

    def given(self, choices: dict[str, Any]) -> dict[str, Any]:
        return {name: str(score) for name, score in choices["scores"].items()}

    def choices(self) -> dict[str, Any]:
        return {"scores": {name: int(score) for name, score in self._filled().items()}}


class ApprovalForm(BallotForm):
    """A tick for each option one would support."""

    def field_for(self, option: PollOption) -> forms.Field:
        return forms.BooleanField(label=option.title, required=False)

    def given(self, choices: dict[str, Any]) -> dict[str, Any]:
        return {str(pk): True for pk in choices["approved"]}

    def choices(self) -> dict[str, Any]:
        return {"approved": [int(name) for name, ticked in self.cleaned_data.items() if ticked]}


class DotsForm(BallotForm):
    """A number of dots for each option."""

    def field_for(self, option: PollOption) -> forms.Field:
        return forms.IntegerField(
            label=option.title,
            required=False,
            min_value=0,
            max_value=self.poll.dots,
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        )

    def given(self, choices: dict[str, Any]) -> dict[str, Any]:
        return dict(choices["dots"])

    def choices(self) -> dict[str, Any]:
        return {"dots": self._filled()}


FORMS: dict[str, type[BallotForm]] = {
    Poll.Method.RANKED: RankedForm,
    Poll.Method.SCORE: ScoreForm,
    Poll.Method.APPROVAL: ApprovalForm,
    Poll.Method.DOTS: DotsForm,
}


def ballot_form(
    poll: Poll, options: Sequence[PollOption], ballot: Ballot | None = None, data: Any = None
) -> BallotForm:
    """The form for a poll's method, filled with the ballot one sent last."""
    return FORMS[poll.method](data, poll=poll, options=options, ballot=ballot)
