"""Users: made by a command or an administrator, logged in with a password."""

from __future__ import annotations

from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import db, transaction
from courseapp.domain.access import UserRole
from courseapp.domain.errors import DomainError, WrongLogIn
from courseapp.domain.marking import N_
from courseapp.models.account import Membership, User
from courseapp.models.journal import AuditEntry
from courseapp.models.office import Office
from courseapp.services import tries

SHORTEST_PASSWORD = 12
MOST_TRIES, TRIES_SECONDS = 10, 900
MOST_FROM_ADDRESS = 200
_hasher = PasswordHasher()
_NOBODY = _hasher.hash("nobody has this password")


class UserRefused(DomainError):
    """The user cannot be made; the sentence says why."""


@dataclass(frozen=True)
class LoggedIn:
    """What the browser's session keeps: the user, and the serial that ends all sessions when it is raised."""

    user_id: int
    serial: int


def create_user(*, email: str, name: str, password: str, office: str | None, role: UserRole) -> int:
    """Make a user with one membership and return its id; without an office only readers and administrators.

    Raises UserRefused for a known address, an unknown office, a short password, or an organizer of no office.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise UserRefused(N_("Passordet må ha minst 12 tegn."))
    key, hashed = _key(email), _hasher.hash(password)
    with transaction() as tx:
        if tx.scalar(select(User.id).where(User.email == key)) is not None:
            raise UserRefused(N_("Det finnes allerede en bruker med denne adressen."))
        membership = Membership(role=role, office_id=_office_id(tx, office, role))
        user = User(email=key, name=name, password_hash=hashed, created_at=clock.now())
        user.memberships = [membership]
        tx.add(user)
        tx.flush()
        tx.add(AuditEntry(at=clock.now(), actor="system", user_id=user.id, verb="user_created", details={"role": role}))
        return user.id


def _office_id(tx: Session, office: str | None, role: UserRole) -> int | None:
    if office is None:
        if role is UserRole.ORGANIZER:
            raise UserRefused(N_("En arrangør må høre til et kontor."))
        return None
    found = tx.scalar(select(Office.id).where(Office.slug == office))
    if found is None:
        raise UserRefused(N_("Kontoret finnes ikke."))
    return found


def log_in(email: str, password: str, *, remote: str) -> LoggedIn:
    """Check a password; takes as long for an unknown address as for a known one.

    Raises WrongLogIn, or TooManyTries after ten tries from one network address on one account in a quarter of an
    hour. The count holds the pair, so nobody can lock another's account from elsewhere.
    """
    subject = f"{_key(email)}|{remote}"
    tries.spend("log_in_from", remote, most=MOST_FROM_ADDRESS, seconds=TRIES_SECONDS)
    tries.spend("log_in", subject, most=MOST_TRIES, seconds=TRIES_SECONDS)
    # The slow part holds no transaction: on SQLite every sign-up would wait for it.
    known = db.session.execute(
        select(User.id, User.password_hash).where(User.email == _key(email), User.active)
    ).one_or_none()
    hashed = known.password_hash if known else _NOBODY
    if not _matches(hashed, password) or known is None:
        raise WrongLogIn
    fresh = _hasher.hash(password) if _hasher.check_needs_rehash(hashed) else None
    found = _enter(known.id, hashed, fresh)
    tries.clear("log_in", subject)
    return found


def end_sessions(user_id: int) -> None:
    """Log a user out everywhere: a copied cookie is worth nothing afterwards."""
    with transaction() as tx:
        user = tx.get(User, user_id)
        if user is not None:
            user.log_in_serial += 1
            tx.add(AuditEntry(at=clock.now(), actor="user", user_id=user.id, verb="logged_out"))


def _enter(user_id: int, hashed: str, fresh: str | None) -> LoggedIn:
    """Write the log-in down, unless the user was closed or the password changed while it was checked."""
    with transaction() as tx:
        user = tx.get(User, user_id)
        if user is None or not user.active or user.password_hash != hashed:
            raise WrongLogIn
        user.password_hash = fresh or hashed
        tx.add(AuditEntry(at=clock.now(), actor="user", user_id=user.id, verb="logged_in"))
        return LoggedIn(user.id, user.log_in_serial)


def _key(email: str) -> str:
    """The address as it is stored."""
    return email.strip().lower()


def _matches(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except (Argon2Error, InvalidHashError):
        return False
