"""Personal links in mails: a link is its mail, signed. Nothing of it is stored.

Texts hold a placeholder; the link is made when the mail is handed over, so neither the outbox
nor a task ever holds one (the demo's outbox page is the one exception). Opening a link changes
nothing: mail scanners open them too.
"""

from django.core.signing import BadSignature, Signer

from community.core.errors import NotFoundError
from community.models import OPTIONAL_KINDS, Mail, MailKind, MailOptOut, User
from community.selectors.people import account_of

PLACEHOLDER = "personal-link"


def _signer() -> Signer:
    return Signer(salt="community.mail", sep=".")


def token_of(mail: Mail) -> str:
    """The text that stands for `mail` in its links."""
    return _signer().sign(str(mail.pk))


def with_links(text: str, mail: Mail) -> str:
    """`text` with its personal links made."""
    return text.replace(f"/{PLACEHOLDER}/", f"/{token_of(mail)}/")


def mail_of_link(token: str) -> Mail:
    """The mail whose link this is; raises NotFoundError for anything else."""
    try:
        pk = _signer().unsign(token)
        return Mail.objects.select_related("recipient").get(pk=pk)
    except (BadSignature, Mail.DoesNotExist):
        raise NotFoundError("This link is not one of ours, or not complete.") from None


def reader_of(mail: Mail) -> User | None:
    """The account of the person `mail` went to, where there is one."""
    found = mail.recipient or account_of(mail.to)
    return found if found is not None and found.is_active else None


def set_mail_wishes(*, by: User, unwanted: set[str]) -> None:
    """Which optional kinds of mail `by` does not want; all others are sent."""
    for kind in OPTIONAL_KINDS:
        if kind in unwanted:
            MailOptOut.objects.get_or_create(user=by, kind=kind)
        else:
            MailOptOut.objects.filter(user=by, kind=kind).delete()


def unsubscribe(*, mail: Mail, kind: MailKind) -> bool:
    """End `kind` for the reader of `mail`; False where there is nothing to end."""
    reader = reader_of(mail)
    if reader is None or kind not in OPTIONAL_KINDS:
        return False
    MailOptOut.objects.get_or_create(user=reader, kind=kind)
    return True


def mail_wishes(user: User) -> list[tuple[MailKind, bool]]:
    """Each optional kind and whether `user` wants it, in the order of their names."""
    unwanted = set(MailOptOut.objects.filter(user=user).values_list("kind", flat=True))
    return [(kind, kind.value not in unwanted) for kind in MailKind if kind in OPTIONAL_KINDS]
