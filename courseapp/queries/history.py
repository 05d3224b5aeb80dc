"""What happened to one registration: acts, letters, and who has looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from courseapp.db import db
from courseapp.domain.marking import N_
from courseapp.models.account import User
from courseapp.models.journal import AuditEntry, MailState, OutboxEmail

MOST_ROWS = 100
READING = "participant_read"
_WHO = {"public": N_("Deltakeren"), "system": N_("Systemet"), "user": N_("En bruker som er slettet")}


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One thing that happened: when, what, and who did it (a name, «Deltakeren» or «Systemet»)."""

    at: datetime
    verb: str
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow:
    """One letter to a participant."""

    id: int
    occasion: str
    subject: str
    to_email: str
    state: MailState
    created_at: datetime
    sent_at: datetime | None
    error: str


def acts(registration_id: int) -> tuple[HistoryRow, ...]:
    """What was done, newest first, at most MOST_ROWS."""
    return _entries(registration_id, AuditEntry.verb != READING)


def readings(registration_id: int) -> tuple[HistoryRow, ...]:
    """Who opened the participant's page, newest first, at most MOST_ROWS."""
    return _entries(registration_id, AuditEntry.verb == READING)


def letters(registration_id: int) -> tuple[LetterRow, ...]:
    """Every letter, newest first, at most MOST_ROWS."""
    rows = db.session.execute(
        select(
            OutboxEmail.id,
            OutboxEmail.occasion,
            OutboxEmail.subject,
            OutboxEmail.to_email,
            OutboxEmail.state,
            OutboxEmail.created_at,
            OutboxEmail.sent_at,
            OutboxEmail.error,
        )
        .where(OutboxEmail.registration_id == registration_id)
        .order_by(OutboxEmail.id.desc())
        .limit(MOST_ROWS)
    )
    return tuple(LetterRow(**row._mapping) for row in rows)  # noqa: SLF001 - SQLAlchemy's documented name


def _entries(registration_id: int, which: ColumnElement[bool]) -> tuple[HistoryRow, ...]:
    rows = db.session.execute(
        select(AuditEntry.at, AuditEntry.verb, AuditEntry.actor, User.name)
        .outerjoin(User, User.id == AuditEntry.user_id)
        .where(AuditEntry.registration_id == registration_id, which)
        .order_by(AuditEntry.id.desc())
        .limit(MOST_ROWS)
    )
    return tuple(HistoryRow(at=at, verb=verb, who=name or _WHO[actor]) for at, verb, actor, name in rows)
