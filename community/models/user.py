import uuid
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community.models.chapter import Membership


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user known by `email` (stored in lower case); without a password, codes only."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An administrator: every right, for the one who runs the machine."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. The e-mail address is the name one signs in with."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may open the admin"), default=False)
    joined_at = models.DateTimeField(_("joined at"), auto_now_add=True)
    # Part of the personal feed's address; counting on ends the address that was given out.
    calendar_epoch = models.PositiveIntegerField(default=0, editable=False)
    erased_at = models.DateTimeField(_("erased at"), null=True, editable=False)
    code_of_conduct_at = models.DateTimeField(_("accepted the code of conduct at"), null=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ("email",)
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_in_any_case")]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name, or the part of the address before the @; “someone” once it is erased."""
        if self.erased_at is not None:
            return gettext("someone")
        return self.name or self.email.partition("@")[0]

    @cached_property
    def organized_chapter_ids(self) -> frozenset[int]:
        """The chapters this person organizes; an administrator's list is not asked for."""
        return frozenset(
            Membership.objects.filter(user=self, role=Membership.Role.ORGANIZER).values_list(
                "chapter_id", flat=True
            )
        )

    @property
    def is_organizer(self) -> bool:
        """Whether this person organizes any chapter."""
        return bool(self.organized_chapter_ids)
