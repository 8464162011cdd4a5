"""What observers say of each issue after the summit: one assessment each, changed in place."""

import re
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from community.core.errors import ForbiddenError, InvalidError, NotFoundError
from community.models import User
from community.services.accounts import hold_account
from community.services.audit import record
from meetups.exceptions import RecordedError
from polls.exceptions import NotPublishedError
from polls.models import Assessment, Outlook, Priority, PriorityList
from polls.selectors.priorities import may_assess, offered_outlooks
from polls.services.priorities import hold_issue, lock_list

MOST_LINKS = 12
LONGEST_WORDS = 5000  # characters of what happened
LONGEST_OWN, LONGEST_TITLE, LONGEST_URL = 80, 200, 500
_web_address = URLValidator(schemes=["http", "https"])
_PATH = re.compile(r"/(?!/)[^\s\\<>\"]*")


@transaction.atomic
def assess_priority(
    *,
    priority: Priority,
    by: User,
    happened: str = "",
    outlook: Outlook | None = None,
    own_words: str = "",
    links: Sequence[dict[str, str]] = (),
) -> Assessment:
    """What `by` saw happen, and the outlook: a word of the chapter's list or their own.

    `links` are `{"title", "url"}`, addresses on the web or paths of this site. The first call
    writes the assessment, later ones change it. Raises NotPublishedError, RecordedError,
    ForbiddenError, InvalidError, NotFoundError.
    """
    hold_account(by)
    priority_list = _open_list(priority, by)
    own = Assessment.objects.filter(priority=priority, observer=by).first()
    words = {"happened": happened.strip(), "own_words": own_words.strip()}
    _check_words(priority_list, own, words, outlook)
    values = {**words, "outlook": outlook, "links": checked_links(links)}
    # One each: the list's row is held, and behind it stands the constraint.
    assessment, _ = Assessment.objects.update_or_create(
        priority=priority, observer=by, defaults=values
    )
    subject = f"issue {priority.pk} of priorities {priority_list.slug}"
    record("assessed", subject, by=by, chapter=priority_list.chapter)
    return assessment


@transaction.atomic
def remove_assessment(*, priority: Priority, by: User) -> None:
    """Take one's own assessment away. Raises NotFoundError where there is none."""
    priority_list = _open_list(priority, by)
    gone, _ = Assessment.objects.filter(priority=priority, observer=by).delete()
    if not gone:
        raise NotFoundError("You have not assessed this issue.")
    subject = f"issue {priority.pk} of priorities {priority_list.slug}"
    record("took back the assessment", subject, by=by, chapter=priority_list.chapter)


def _open_list(priority: Priority, by: User) -> PriorityList:
    """The locked list, where it takes assessments of `by`."""
    priority_list = lock_list(priority.list_id)
    if priority_list.season_id is not None:
        raise RecordedError("This list is on record as the group published it. It stays as it is.")
    if not may_assess(priority_list, by):
        raise ForbiddenError("Only the observers named for this list assess it.")
    if not priority_list.is_published:
        raise NotPublishedError("A draft is not assessed yet: publish it first.")
    hold_issue(priority.pk)
    return priority_list


def _check_words(
    priority_list: PriorityList,
    own: Assessment | None,
    words: dict[str, str],
    outlook: Outlook | None,
) -> None:
    if outlook is not None and words["own_words"]:
        raise InvalidError(
            "Choose a word for the outlook or write your own, not both. Nothing was saved.",
            errors={"own_words": ["choose one"]},
        )
    if outlook is None and not any(words.values()):
        raise InvalidError(
            "Say what happened, or how it looks. Nothing was saved.", errors={"happened": ["empty"]}
        )
    offered = offered_outlooks(priority_list.chapter, own)
    if outlook is not None and not offered.filter(pk=outlook.pk).exists():
        raise InvalidError("This word is not offered here.", errors={"outlook": ["not offered"]})
    for name, most in (("happened", LONGEST_WORDS), ("own_words", LONGEST_OWN)):
        if len(words[name]) > most:
            raise InvalidError(f"At most {most} characters.", errors={name: ["too long"]})


def checked_links(links: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Links as they are stored; one without a title is named by its address.

    Raises InvalidError for too many, and for what is neither on the web nor a path of this site.
    """
    if len(links) > MOST_LINKS:
        raise InvalidError(
            f"At most {MOST_LINKS} links. Nothing was saved.", errors={"links": ["too many"]}
        )
    return [_checked_link(link) for link in links]


def _checked_link(link: dict[str, Any]) -> dict[str, str]:
    url = str(link.get("url", "")).strip()
    title = " ".join(str(link.get("title") or url).split())
    try:
        if not _PATH.fullmatch(url):
            _web_address(url)
    except ValidationError:
        raise InvalidError(
            f"“{url[:80]}” is no address: links begin with https://, http://, or with / for a page "
            "of this site. Nothing was saved.",
            errors={"links": ["no address"]},
        ) from None
    if len(url) > LONGEST_URL or len(title) > LONGEST_TITLE:
        raise InvalidError("A link is too long. Nothing was saved.", errors={"links": ["too long"]})
    return {"title": title, "url": url}
