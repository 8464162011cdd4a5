"""A count in words: its rows with bars, its steps as sentences, what other methods would do."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from polls.models import Election, ElectionEntry, ElectionResult

METHODS = {
    "cumulative": _("by votes"),
    "approval": _("by approvals"),
    "stv": _("by the single transferable vote"),
    "schulze": _("by Schulze"),
    "without_cap": _("without the cap"),
}
EVENTS = {
    "announced": _("The election was announced."),
    "information_changed": _("Its information was changed."),
    "nominating": _("Nominations were opened."),
    "snapshot": _("The roll was taken down."),
    "roll_changed": _("The roll was changed."),
    "exception_decided": _("A request to be on the roll was decided."),
    "opened": _("Voting was opened."),
    "extended": _("Voting was given more time."),
    "closed": _("Voting was closed."),
    "sealed": _("The ballots were sealed: nothing ties them to voters any more."),
    "counted": _("The ballots were counted."),
    "signed": _("An inspector signed the result."),
    "objected": _("An inspector objected to the result."),
    "certified": _("The result is certified."),
    "cancelled": _("The election was cancelled; ballots were destroyed uncounted."),
    "reminded": _("Those who had not voted were reminded."),
    "candidate_ruled_out": _("A candidate was ruled out."),
    "candidate_reinstated": _("A candidate who had been ruled out stands again."),
    "candidate_withdrew": _("A candidate withdrew."),
    "inspector_named": _("An inspector was named."),
    "inspector_released": _("An inspector was released."),
    "result_entered": _("The result from elsewhere was entered."),
}


def told_result(result: ElectionResult) -> dict[str, Any]:
    """What the results page is filled with; bars are in percent of the most votes."""
    content = result.content
    rows = content["candidates"]
    most = max((float(row["votes"]) for row in rows), default=0)
    names = {row["id"]: row["name"] for row in rows}
    return {
        "content": content,
        "rows": [
            row | {"bar": round(100 * float(row["votes"]) / most, 1) if most else 0} for row in rows
        ],
        "seated": [row for row in rows if row["seated"]],
        "shows_own": any(row["own_employer_percent"] is not None for row in rows),
        "steps": [step["sentence"] for step in content["steps"]],
        "what_ifs": [
            _told_what_if(name, told, names) for name, told in sorted(content["what_if"].items())
        ],
    }


def _told_what_if(name: str, told: dict[str, Any], names: dict[int, str]) -> dict[str, Any]:
    return {
        "method": METHODS[name],
        "seated": [names[one] for one in told["seated"]],
        "only_here": [names[one] for one in told["only_here"]],
        "not_here": [names[one] for one in told["not_here"]],
        "steps": [step["sentence"] for step in told["steps"]],
    }


def told_log(election: Election) -> list[dict[str, Any]]:
    """The public log, each line with its sentence and its facts as pairs."""
    return [
        {
            "entry": entry,
            "sentence": EVENTS.get(entry.event, entry.event),
            "facts": [(name, value) for name, value in entry.facts.items()],
        }
        for entry in ElectionEntry.objects.filter(election=election).order_by("number")
    ]
