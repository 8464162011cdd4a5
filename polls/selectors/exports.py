"""A result and its ballots to take along; both pass the gate."""

from typing import Any

from meetups.selectors.exports import csv_text
from polls.models import Poll
from polls.selectors.results import is_quorum_met, poll_ballots, poll_outcome

COLUMNS = ("rank", "title", "percent", "margin")


def titles_of(poll: Poll) -> dict[int, str]:
    """The options' titles by their ids."""
    return dict(poll.options.values_list("pk", "title"))


def result_document(poll: Poll) -> dict[str, Any]:
    """The whole result as the API gives it. Raises ResultsHiddenError."""
    outcome = poll_outcome(poll)
    titles = titles_of(poll)
    content = outcome.content
    tallies = {
        name: {"options": [row | {"title": titles[row["id"]]} for row in tally["options"]]}
        for name, tally in content["tallies"].items()
    }
    return {
        **content,
        "poll": poll.slug,
        "electorate": outcome.electorate,
        "quorum": poll.quorum,
        "quorum_met": is_quorum_met(poll, outcome),
        "options": [row | {"title": titles[row["id"]]} for row in content["options"]],
        "tallies": tallies,
        "counted_at": outcome.counted_at,
    }


def result_csv(poll: Poll) -> str:
    """One line an option: rank, title, percent, margin, and the rank by each other tally."""
    document = result_document(poll)
    ranks = {
        name: {row["id"]: row["rank"] for row in tally["options"]}
        for name, tally in document["tallies"].items()
    }
    names = {name: f"rank_by_{name}" for name in sorted(ranks)}
    rows = [
        row | {names[name]: ranks[name][row["id"]] for name in names} for row in document["options"]
    ]
    return csv_text((*COLUMNS, *names.values()), rows)


def ballots_document(poll: Poll) -> dict[str, Any]:
    """The ballots without voters, for counting elsewhere. Raises ResultsHiddenError."""
    ballots = poll_ballots(poll)
    return {
        "poll": poll.slug,
        "method": poll.method,
        "most_ranked": poll.most_ranked if poll.method == Poll.Method.RANKED else None,
        "options": [{"id": pk, "title": title} for pk, title in sorted(titles_of(poll).items())],
        "ballots": ballots,
        "digest": poll_outcome(poll).content["digest"],
    }
