from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Addresses below /meetups/ that are pages of their own.
RESERVED_SLUGS = frozenset({"new", "import", "series", "sites", "sponsors", "calendar", "feed"})


def validate_slug_is_free(slug: str) -> None:
    """Raise ValidationError for a slug that would stand where another page is."""
    if slug in RESERVED_SLUGS:
        raise ValidationError(_("This address is the site's own. Choose another."), code="reserved")
