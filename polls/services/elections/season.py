"""The board election of a recorded season, as one that was held elsewhere.

What the files print becomes rows, unknown stays unknown, and what no source prints is marked
inferred. The same files again change nothing. Where the files do not say how many seats there
were, there is no page: it could not say what was voted on.
"""

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from community.core import clock
from community.exceptions import SeasonError
from meetups.services.season.context import Loading, Target
from polls import states
from polls.models import Candidate, Election, OutsideResult

BY_THE_CAP = "affiliation cap"
NAMED_BY_RESULT = "result_rows_known"
UNSEATED = "others_not_seated_by_the_cap"


def load_election(loading: Loading, target: Target) -> None:
    """Make the season's election just what the files say."""
    about = loading.content.get("board_election") or {}
    board = loading.documents.board.content
    rules = board.get("rules") or {}
    known = Election.objects.filter(season=target.season).first()
    if not about or not rules.get("seats"):
        if known is not None:
            loading.changes.count += 1
            known.delete()
        return
    values = _values(loading, target, about, board)
    # When it was announced is not known; here it is public since it was loaded.
    values["announced_at"] = known.announced_at if known else clock.now()
    values["slug"] = known.slug if known else _free_slug(target)
    _check(Election(**values | {"season": target.season}))
    election = loading.changes.put(Election.objects, {"season": target.season}, values)
    _load_people(loading, election, about, board)
    _load_results(loading, election, board)


def _values(
    loading: Loading, target: Target, about: dict[str, Any], board: dict[str, Any]
) -> dict[str, Any]:
    rules = board["rules"]
    opens, closes = _window(loading, target, rules)
    cap = rules.get("affiliation_cap") or {}
    title = about.get("body") or "Board election"
    return {
        "chapter": target.home,
        "title": f"{title}, {target.season.year}" if target.season.year else title,
        "body": about.get("body") or "",
        "state": states.EXTERNAL,
        "seats": rules["seats"],
        "votes_per_voter": rules.get("votes_per_voter") or about.get("votes_per_voter") or 1,
        "whole_votes": False,  # votes were printed with two decimals
        "cap_max": cap.get("max_directors_per_company"),
        "endorsements_needed": rules.get("nominations_needed") or 0,
        "opens_at": opens,
        "closes_at": closes,
        "has_days_only": True,
        "eligibility": _eligibility(about, rules),
        "how_to_vote": _how(about, rules),
        "result_source": "\n".join(board.get("sources") or []),
    }


def _window(
    loading: Loading, target: Target, rules: dict[str, Any]
) -> tuple[dt.datetime | None, dt.datetime | None]:
    """The days of voting in the chapter's zone, from a midnight to a midnight."""
    printed = rules.get("voting_window") or {}
    days = [dt.date.fromisoformat(printed[end]) if printed.get(end) else None for end in _ENDS]
    for index, name in enumerate(_INFERRED):
        inferred = loading.iso_date(name)
        if days[index] is None and inferred is not None:
            days[index] = inferred.first
    zone = ZoneInfo(target.home.timezone)
    first, last = days
    after = last + dt.timedelta(days=1) if last else None
    return tuple(  # type: ignore[return-value]  # two, as there are two days
        dt.datetime.combine(day, dt.time(), tzinfo=zone) if day else None for day in (first, after)
    )


_ENDS = ("from", "to")
_INFERRED = ("board election opens", "board election closes")


def _eligibility(about: dict[str, Any], rules: dict[str, Any]) -> str:
    said = [_sentence(about.get("eligibility"))]
    if rules.get("join_by"):
        said.append(f"Joined by {rules['join_by']}.")
    return " ".join(filter(None, said))


def _how(about: dict[str, Any], rules: dict[str, Any]) -> str:
    said = [
        _sentence(rules.get("allocation") or about.get("allocation")),
        _sentence(about.get("delivery")),
    ]
    return " ".join(filter(None, said))


def _sentence(text: str | None) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""


def _free_slug(target: Target) -> str:
    season = target.season
    words = [f"board-{season.year}"] if season.year else []
    words += [f"board-{season.slug}"[:72], f"board-{season.slug}"[:72] + "-archive"]
    return next(
        slug for slug in map(slugify, words) if not Election.objects.filter(slug=slug).exists()
    )


def _check(row: Any) -> None:
    try:
        row.clean_fields()
    except ValidationError as error:
        name, sentences = next(iter(error.message_dict.items()))
        raise SeasonError(f"board election, {name}: {sentences[0]} Nothing was loaded.") from None


