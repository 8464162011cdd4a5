from django import template
from django.urls import reverse

from polls.models import Idea

register = template.Library()


@register.filter
def card_link(idea: Idea) -> str:
    """Where a card stands on its brainstorm's page."""
    return f"{reverse('polls:brainstorm_detail', args=[idea.brainstorm.slug])}#idea-{idea.pk}"
