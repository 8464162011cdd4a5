"""The shape of a season's files, written down in schema.json, and refusals that name the place."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from community.exceptions import SeasonError

SCHEMA = json.loads((Path(__file__).parent / "schema.json").read_text(encoding="utf-8"))
KINDS: dict[str, set[str]] = {
    kind: set(SCHEMA["$defs"][kind]["properties"]) for kind in ("season", "inferred", "board")
}
_TYPES = {
    "object": "an object",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}
_SHOWN = 60
_PRECEDENCE = ("additionalProperties", "type")


def path_name(path: Iterable[str | int]) -> str:
    """The place in a document as one would write it: `meetups[2].topics.held`."""
    name = ""
    for part in path:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else part
    return name or "the document"


def walk(
    value: Any, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every value of a document with its place, the containers too."""
    yield path, value
    if isinstance(value, dict):
        for key, part in value.items():
            yield from walk(part, (*path, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from walk(part, (*path, index))


def check_shape(content: Any, kind: str, name: str) -> None:
    """Refuse what the schema does not know. Raises SeasonError naming file and place."""
    for path, value in walk(content):
        texts = [*value] if isinstance(value, dict) else [value] if isinstance(value, str) else []
        if not all(_is_storable(text) for text in texts):
            raise SeasonError(
                f"{name}: {path_name(path)!a} holds a character that is no text. "
                "Nothing was loaded."
            )
    validator = Draft202012Validator({"$ref": f"#/$defs/{kind}", "$defs": SCHEMA["$defs"]})
    errors = sorted(validator.iter_errors(content), key=_order)
    if errors:
        raise SeasonError(f"{name}: {_sentence(errors[0])} Nothing was loaded.")


def _is_storable(text: str) -> bool:
    """Whether PostgreSQL can keep it: no NUL, no half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _order(error: ValidationError) -> tuple[bool, list[str]]:
    return str(error.validator) not in _PRECEDENCE, [str(part) for part in error.absolute_path]


def _sentence(error: ValidationError) -> str:
    place = list(error.absolute_path)
    if error.validator == "additionalProperties":
        unknown = _unknown_keys(error)
        named = ", ".join(path_name([*place, key]) for key in unknown)
        return f"{named} is not known." if len(unknown) == 1 else f"{named} are not known."
    if error.validator == "required":
        wanted, instance = _parts(error)
        missing = next(key for key in wanted if key not in instance)
        return f"{path_name([*place, missing])} is missing."
    return f"{path_name(place)} is {_shown(error.instance)}; {_expected(error)}."


def _parts(error: ValidationError) -> tuple[Any, Any]:
    """What the schema wanted and what stands there; the library's types allow for neither."""
    return error.validator_value, error.instance


def _unknown_keys(error: ValidationError) -> list[str]:
    schema: Any = error.schema
    _, instance = _parts(error)
    patterns = schema.get("patternProperties", {})
    return [
        key
        for key in instance
        if key not in schema.get("properties", {})
        and not any(re.search(pattern, key) for pattern in patterns)
    ]


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _expected(error: ValidationError) -> str:
    wanted: Any = error.validator_value
    if error.validator == "type":
        words = [_TYPES[word] for word in ([wanted] if isinstance(wanted, str) else wanted)]
        return f"{' or '.join(words)} is expected"
    sentences = {
        "enum": "one of {} is expected",
        "maxLength": "at most {} characters are expected",
        "minLength": "some text is expected",
        "minimum": "at least {} is expected",
        "maximum": "at most {} is expected",
    }
    sentence = sentences.get(str(error.validator), "another way of writing it is expected")
    shown = ", ".join(map(_shown, wanted)) if isinstance(wanted, list) else wanted
    return sentence.format(shown)
