"""Users made by a command, ready to log in."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain.access import UserRole
from courseapp.domain.errors import DomainError
from courseapp.domain.marking import N_
from courseapp.models.account import Membership, User
from courseapp.models.journal import AuditEntry
from courseapp.models.office import Office
from courseapp.services import passwords


class UserRefused(DomainError):
    """The user cannot be made; the sentence says why."""


def create_user(*, email: str, name: str, password: str, office: str | None, role: UserRole) -> int:
    """Make a user with one membership and return its id; without an office only readers and administrators.

    Raises UserRefused for a known address, an unknown office, or an organizer of no office; WeakPassword for a
    password that is easily guessed.
    """
    key = address_key(email)
    hashed = passwords.chosen(password, email=key, name=name)
    with transaction() as tx:
        user = new_user(tx, email=key, name=name, role=role, office_id=office_id(tx, office, role))
        user.password_hash = hashed
        tx.add(AuditEntry(at=clock.now(), actor="system", user_id=user.id, verb="user_created", details={"role": role}))
        return user.id


def new_user(tx: Session, *, email: str, name: str, role: UserRole, office_id: int | None) -> User:
    """A user without a password, and so without a way in. Raises UserRefused for a known address."""
    if tx.scalar(select(User.id).where(User.email == email)) is not None:
        raise UserRefused(N_("Det finnes allerede en bruker med denne adressen."))
    user = User(email=email, name=name, password_hash="", created_at=clock.now())
    user.memberships = [Membership(role=role, office_id=office_id)]
    tx.add(user)
    tx.flush()
    return user


def office_id(tx: Session, office: str | None, role: UserRole) -> int | None:
    """The office of that slug, or none at all. Raises UserRefused where there is none, or an organizer needs one."""
    if office is None:
        if role is UserRole.ORGANIZER:
            raise UserRefused(N_("En arrangør må høre til et kontor."))
        return None
    found = tx.scalar(select(Office.id).where(Office.slug == office))
    if found is None:
        raise UserRefused(N_("Kontoret finnes ikke."))
    return found


def address_key(email: str) -> str:
    """The address as it is stored."""
    return email.strip().lower()
