"""Blueprints: read, checked, and frozen by the hash of their text."""

import hashlib
import json
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from deploylab.exceptions import BlueprintError
from deploylab.models import Blueprint, BlueprintVersion

SHIPPED = Path(__file__).resolve().parent.parent / "blueprints"


@cache
def blueprint_schema() -> dict[str, Any]:
    """The JSON Schema a blueprint must fit."""
    return dict(json.loads((SHIPPED / "schema.json").read_text(encoding="utf-8")))


def read_blueprint(source: str) -> dict[str, Any]:
    """The content of a blueprint's YAML text.

    Raises BlueprintError where it is no YAML, does not fit the schema, or where a step waits for
    one that is not there or for itself, directly or through others.
    """
    try:
        spec = yaml.safe_load(source)
    except yaml.YAMLError as error:
        raise BlueprintError(f"This is not YAML: {error}") from None
    worst = best_match(Draft202012Validator(blueprint_schema()).iter_errors(spec))
    if worst is not None:
        raise BlueprintError(f"{worst.json_path}: {worst.message}")
    waits = {step["name"]: step.get("after", []) for step in spec["steps"]}
    if len(waits) < len(spec["steps"]):
        raise BlueprintError("Two steps have the same name.")
    unknown = {name for after in waits.values() for name in after} - waits.keys()
    if unknown:
        raise BlueprintError(f"A step waits for {', '.join(sorted(unknown))}, which is no step.")
    try:
        TopologicalSorter(waits).prepare()
    except CycleError as error:
        raise BlueprintError(f"Steps wait for each other: {' → '.join(error.args[1])}.") from None
    return dict(spec)


@transaction.atomic
def save_blueprint(source: str, *, is_shipped: bool = False) -> BlueprintVersion:
    """Store a blueprint's text; a text that is already stored gives its version."""
    spec = read_blueprint(source)
    blueprint, _ = Blueprint.objects.select_for_update().get_or_create(
        slug=spec["slug"], defaults={"title": spec["title"], "is_shipped": is_shipped}
    )
    digest = hashlib.sha256(source.encode()).hexdigest()
    version = blueprint.versions.filter(digest=digest).first()
    if version is None:
        newest = blueprint.versions.order_by("-number").first()
        version = BlueprintVersion.objects.create(
            blueprint=blueprint,
            number=newest.number + 1 if newest else 1,
            digest=digest,
            source=source,
            spec=spec,
        )
    blueprint.title, blueprint.summary = spec["title"], spec.get("summary", "")
    blueprint.current = version
    blueprint.save()
    return version


def sync_shipped_blueprints() -> int:
    """Store the blueprints that come with the product; returns how many there are."""
    sources = sorted(SHIPPED.glob("*.yaml"))
    for path in sources:
        save_blueprint(path.read_text(encoding="utf-8"), is_shipped=True)
    return len(sources)


def check_parameters(spec: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """`given` completed with defaults; raises BlueprintError naming each that does not fit."""
    declared = spec.get("parameters", {})
    errors = {name: ["There is no such parameter."] for name in given.keys() - declared.keys()}
    values = {}
    for name, rule in declared.items():
        value = given.get(name, rule.get("default"))
        if value is None:
            errors[name] = ["This parameter is needed."]
            continue
        shape = {key: rule[key] for key in rule.keys() - {"title", "default"}}
        worst = best_match(Draft202012Validator(shape).iter_errors(value))
        if worst is not None:
            errors[name] = [worst.message]
        values[name] = value
    if errors:
        first = next(iter(errors))
        raise BlueprintError(
            f"Parameter {first}: {errors[first][0]}", code="parameters", errors=errors
        )
    return values
