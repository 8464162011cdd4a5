"""One season, loaded whole or not at all."""

from collections.abc import Iterable
from pathlib import Path

from django.db import transaction
from django.db.models import ProtectedError

from community.exceptions import SeasonError
from community.models import Organization, Season
from meetups.models import Meetup
from meetups.services.season.context import Loading, Target
from meetups.services.season.documents import read_documents
from meetups.services.season.gatherings import Gathering, free_slug, read_gatherings
from meetups.services.season.groups import load_target
from meetups.services.season.organizations import load_organizations
from meetups.services.season.parts import write_parts
from meetups.services.season.records import load_records
from meetups.services.season.references import check_references
from meetups.services.season.registry import load_parts
from meetups.services.season.same import link_same


@transaction.atomic
def load_season(paths: Iterable[Path | str]) -> Season:
    """Load a group's recorded season from its files; the same files again change nothing.

    One file holds the season; beside it there may be one of inferences and one of the
    foundation's board election, told apart by their content. What changed in a file changes in
    the database; what left a file leaves. Raises SeasonError, with nothing written, for
    anything the shape (schema.json) does not know.
    """
    documents = read_documents(paths)
    check_references(documents)
    loading = Loading(documents)
    target = load_target(loading)
    organizations = load_organizations(loading)
    gatherings = read_gatherings(loading, target)
    _remove_others(loading, target.season, [gathering.key for gathering in gatherings])
    rows = {
        gathering.key: _write(loading, target, gathering, organizations) for gathering in gatherings
    }
    link_same(loading, rows)
    load_records(loading, target)
    load_parts(loading, target)
    if loading.changes.count:
        target.season.save(update_fields=["loaded_at"])
    return target.season


def _write(
    loading: Loading, target: Target, gathering: Gathering, organizations: dict[str, Organization]
) -> Meetup:
    known = Meetup.objects.filter(season=target.season, archive_key=gathering.key).first()
    values = {
        **gathering.values,
        "chapter": target.home,
        "slug": free_slug(gathering.slug, known, target),
    }
    match = {"season": target.season, "archive_key": gathering.key}
    meetup = loading.changes.put(Meetup.objects, match, values)
    for sponsorship in gathering.parts.get("sponsorships", []):
        sponsorship["organization"] = organizations[sponsorship["printed_name"]]
    write_parts(loading.changes, meetup, gathering.parts)
    return meetup


def _remove_others(loading: Loading, season: Season, keys: list[str]) -> None:
    for meetup in season.meetups.exclude(archive_key__in=keys):
        try:
            meetup.delete()
        except ProtectedError as error:
            raise SeasonError(
                f"{meetup.title} is no longer in the season, but other things hang on it. "
                "Nothing was loaded."
            ) from error
        loading.changes.count += 1
