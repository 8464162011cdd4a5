"""Accounts, chapters and API tokens."""

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, transaction

from community.core import clock, secretbox
from community.core.errors import ForbiddenError, InvalidError
from community.models import ApiToken, AuditEntry, Chapter, Membership, User
from community.selectors.people import account_of

ORGANIZERS = "organizers"


def organizers_group() -> Group:
    """The group whose model permissions every organizer has in the admin.

    It holds the right to view, add, change and delete whatever the apps registered for
    organizers; which rows, the admin's querysets decide.
    """
    group, _ = Group.objects.get_or_create(name=ORGANIZERS)
    return group


def grant_admin_models(labels: dict[str, list[str]]) -> None:
    """Set the organizers' model permissions: `{"app.model": ["view", "change"]}`."""
    wanted = [f"{verb}_{label.split('.')[1]}" for label, verbs in labels.items() for verb in verbs]
    rows = Permission.objects.filter(
        codename__in=wanted, content_type__app_label__in={label.split(".")[0] for label in labels}
    )
    organizers_group().permissions.set(rows)


@transaction.atomic
def create_member(
    *,
    email: str,
    name: str = "",
    password: str | None = None,
    chapter: Chapter | None = None,
    accepts_code_of_conduct: bool = False,
    is_participant: bool = False,
) -> User:
    """A member of `chapter` (else of the first one) whose address counts as confirmed."""
    chapter = chapter or Chapter.objects.order_by("id").first()
    user = User.objects.create_user(
        email,
        password,
        name=name,
        code_of_conduct_at=clock.now() if accepts_code_of_conduct else None,
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if chapter:
        Membership.objects.create(user=user, chapter=chapter, is_participant=is_participant)
    return user


def account_for(*, email: str, name: str = "", chapter: Chapter | None = None) -> User:
    """The account known by `email`; a new member's where there is none, once for all who ask."""
    known = account_of(email)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return create_member(email=email, name=name, chapter=chapter)
    except IntegrityError:  # somebody else was a moment faster
        known = account_of(email)
        if known is None:
            raise
        return known


def hold_account(user: User) -> None:
    """Keep `user`'s account from being erased until the transaction ends.

    For whoever writes what an erasure has to find; taken before any other row, as the erasure
    does. Raises ForbiddenError for an account that is erased already.
    """
    rows = User.objects.select_for_update(no_key=True).filter(pk=user.pk, erased_at=None)
    if rows.values_list("pk", flat=True).first() is None:
        raise ForbiddenError("This account is deleted. Nothing was saved.")


def join_first_chapter(user: User) -> None:
    """Give a person who signed up their place in the group."""
    chapter = Chapter.objects.order_by("id").first()
    if chapter is not None:
        Membership.objects.get_or_create(user=user, chapter=chapter)


@transaction.atomic
def make_organizer(*, email: str) -> User:
    """Make or raise the account of `email` to organizer of every chapter, and staff."""
    user = User.objects.filter(email__iexact=email).first() or create_member(email=email)
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    user.groups.add(organizers_group())
    for chapter in Chapter.objects.all():
        Membership.objects.update_or_create(
            user=user, chapter=chapter, defaults={"role": Membership.Role.ORGANIZER}
        )
    AuditEntry.objects.create(verb="made organizer", subject=user.email)
    return user


def create_api_token(*, user: User, name: str) -> str:
    """A new token of `user`; this is the only time it can be read."""
    if not name.strip():
        raise InvalidError("Give the token a name, so that you know later what used it.")
    token = secretbox.new_token()
    ApiToken.objects.create(user=user, name=name.strip(), digest=secretbox.digest(token))
    return token


def revoke_api_token(*, token: ApiToken, by: User) -> None:
    """End `token`; a program that still uses it is refused."""
    ApiToken.objects.filter(pk=token.pk, user=by, revoked_at=None).update(revoked_at=clock.now())
