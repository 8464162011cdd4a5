"""The voice of a recorded season as rows of its own: brainstorm, priorities, scorecard.

What the files print becomes rows, unknown stays unknown, and links that no source prints are
marked inferred. The same files again change nothing.
"""

from decimal import Decimal
from typing import Any

from django.db.models import Max, Model
from django.utils.text import slugify

from community.core import clock
from community.exceptions import SeasonError
from meetups.models import Meetup
from meetups.services.season.context import Loading, Target
from polls.models import Assessment, Brainstorm, Idea, IdeaEvent, Outlook, Priority, PriorityList
from polls.ordering import keys_spread
from polls.services.priority_items import ranks_of

SLUG = 80


def load_voice(loading: Loading, target: Target) -> None:
    """Make the season's brainstorm and list of priorities just what the files say."""
    brainstorm = _load_brainstorm(loading, target)
    _load_priorities(loading, target, brainstorm)


def _fits(row: type[Model], name: str, text: str | None, place: str) -> str:
    """The text, as long as the field `name` takes it; nothing where it is unknown."""
    text = text or ""
    most: int | None = row._meta.get_field(name).max_length  # type: ignore[union-attr]  # noqa: SLF001 - Django's documented model API
    if most is not None and len(text) > most:
        raise SeasonError(f"{place} has more than {most} characters. Nothing was loaded.")
    return text


def _free_slug(rows: type[Brainstorm | PriorityList], word: str, target: Target) -> str:
    """`brainstorm-2012`, or one with the season's own name where that is taken."""
    season = target.season
    known = rows.objects.filter(season=season).values_list("slug", flat=True).first()
    if known is not None:
        return known
    words = [f"{word}-{season.year}"] if season.year else []
    words += [f"{word}-{season.slug}"[:SLUG], f"{word}-{season.slug}"[: SLUG - 8] + "-archive"]
    return next(slug for slug in map(slugify, words) if not rows.objects.filter(slug=slug).exists())


def _load_brainstorm(loading: Loading, target: Target) -> Brainstorm | None:
    """The cards in order with their notes; None where the season has none."""
    topics = (loading.content.get("brainstorm") or {}).get("topics") or []
    known = Brainstorm.objects.filter(season=target.season).first()
    if not topics:
        if known is not None:
            loading.changes.count += 1
            known.delete()
        return None
    values = {
        "chapter": target.home,
        "slug": _free_slug(Brainstorm, "brainstorm", target),
        "title": f"Brainstorm, {target.season.title}",
        "is_public": True,
        # When it ended is not known; it takes no cards since it was loaded.
        "closed_at": known.closed_at if known else clock.now(),
    }
    brainstorm = loading.changes.put(Brainstorm.objects, {"season": target.season}, values)
    _load_ideas(loading, brainstorm, topics)
    _load_events(loading, brainstorm)
    return brainstorm


def _load_ideas(loading: Loading, brainstorm: Brainstorm, topics: list[dict[str, Any]]) -> None:
    keys = keys_spread(len(topics))
    for index, (key, topic) in enumerate(zip(keys, topics, strict=True)):
        place = loading.place("brainstorm", "topics", index, "title")
        card = loading.changes.put(
            brainstorm.ideas,
            {"parent": None, "position": key},
            {
                "text": _words(topic["title"], place),
                "link": _fits(Idea, "link", topic.get("link"), place),
            },
        )
        notes = list(_notes(loading, brainstorm, index, topic))
        loading.changes.put_all(card.notes, notes, key=("position",))
    for idea in brainstorm.ideas.filter(parent=None).exclude(position__in=keys):
        loading.changes.count += 1
        idea.delete()


def _notes(
    loading: Loading, brainstorm: Brainstorm, index: int, topic: dict[str, Any]
) -> list[dict[str, Any]]:
    notes = topic.get("notes") or []
    rows = []
    for number, (key, note) in enumerate(zip(keys_spread(len(notes)), notes, strict=True)):
        place = loading.place("brainstorm", "topics", index, "notes", number)
        said = {"text": note} if isinstance(note, str) else note
        rows.append(
            {
                "brainstorm": brainstorm,
                "position": key,
                "text": _words(said["text"], place),
                "printed_author": _fits(Idea, "printed_author", said.get("author"), place),
            }
        )
    return rows


def _words(text: str, place: str) -> str:
    if not text.strip():
        raise SeasonError(f"{place} has no words. Nothing was loaded.")
    return text


def _load_events(loading: Loading, brainstorm: Brainstorm) -> None:
    """A history without a gap: each card and its notes posted, in the order of the source."""
    cards = brainstorm.ideas.filter(parent=None).prefetch_related("notes").order_by("position")
    ideas = [idea for card in cards for idea in (card, *card.notes.all())]
    wanted = [
        {
            "seq": seq,
            "idea": idea,
            "kind": IdeaEvent.Kind.POSTED,
            "after": {"text": idea.text, "revision": 1},
            "at": brainstorm.created_at,
        }
        for seq, idea in enumerate(ideas, start=1)
    ]
    loading.changes.put_all(brainstorm.events, wanted, key=("seq",))
    loading.changes.change(brainstorm, {"last_seq": len(wanted)})


