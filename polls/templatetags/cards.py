from django import template

from polls.models import Idea

register = template.Library()


@register.filter
def card_link(idea: Idea) -> str:
    """Where a card stands on its brainstorm's page."""
    return f"/brainstorms/{idea.brainstorm.slug}/#idea-{idea.pk}"
