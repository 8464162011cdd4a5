"""Secrets at rest: Fernet (AES-128-CBC with HMAC-SHA-256), the first key encrypts, all decrypt."""

import hashlib
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class SecretUnreadableError(Exception):
    pass


def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.CREDENTIALS_KEYS])


def seal(text: str) -> str:
    """`text` encrypted, as URL-safe text."""
    return _box().encrypt(text.encode()).decode()


def unseal(token: str) -> str:
    """The text sealed in `token`; raises SecretUnreadableError under other keys."""
    try:
        return _box().decrypt(token.encode()).decode()
    except InvalidToken:
        raise SecretUnreadableError("A stored secret does not open with the keys set.") from None


def new_token(length: int = 32) -> str:
    """A random URL-safe token of `length` bytes."""
    return secrets.token_urlsafe(length)


def digest(token: str) -> str:
    """SHA-256 in hex: enough for tokens of full entropy, which need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()
