"""The sheet for an election; times are in its chapter's zone."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from community.models import Chapter
from meetups.forms.paper import LocalTime
from polls.models import Election
from polls.services.elections.locks import BEFORE_OPENING
from polls.services.elections.rules import TIMES
from polls.services.elections.setup import INFORMATION


class ElectionForm(forms.ModelForm[Election]):
    """Sitting directors go one a line, name and company with a comma between them."""

    sitting = forms.CharField(
        label=_("Directors of other classes, who stay"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_("They count for the cap. One a line: name, company."),
    )

    outside_url = forms.URLField(
        label=_("Where it is held"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("Only for an election that is held elsewhere."),
    )

    class Meta:
        model = Election
        fields = (
            "title", "slug", "chapter", "body", "about", "eligibility", "how_to_vote", "method",
            "seats", "votes_per_voter", "whole_votes", "cap_max", "results_at", "asks_employer",
            "publish_ballots", "endorsements_needed", *TIMES, "has_days_only", "outside_url",
        )  # fmt: skip
        widgets = {
            **{
                name: forms.Textarea(attrs={"rows": 3})
                for name in ("about", "eligibility", "how_to_vote")
            },
            **{name: LocalTime() for name in TIMES},
        }
        labels = {"chapter": _("Group")}
        help_texts = {
            "slug": _("Made from the title where you leave it empty."),
            "body": _("“Board of the foundation”, for example."),
            "cap_max": _("Leave it empty where there is no such rule."),
            "endorsements_needed": _("By members of the group, before a nomination counts."),
            "asks_employer": _(
                "Each ballot says: a candidate's employer, another, or nothing. Shown from five on."
            ),
        }

    # The order in which an organizer thinks of them, under a heading each.
    PARTS = (
        (
            _("What is elected"),
            ("title", "slug", "chapter", "body", "about", "eligibility", "how_to_vote"),
        ),
        (
            _("The rules of the count"),
            ("seats", "method", "votes_per_voter", "whole_votes", "cap_max", "sitting"),
        ),
        (
            _("Nominations"),
            ("endorsements_needed", "nominations_open_at", "nominations_close_at"),
        ),
        (_("Voting"), ("opens_at", "closes_at", "has_days_only", "asks_employer")),
        (_("The result"), ("results_at", "publish_ballots")),
        (_("Held elsewhere"), ("outside_url",)),
    )

    @property
    def parts(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Each heading with those of its fields that can be written now."""
        found = [(title, [self[name] for name in names if name in self.fields])
                 for title, names in self.PARTS]  # fmt: skip
        return [(title, fields) for title, fields in found if fields]

    def __init__(self, *args: Any, chapters: QuerySet[Chapter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            # Mails and the log hold the address, and an election stays with its chapter.
            self._keep_what_can_change()
            self.initial["sitting"] = "\n".join(
                f"{one['name']}, {one['affiliation']}" for one in self.instance.cap_sitting
            )
            return
        self.fields["slug"].required = False
        self.fields["chapter"].queryset = chapters
        if len(chapters) == 1:
            del self.fields["chapter"]

    def _keep_what_can_change(self) -> None:
        election = self.instance
        del self.fields["slug"], self.fields["chapter"]
        if not election.is_external and election.state not in BEFORE_OPENING:
            for name in self.fields.keys() - INFORMATION:
                del self.fields[name]

    def clean_sitting(self) -> list[dict[str, str]]:
        """The lines that have words, as the service takes them."""
        rows = []
        for line in self.cleaned_data["sitting"].splitlines():
            if not line.strip():
                continue
            name, comma, company = line.rpartition(",")
            if not comma or not name.strip() or not company.strip():
                raise forms.ValidationError(_("Each line needs a name, a comma and a company."))
            rows.append({"name": name.strip(), "affiliation": company.strip()})
        return rows

    def fields_for_service(self) -> dict[str, Any]:
        """What `create_election` and `change_election` take."""
        fields = dict(self.cleaned_data)
        if "sitting" in fields:
            fields["cap_sitting"] = fields.pop("sitting")
        for name in TIMES:
            # The control knows no seconds; a time that was not touched keeps its own.
            known, given = getattr(self.instance, name), fields.get(name)
            if known and given and known.replace(second=0, microsecond=0) == given:
                del fields[name]
        return fields

    def _post_clean(self) -> None:
        """The service checks the whole, and says it in the words the API has."""
