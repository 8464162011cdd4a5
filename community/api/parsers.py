from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class StrictJSONParser(JSONParser):
    """JSON whose texts the database can hold: no NUL, no half of a surrogate pair."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The body; raises ParseError (400) for what is no JSON or nested beyond reason."""
        try:
            data: dict[str, Any] = super().parse(stream, media_type, parser_context)
            check_texts(data)
        except RecursionError:
            raise ParseError("The body is nested too deeply.") from None
        return data


def check_texts(value: Any) -> None:
    """Raise ParseError where a text in `value`, or a key, cannot be stored."""
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise ParseError("A text holds a character that cannot be stored.")
    elif isinstance(value, dict):
        for key, inner in value.items():
            check_texts(key)
            check_texts(inner)
    elif isinstance(value, list):
        for inner in value:
            check_texts(inner)
