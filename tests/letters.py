"""What lies in the outbox, for tests to compare."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from courseapp.db import db
from courseapp.mail import postman
from courseapp.models.journal import AuditEntry, MailState, OutboxEmail
from courseapp.models.registration import Registration


def all_letters() -> list[OutboxEmail]:
    """Every letter that is not superseded, oldest first."""
    db.session.rollback()
    chosen = select(OutboxEmail).where(OutboxEmail.state != MailState.SUPERSEDED).order_by(OutboxEmail.id)
    return list(db.session.scalars(chosen))


def occasions(email: str) -> list[str]:
    """What an address was told, in order."""
    return [letter.occasion for letter in all_letters() if letter.to_email == email]


def registrations() -> list[Registration]:
    """Every registration, oldest first."""
    db.session.rollback()
    return list(db.session.scalars(select(Registration).order_by(Registration.id)))


def the_registration(email: str) -> Registration:
    """The newest registration of an address."""
    return [one for one in registrations() if one.email == email][-1]


def history(registration_id: int) -> list[str]:
    """What happened to a registration, in order."""
    db.session.rollback()
    chosen = select(AuditEntry.verb).where(AuditEntry.registration_id == registration_id).order_by(AuditEntry.id)
    return list(db.session.scalars(chosen))


def deliver(folder: Path, now: Callable[[], datetime]) -> None:
    """Send everything that is due, as files."""
    while postman.deliver_due(folder / "mail", now):
        pass
