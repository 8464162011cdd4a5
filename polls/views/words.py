"""What pages say of ballots and results, in words."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from polls.models import Ballot, Poll, PollOption

Line = tuple[str, str]
TALLIES = {
    "borda": "Borda",
    "schulze": "Schulze",
    "score": "Score",
    "approval": "Approval",
    "dots": "Dots",
}
MAIN = {"ranked": "borda", "score": "score", "approval": "approval", "dots": "dots"}


def said_choices(poll: Poll, ballot: Ballot, options: Sequence[PollOption]) -> list[Line]:
    """What a ballot says: lines of a short mark and an option's title, the highest first."""
    titles = {option.pk: option.title for option in options}
    choices = ballot.choices
    if poll.method == Poll.Method.RANKED:
        return [(f"{place}.", titles[pk]) for place, pk in enumerate(choices["ranking"], 1)]
    if poll.method == Poll.Method.APPROVAL:
        return [("✓", titles[pk]) for pk in choices["approved"]]
    key = "scores" if poll.method == Poll.Method.SCORE else "dots"
    given = sorted(choices[key].items(), key=lambda line: (-line[1], titles[int(line[0])]))
    return [(_amount(poll, number), titles[int(pk)]) for pk, number in given]


def _amount(poll: Poll, number: int) -> str:
    if poll.method == Poll.Method.SCORE:
        return _("%(score)s of %(most)s") % {"score": number, "most": poll.MOST_SCORE}
    return ngettext("%s dot", "%s dots", number) % number


def meaning_of(method: str) -> str:
    """What the percentage of a method says."""
    return {
        Poll.Method.RANKED: _(
            "The percentage is the chance that a random member puts this option above a random "
            "other one; 50 is neutral, and the mean of all. Options that a ballot does not name "
            "share its remaining places."
        ),
        Poll.Method.SCORE: _(
            "The percentage is the mean score as a share of the highest possible; "
            "no opinion counts as 0."
        ),
        Poll.Method.APPROVAL: _("The percentage is the share of the ballots that support it."),
        Poll.Method.DOTS: _("The percentage is the share of all dots that were spent."),
    }[Poll.Method(method)]


def said_tallies(method: str) -> list[Line]:
    """The tallies' names with one sentence each; which of them apply says the result."""
    ranks = method == Poll.Method.RANKED
    approval = {
        Poll.Method.RANKED: _("Approval: on how many ballots it is named at all."),
        Poll.Method.SCORE: _("Approval: how many ballots give it 3 or more."),
        Poll.Method.APPROVAL: _("Approval: how many ballots support it."),
        Poll.Method.DOTS: _("Approval: on how many ballots it has a dot."),
    }
    return [
        ("borda", _("Borda: how often it stands above another option, over all ballots.")),
        (
            "schulze",
            _("Schulze: who wins the duels of two, by winning votes, then by fewer losing ones."),
        ),
        (
            "score",
            _("Score: points for the place, none for what is not named.")
            if ranks
            else _("Score: the mean of the scores."),
        ),
        ("approval", approval[Poll.Method(method)]),
        ("dots", _("Dots: its share of what was spent.")),
    ]


def said_disagreements(content: dict[str, Any], titles: dict[int, str]) -> list[str]:
    """Where another tally turns a pair of options round, one sentence each."""
    main = TALLIES[MAIN[content["method"]]]
    sentence = _("By %(tally)s “%(title)s” is number %(rank)s, by %(main)s number %(main_rank)s.")
    return [
        sentence
        % {
            "tally": TALLIES[found["tally"]],
            "title": titles[found["id"]],
            "rank": found["rank"],
            "main": main,
            "main_rank": found["main_rank"],
        }
        for found in content["disagreements"]
    ]
