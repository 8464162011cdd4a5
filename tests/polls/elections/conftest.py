import secrets

import pytest

from polls.models import RollEntry
from polls.services.elections.ballots import cast_ballot
from polls.services.elections.moves import open_election
from tests.factories.community import ChapterFactory, organizer
from tests.factories.polls import ElectionFactory


@pytest.fixture
def chapter():
    return ChapterFactory()


@pytest.fixture
def boss(chapter):
    return organizer(chapter)


@pytest.fixture
def opened(chapter, boss):
    """An open election with three candidates; keyword arguments as the factory takes them."""

    def make(**fields):
        return open_election(election=ElectionFactory(chapter=chapter, **fields), by=boss)

    return make


@pytest.fixture
def vote():
    """Cast a ballot for a line of the roll, the next that has none; returns the receipt."""

    def cast(election, choices, entry=None, code=None, **fields):
        if entry is None:
            entry = RollEntry.objects.filter(election=election, has_voted=False).first()
        return cast_ballot(
            election=election,
            entry=entry,
            choices=choices,
            revote_code=code or secrets.token_urlsafe(24),
            **fields,
        )

    return cast
