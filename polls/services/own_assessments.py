"""What scorecards hold on a person: their words stay with the group, their name goes."""

from typing import Any

from community.models import User
from community.services.own_data import replace_text
from polls.models import Assessment, PriorityList

_TEXTS = ("happened", "own_words")


def assessment_data(user: User) -> list[dict[str, Any]]:
    """What one wrote as an observer."""
    own = Assessment.objects.filter(observer=user).select_related("priority__list", "outlook")
    return [
        {
            "list": said.priority.list.slug,
            "issue": said.priority.title,
            "happened": said.happened,
            "outlook": said.outlook_word,
            "links": said.links,
            "changed_at": said.changed_at,
        }
        for said in own
    ]


def erase_assessments(user: User, addresses: frozenset[str]) -> None:
    """What was seen stays on the scorecard; whose words they are is not known any more."""
    own = Assessment.objects.filter(observer=user)
    for word in filter(None, (user.name, *addresses)):
        replace_text(own, _TEXTS, word)
    own.update(observer=None)
    through = PriorityList.observers.through
    through.objects.filter(user=user).delete()
