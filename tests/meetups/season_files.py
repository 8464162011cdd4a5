"""The files of the real season, a made-up one, and what the season tests do with them."""

import json
from pathlib import Path

from django.forms.models import model_to_dict

from community.models import ArchiveRecord, Chapter, Organization, Season
from meetups.models import Meetup, MinutesItem, Session, Site, Sponsorship, Topic, Venue
from meetups.services.season.shape import walk

DEMO = Path(__file__).parents[2] / "community" / "project" / "demo"
FILES = sorted(DEMO.glob("*.json"))
DOCUMENTS = {path.name: json.loads(path.read_text()) for path in FILES}
SEASON, INFERRED, BOARD = (
    "austin_2012.json",
    "austin_2012_inferred.json",
    "foundation_board_2012.json",
)
MODELS = [
    *[Season, ArchiveRecord, Chapter, Organization, Venue],
    *[Meetup, MinutesItem, Session, Site, Sponsorship, Topic],
]
OTHER = {
    "group": {"name": "Kubernetes Lisbon", "sister_group_city": "Porto"},
    "meetups": [
        {
            "key": "2012-01",
            "month": 5,
            "day": 3,
            "start_time": "19:00",
            "sponsors": [{"name": "Dell"}],
        },
        {"key": "pre-summit"},
    ],
    "community_events": [{"kind": "sprint", "name": "Docs sprint", "sites": ["Lisbon"]}],
}


def write(folder, documents):
    paths = []
    for name, content in documents.items():
        path = folder / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        paths.append(path)
    return paths


def everything():
    return {
        model.__name__: [
            {**model_to_dict(row), "pk": row.pk, "loaded_at": getattr(row, "loaded_at", None)}
            for row in model.objects.order_by("pk")
        ]
        for model in MODELS
    }


def meetup(key):
    return Meetup.objects.get(archive_key=key)


def objects_of(name):
    return [path for path, value in walk(DOCUMENTS[name]) if isinstance(value, dict)]


def at(document, path):
    for part in path:
        document = document[part]
    return document
