"""Organizations under their usual names, with every spelling the sources print."""

from community.models import Organization
from meetups.services.season.context import Loading


def load_organizations(loading: Loading) -> dict[str, Organization]:
    """An organization for every name the season lists or thanks, by the name as printed."""
    content = loading.content
    levels = {
        entry["organization"]: entry.get("level")
        for entry in content.get("organization_levels") or []
    }
    printed = [*(content.get("organizations") or []), *levels]
    printed += [
        sponsor["name"]
        for meetup in content.get("meetups") or []
        for sponsor in meetup.get("sponsors") or []
    ]
    found = {name: _organization(loading, name) for name in dict.fromkeys(printed)}
    for name, level in levels.items():
        loading.changes.change(found[name], {"level": level or ""})
    return found


def _organization(loading: Loading, printed: str) -> Organization:
    name = loading.canonical(printed)
    spellings = [*loading.spellings(name), *([printed] if printed != name else [])]
    organization = Organization.objects.filter(name=name).first()
    if organization is None:
        # Loaded before its usual spelling was known.
        organization = Organization.objects.filter(name__in=spellings).first()
    if organization is None:
        loading.changes.count += 1
        return Organization.objects.create(name=name, also_known_as=list(dict.fromkeys(spellings)))
    known = dict.fromkeys([*organization.also_known_as, *spellings])
    values = {"name": name, "also_known_as": [word for word in known if word != name]}
    return loading.changes.change(organization, values)