def _load_people(
    loading: Loading, election: Election, about: dict[str, Any], board: dict[str, Any]
) -> None:
    """The candidates the group wrote of, jointly where it says so, and those of the result."""
    own = [_candidate(loading, entry) for entry in about.get("candidates") or []]
    there = {entry["name"] for entry in own}
    for row in _result_rows(loading, board):
        if row["name"] not in there:
            there.add(row["name"])
            own.append({"name": row["name"], "affiliation": row["affiliation"], "profile": ""})
    for entry in own:
        entry |= {"state": states.ACCEPTED, "is_entered": True}
        _check(Candidate(election=election, **entry))
    loading.changes.put_all(election.candidates, own, key=("name",))
    _load_campaign(loading, election, about)


def _candidate(loading: Loading, entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": loading.canonical(entry["name"]),
        "affiliation": entry.get("affiliation") or "",
        "profile": entry.get("profile") or "",
    }


def _load_campaign(loading: Loading, election: Election, about: dict[str, Any]) -> None:
    names = [loading.canonical(entry["name"]) for entry in about.get("candidates") or []]
    if not about.get("joint_campaign") or len(names) < 2:  # noqa: PLR2004 - jointly
        for campaign in election.campaigns.all():
            loading.changes.count += 1
            campaign.delete()
        return
    said = about.get("joint_statement") or {}
    partners = ", ".join(said.get("partners") or [])
    values = {
        "title": " and ".join(names)[:200],
        "statement": "\n\n".join(
            filter(None, [_stands_for(said), _list("Platform:", about.get("platform"))])
        ),
        "record": "\n\n".join(
            filter(None, [_list("", said.get("record")), partners and f"Partners: {partners}."])
        ),
    }
    campaign = loading.changes.put(election.campaigns, {}, values)
    for candidate in election.candidates.all():
        wanted = campaign.pk if candidate.name in names else None
        loading.changes.change(candidate, {"campaign_id": wanted})


def _stands_for(said: dict[str, Any]) -> str:
    return f"Stands for {said['stands_for']}." if said.get("stands_for") else ""


def _list(head: str, items: list[str] | None) -> str:
    lines = "\n".join(f"- {item}" for item in items or [])
    return f"{head}\n\n{lines}".strip() if lines else ""


def _result_rows(loading: Loading, board: dict[str, Any]) -> list[dict[str, Any]]:
    """Every row a source prints, under the candidate's usual name."""
    rows = [
        {
            "name": loading.canonical(row["candidate"]),
            "affiliation": row.get("affiliation") or "",
            "rank": row.get("rank"),
            "votes": _decimal(row.get("votes")),
            "percent_of_votes": _decimal(row.get("percent_of_votes")),
            "voters": row.get("voters"),
            "percent_of_voters": _decimal(row.get("percent_of_voters")),
            "own_employer_percent": _decimal(row.get("percent_of_its_voters_from_own_employer")),
            "is_seated": row.get("seated"),
            "is_inferred": bool(row.get("seated_is_inferred")),
            "reason": row.get("reason") or "",
        }
        for row in board.get(NAMED_BY_RESULT) or []
    ]
    rows += [
        _unseated(loading.canonical(name))
        for name in board.get(UNSEATED) or []
        if all(row["name"] != loading.canonical(name) for row in rows)
    ]
    return rows


def _unseated(name: str) -> dict[str, Any]:
    """One of whom no more is printed than that the cap kept them out."""
    unknown = dict.fromkeys(
        ("rank", "votes", "percent_of_votes", "voters", "percent_of_voters", "own_employer_percent")
    )
    known = {"is_seated": False, "is_inferred": False, "reason": BY_THE_CAP}
    return {"name": name, "affiliation": ""} | unknown | known


def _decimal(printed: Any) -> Decimal | None:
    return None if printed is None else Decimal(str(printed)).quantize(Decimal("0.01"))


def _load_results(loading: Loading, election: Election, board: dict[str, Any]) -> None:
    candidates = {candidate.name: candidate for candidate in election.candidates.all()}
    wanted = set()
    for row in _result_rows(loading, board):
        candidate = candidates[row.pop("name")]
        del row["affiliation"]
        _check(OutsideResult(candidate=candidate, **row))
        result = loading.changes.put(OutsideResult.objects, {"candidate": candidate}, row)
        wanted.add(result.pk)
    gone = OutsideResult.objects.filter(candidate__election=election).exclude(pk__in=wanted)
    for result in gone:
        loading.changes.count += 1
        result.delete()
