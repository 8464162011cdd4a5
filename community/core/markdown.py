"""Markdown as people write it here, and the HTML that is left of it."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

# Headings would break into the page's own, pictures would be fetched from anywhere.
_reader = MarkdownIt("commonmark", {"html": False}).disable(["heading", "lheading", "image", "hr"])
TAGS = {"a", "blockquote", "br", "code", "em", "li", "ol", "p", "pre", "strong", "ul"}


def render_markdown(text: str) -> SafeString:
    """`text` (CommonMark without headings, pictures and HTML) as HTML that is safe to show.

    Whatever the reader makes of it passes nh3, so that a mistake of the one is not a hole.
    """
    html = nh3.clean(
        _reader.render(text),
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )
    return mark_safe(html)  # noqa: S308 - cleaned in the line above