def _load_priorities(loading: Loading, target: Target, brainstorm: Brainstorm | None) -> None:
    """The list as the group published it, its scorecard, and where each issue came from."""
    about = loading.content.get("priorities") or {}
    items = about.get("items") or []
    known = PriorityList.objects.filter(season=target.season).first()
    if not items:
        if known is not None:
            loading.changes.count += 1
            known.delete()
        return
    texts = {
        name: _fits(PriorityList, name, about.get(key), loading.place("priorities", key))
        for name, key in {
            "method": "method",
            "column_title": "column_title",
            "addressed_to": "scored_after",
            "scored_by": "scored_by",
            "verdict": "overall",
        }.items()
    }
    summits = Meetup.objects.filter(season=target.season, kind=Meetup.Kind.SUMMIT)
    values = {
        **texts,
        "chapter": target.home,
        "slug": _free_slug(PriorityList, "priorities", target),
        "title": f"Priorities, {target.season.title}",
        "brainstorm": brainstorm,
        "summit": summits.order_by("pk").first(),
        "voters": about.get("voter_count"),
        # When it was published is not known; here it is since it was loaded.
        "published_at": known.published_at if known else clock.now(),
    }
    priority_list = loading.changes.put(PriorityList.objects, {"season": target.season}, values)
    _load_issues(loading, priority_list, items)
    _load_assessments(loading, priority_list, items)
    _load_origins(loading, priority_list, brainstorm)


def _load_issues(
    loading: Loading, priority_list: PriorityList, items: list[dict[str, Any]]
) -> None:
    in_order = sorted(enumerate(items), key=lambda entry: entry[1]["order"])
    percents = [_percent(item.get("percent")) for _, item in in_order]
    ranks = ranks_of(percents)
    wanted = [
        {
            "position": item["order"],
            "rank": rank,
            "title": _fits(
                Priority,
                "title",
                _words(item["title"], loading.place("priorities", "items", index, "title")),
                loading.place("priorities", "items", index, "title"),
            ),
            "percent": percent,
        }
        for (index, item), percent, rank in zip(in_order, percents, ranks, strict=True)
    ]
    loading.changes.put_all(priority_list.items, wanted, key=("position",))


def _percent(printed: float | None) -> Decimal | None:
    return None if printed is None else Decimal(str(printed)).quantize(Decimal("0.1"))


def _load_assessments(
    loading: Loading, priority_list: PriorityList, items: list[dict[str, Any]]
) -> None:
    """One assessment for each issue of which something is printed."""
    said_before = Assessment.objects.filter(priority__list=priority_list)
    words_before = set(said_before.exclude(outlook=None).values_list("outlook", flat=True))
    issues = {issue.position: issue for issue in priority_list.items.all()}
    outlooks: dict[str, Outlook] = {}
    for index, item in enumerate(items):
        word = item.get("outlook")
        if word and word not in outlooks:
            place = loading.place("priorities", "items", index, "outlook")
            outlooks[word] = _outlook(loading, priority_list, word, place)
        said = {
            "printed_observer": priority_list.scored_by,
            "happened": item.get("result") or "",
            "outlook": outlooks[word] if word else None,
        }
        _put_one(loading, issues[item["order"]].assessments, said)
    _forget_words(loading, words_before)


def _put_one(loading: Loading, rows: Any, said: dict[str, Any]) -> None:
    """The one assessment there is, made, changed or taken away."""
    if said["happened"] or said["outlook"]:
        loading.changes.put(rows, {"observer": None}, said)
        return
    gone, _ = rows.all().delete()
    loading.changes.count += gone


def _outlook(loading: Loading, priority_list: PriorityList, word: str, place: str) -> Outlook:
    """The chapter's row for a printed word. What tone it has, no source says."""
    _fits(Outlook, "word", word, place)
    rows = priority_list.chapter.outlooks
    known = rows.filter(word=word).first()
    if known is not None:
        return known
    last = rows.aggregate(last=Max("position"))["last"]
    loading.changes.count += 1
    return rows.create(word=word, position=0 if last is None else last + 1)


def _forget_words(loading: Loading, before: set[int]) -> None:
    """Words that came with the files and that nobody uses any more go with them."""
    used = Assessment.objects.exclude(outlook=None).values("outlook")
    gone, _ = Outlook.objects.filter(pk__in=before).exclude(pk__in=used).delete()
    loading.changes.count += gone


def _load_origins(
    loading: Loading, priority_list: PriorityList, brainstorm: Brainstorm | None
) -> None:
    """The links between topics and issues, all inferred."""
    topics = (loading.content.get("brainstorm") or {}).get("topics") or []
    cards = list(brainstorm.ideas.filter(parent=None).order_by("position")) if brainstorm else []
    card_of = {str(topic["n"]): card for topic, card in zip(topics, cards, strict=True)}
    became = loading.inferred.get("brainstorm_to_priority") or {}
    for issue in priority_list.items.all():
        wanted = [
            {"idea": card_of[number], "is_inferred": True}
            for number, order in became.items()
            if order == issue.position and number in card_of
        ]
        loading.changes.put_all(issue.origins, wanted, key=("idea",))
