import logging
import re

# A personal link says in its path who comes: a voter, or the reader of a mail.
_PERSONAL = re.compile(r"/(vote|mail)/[^/\s]{20,}")


class ForeseenAnswers(logging.Filter):
    """Drops what the framework logs as errors although the site means to answer so."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is kept: not a 503 of the readiness page."""
        request = getattr(record, "request", None)
        return getattr(request, "path", "") != "/readyz"


def without_links(text: str) -> str:
    """`text` with what is personal in its paths left out."""
    return _PERSONAL.sub(r"/\1/…", text)


class PersonalLinks(logging.Filter):
    """Keeps personal links out of the log, where an error names the path it happened at."""

    def filter(self, record: logging.LogRecord) -> bool:
        """True; the record's paths have lost what is personal."""
        text = record.getMessage()
        blank = without_links(text)
        if blank != text:
            record.msg, record.args = blank, ()
        return True
