"""What happened to one registration: acts, letters, and who has looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from courseapp import speech, wording
from courseapp.db import db
from courseapp.domain.event import EventStatus
from courseapp.domain.marking import N_
from courseapp.domain.registration import Role
from courseapp.domain.waitlist import PassedReason
from courseapp.models.account import User
from courseapp.models.journal import AuditEntry, MailState, OutboxEmail
from courseapp.queries import history_words
from courseapp.speech import said as _

MOST_ROWS = 100
READING_ONE = ("participant_read", "person_looked_up", "person_data_exported")
"""Somebody opened what is kept about a single person."""
READINGS = (
    *READING_ONE,
    "participants_read",
    "participants_exported",
    "archive_exported",
    "kitchen_read",
    "kitchen_names_read",
    "dietary_exported",
)
_LEADER = N_("Kursholderen")
_WHO = {"public": N_("Deltakeren"), "system": N_("Systemet"), "user": N_("En bruker som er slettet")}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRow:
    """One field of an event, in words before and after a change; `name` is its code."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One thing that happened: when, what, who did it (a name, «Deltakeren» or «Systemet»), and why, if it is told."""

    at: datetime
    verb: str
    who: str
    reason: str = ""
    fields: tuple[FieldRow, ...] = ()


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
    return _entries(and_(AuditEntry.registration_id == registration_id, AuditEntry.verb.not_in(READING_ONE)))


def of_event(event_id: int) -> tuple[HistoryRow, ...]:
    """What was done with the event itself, newest first, at most MOST_ROWS; no reading, and no single persons."""
    mine = and_(AuditEntry.event_id == event_id, AuditEntry.registration_id.is_(None))
    return _entries(and_(mine, AuditEntry.verb.not_in(READINGS)))


def readings_of_event(event_id: int) -> tuple[HistoryRow, ...]:
    """Who read or took along the list of participants, newest first, at most MOST_ROWS."""
    return _entries(and_(AuditEntry.event_id == event_id, AuditEntry.verb.in_(READINGS)))


def readings(registration_id: int) -> tuple[HistoryRow, ...]:
    """Who opened the participant's page, newest first, at most MOST_ROWS."""
    return _entries(and_(AuditEntry.registration_id == registration_id, AuditEntry.verb.in_(READING_ONE)))


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


def _entries(which: ColumnElement[bool]) -> tuple[HistoryRow, ...]:
    rows = db.session.execute(
        select(AuditEntry.at, AuditEntry.verb, AuditEntry.actor, User.name, AuditEntry.details)
        .outerjoin(User, User.id == AuditEntry.user_id)
        .where(which)
        .order_by(AuditEntry.id.desc())
        .limit(MOST_ROWS)
    )
    return tuple(
        HistoryRow(
            at=at,
            verb=verb,
            who=name or (_LEADER if (details or {}).get("leader") else _WHO[actor]),
            reason=_reason(verb, details or {}),
            fields=tuple(
                FieldRow(name=field, before=words[0], after=words[1])
                for field, words in (details or {}).get("fields", {}).items()
            ),
        )
        for at, verb, actor, name, details in rows
    )


def _reason(verb: str, details: dict[str, Any]) -> str:
    """Why it was done, as people read it; codes of the line are put into words."""
    reason = str(details.get("reason") or "") or _reach(verb, details)
    if verb == "status_changed":
        return " → ".join(wording.label(EventStatus(details[name])) for name in ("old", "new"))
    if verb == "seats_changed":
        return history_words.seats(details)
    if verb == "passed_over":
        return _passed(*reason.partition(":")[::2])
    if verb == "moved_in_line":
        moved = speech.said("Fra nummer %(old)s til %(new)s.", old=details.get("old"), new=details.get("new"))
        return f"{moved} {reason}"
    if verb == "seat_given_by_hand" and (over := history_words.over(details)):
        return f"{over} {reason}"
    return history_words.of(verb, details) or reason


def _reach(verb: str, details: dict[str, Any]) -> str:
    return (
        wording.counted(details["people"] + details["leaders"], _("mottaker"), _("mottakere"))
        if verb == "message_sent"
        else ""
    )


def _passed(why: str, role: str) -> str:
    if role not in set(Role):
        return ""
    name = wording.short_label(Role(role))
    full = N_("plassene for %(role)s er fulle")
    kept = N_("plasser er holdt av til %(role)s")
    return speech.said(full if why == PassedReason.ROLE_FULL else kept, role=name)
