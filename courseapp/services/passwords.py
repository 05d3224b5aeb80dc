"""Passwords: hashed slowly, compared slowly, also where there is none. For services only; holds no transaction."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from courseapp.domain import passwords
from courseapp.domain.errors import DomainError

_hasher = PasswordHasher()


@cache
def nobodys() -> str:
    """A hash that no password matches; made when it is first needed, for it takes as long as any."""
    return _hasher.hash("nobody has this password")


class WeakPassword(DomainError):
    """The password will not do; the sentence says why."""


def chosen(password: str, *, email: str, name: str) -> str:
    """The hash of a password somebody chose. Raises WeakPassword for one that is easily guessed."""
    if (why := passwords.weakness(password, email=email, name=name)) is not None:
        raise WeakPassword(why)
    return _hasher.hash(password)


def matches(hashed: str, password: str) -> bool:
    """Whether the password is that one. Without a hash nothing matches, and it takes as long."""
    try:
        return _hasher.verify(hashed or nobodys(), password)
    except (Argon2Error, InvalidHashError):
        return False


def renewed(hashed: str, password: str) -> str:
    """The hash to keep after a right password: made anew where the old one was made with less care."""
    return _hasher.hash(password) if _hasher.check_needs_rehash(hashed) else hashed
