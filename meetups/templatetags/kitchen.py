"""A forecast's numbers in words."""

from django import template
from django.utils.translation import gettext as _

from meetups.forecast import Known

register = template.Library()


@register.filter
def percent(share: float) -> str:
    """A share of one as whole percent."""
    return _("%(percent)s %%") % {"percent": round(share * 100)}


@register.filter
def how_known(known: Known) -> str:
    """How a past headcount is known."""
    words = {
        Known.COUNTED: _("counted at the door"),
        Known.REPORTED: _("reported"),
        Known.UNCERTAIN: _("uncertain"),
        Known.AT_LEAST: _("at least so many"),
    }
    return words[known]
