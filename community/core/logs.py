import logging


class ForeseenAnswers(logging.Filter):
    """Drops what the framework logs as errors although the site means to answer so."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is kept: not a 503 of the readiness page."""
        request = getattr(record, "request", None)
        return getattr(request, "path", "") != "/readyz"
