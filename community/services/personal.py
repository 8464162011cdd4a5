"""A person's own data: all of it to take along, and its end.

Each app registers what it holds: an exporter gives it as plain data, an eraser deletes it or
takes the person out of it.
"""

from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction

from community.core import clock
from community.core.errors import ConflictError
from community.exceptions import WrongAddressError
from community.models import Chapter, Membership, User
from community.services.audit import record
from community.services.chapters import lock_chapter, lower_staff, refuse_last_organizer

Exporter = Callable[[User], Any]
Eraser = Callable[[User, frozenset[str]], None]
_exporters: dict[str, Exporter] = {}
_erasers: list[Eraser] = []


def register_exporter(name: str, exporter: Exporter) -> None:
    """`exporter` gives what an app holds on a person, under `name`, as JSON can say it."""
    _exporters[name] = exporter


def register_eraser(eraser: Eraser) -> None:
    """`eraser` takes a person, known by these addresses, out of what an app holds.

    It runs inside the transaction of the deletion, while the account still is itself; the last
    registered, of the highest storey, comes first.
    """
    if eraser not in _erasers:
        _erasers.append(eraser)


def personal_data(*, by: User) -> dict[str, Any]:
    """Everything the apps hold on `by`, by subject."""
    return {name: exporter(by) for name, exporter in _exporters.items()}


def addresses_of(user: User) -> frozenset[str]:
    """The confirmed addresses of an account, in lower case.

    Others can be entered by anyone; by them one would reach, or delete, what is somebody else's.
    """
    own = EmailAddress.objects.filter(user=user, verified=True)
    more = own.values_list("email", flat=True)
    return frozenset(address.lower() for address in (user.email, *more))


@transaction.atomic
def erase_account(*, email: str, by: User) -> None:
    """Delete `by`'s account; `email` is its address, typed once more.

    Coming answers are withdrawn, so that their places go on; what the group's history needs stays
    as that of “someone”. Raises WrongAddressError, LastOrganizerError, ConflictError.
    """
    if email.strip().lower() != by.email.lower():
        raise WrongAddressError(
            "That is not the address of this account. Nothing was deleted.",
            errors={"email": ["not the address of this account"]},
        )
    led = Chapter.objects.filter(memberships__user=by, memberships__role=Membership.Role.ORGANIZER)
    for chapter in led.order_by("pk"):
        refuse_last_organizer(lock_chapter(chapter), by)
    user = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if user.erased_at is not None:
        return
    _refuse_last_administrator(user)
    addresses = addresses_of(user)
    for eraser in reversed(_erasers):
        eraser(user, addresses)
    _anonymise(user)
    record("deleted their account", "someone", by=user)


def _refuse_last_administrator(user: User) -> None:
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    if user.is_superuser and not others.exists():
        raise ConflictError(
            "You are the last administrator of this site. Make someone else administrator first.",
            code="last_administrator",
        )


def _anonymise(user: User) -> None:
    EmailAddress.objects.filter(user=user).delete()
    Membership.objects.filter(user=user).delete()
    user.is_superuser = False
    lower_staff(user)
    user.groups.clear()
    user.user_permissions.clear()
    user.email = f"deleted-{user.uuid}@deleted.invalid"
    user.name = ""
    user.is_active = False
    user.last_login = user.code_of_conduct_at = None
    user.calendar_epoch += 1
    user.erased_at = clock.now()
    user.set_unusable_password()
    user.save()
    _end_sessions(user)


def _end_sessions(user: User) -> None:
    for session in Session.objects.filter(expire_date__gt=clock.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            SessionStore(session.session_key).delete()
