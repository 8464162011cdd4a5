import pytest

from deploylab.exceptions import BlueprintError
from deploylab.models import Blueprint
from deploylab.services.blueprints import (
    read_blueprint,
    save_blueprint,
    sync_shipped_blueprints,
)

STEP = "{name: a, kind: netboot, deadline_s: 5}"


def _text(*steps, slug="mine"):
    return f"slug: {slug}\ntitle: Mine\nsteps:\n" + "".join(f"  - {step}\n" for step in steps)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("{", "not YAML"),
        ("- a list", "not of type 'object'"),
        (_text(), "None is not of type 'array'"),
        (_text("{name: a, kind: dance, deadline_s: 5}"), "dance"),
        (_text("{name: a, kind: agent, deadline_s: 5}"), "'script' is a required property"),
        (_text(STEP, STEP), "same name"),
        (_text("{name: a, kind: netboot, deadline_s: 5, after: [b]}"), "b, which is no step"),
        (
            _text(
                "{name: a, kind: netboot, deadline_s: 5, after: [b]}",
                "{name: b, kind: netboot, deadline_s: 5, after: [a]}",
            ),
            "wait for each other",
        ),
        (_text("{name: a, kind: netboot, deadline_s: 5, shell: x}"), "shell"),
    ],
)
def test_what_is_wrong_is_said(source, sentence):
    with pytest.raises(BlueprintError) as refusal:
        read_blueprint(source)
    assert sentence in refusal.value.sentence


@pytest.mark.django_db
def test_versions_are_frozen_by_their_content():
    source = _text("{name: a, kind: netboot, deadline_s: 5}")
    first = save_blueprint(source)
    assert save_blueprint(source) == first
    second = save_blueprint(source.replace("5", "6"))
    assert (first.number, second.number) == (1, 2)
    assert Blueprint.objects.get().current == second
    assert save_blueprint(source) == first  # the old text is the old version again


@pytest.mark.django_db
def test_the_shipped_ones_are_there_once():
    assert sync_shipped_blueprints() == sync_shipped_blueprints() == 2
    assert list(Blueprint.objects.values_list("slug", "is_shipped")) == [
        ("inspect", True),
        ("trace", True),
    ]
