import pytest

from tests.factories.community import ChapterFactory


@pytest.fixture
def chapter():
    return ChapterFactory()
