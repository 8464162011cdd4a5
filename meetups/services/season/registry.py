"""Parts of a season that higher apps make rows of: they register a loader, and run last."""

from collections.abc import Callable

from meetups.services.season.context import Loading, Target

PartLoader = Callable[[Loading, Target], None]
_loaders: list[PartLoader] = []


def register_season_part(loader: PartLoader) -> None:
    """`loader` runs inside the loading's transaction, when everything else is written.

    It writes through `loading.changes`, so that the same files again change nothing, and raises
    SeasonError for what it cannot take.
    """
    if loader not in _loaders:
        _loaders.append(loader)


def load_parts(loading: Loading, target: Target) -> None:
    """Run every registered loader."""
    for loader in _loaders:
        loader(loading, target)
