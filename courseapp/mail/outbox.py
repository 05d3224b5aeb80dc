"""The outbox: letters are put here in the transaction of the act they tell about, claimed by a worker, and marked.

States: queued → sending → sent or failed; superseded when a newer letter made one pointless. A claim is a lease: a
worker that dies leaves its rows to the next one. Letters of one registration leave in the order they were put.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session, aliased

from courseapp.db import insert_or_update
from courseapp.domain.mailbox import Mailbox
from courseapp.mail.letter import CalendarPart, Letter
from courseapp.models.journal import MailState, OutboxEmail, WorkerPulse

LEASE = timedelta(minutes=5)
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))
PENDING = (MailState.QUEUED, MailState.SENDING)


@dataclass(frozen=True, kw_only=True)
class About:
    """What a letter belongs to, for the organizer's table and for keeping letters in order."""

    office_id: int | None = None
    event_id: int | None = None
    registration_id: int | None = None
    uid: str | None = None
    sequence: int | None = None


def put(tx: Session, letter: Letter, about: About) -> OutboxEmail:
    """Queue a letter in the caller's transaction. An unsent older letter for the same calendar entry is dropped."""
    if about.uid is not None:
        tx.execute(
            update(OutboxEmail)
            .where(
                OutboxEmail.uid == about.uid,
                OutboxEmail.state == MailState.QUEUED,
                OutboxEmail.to_email == letter.to.email,
            )
            .values(state=MailState.SUPERSEDED)
        )
    row = OutboxEmail(
        office_id=about.office_id,
        event_id=about.event_id,
        registration_id=about.registration_id,
        occasion=letter.occasion,
        sender_name=letter.sender.name,
        sender_email=letter.sender.email,
        reply_name=letter.reply_to.name if letter.reply_to else "",
        reply_email=letter.reply_to.email if letter.reply_to else "",
        to_name=letter.to.name,
        to_email=letter.to.email,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        ics=letter.calendar.ics.decode() if letter.calendar else None,
        method=letter.calendar.method if letter.calendar else None,
        uid=about.uid,
        sequence=about.sequence,
        message_id=letter.message_id,
        references=letter.references or "",
        not_before=letter.date,
        created_at=letter.date,
    )
    tx.add(row)
    tx.flush()
    return row


def drop_unsent(tx: Session, registration_id: int, email: str) -> bool:
    """Drop what has not left yet for a registration; True when nothing has gone to the address or may be going."""
    mine = (OutboxEmail.registration_id == registration_id, OutboxEmail.to_email == email)
    tx.execute(
        update(OutboxEmail)
        .where(*mine, OutboxEmail.state == MailState.QUEUED, OutboxEmail.attempts == 0)
        .values(state=MailState.SUPERSEDED)
    )
    gone = tx.scalar(select(OutboxEmail.id).where(*mine, OutboxEmail.state != MailState.SUPERSEDED).limit(1))
    return gone is None


def claim_due(tx: Session, now: datetime, limit: int = 20) -> list[OutboxEmail]:
    """Lease up to `limit` due letters, oldest first, for LEASE from `now`.

    A letter waits while an earlier one of the same registration is leased elsewhere or backing off, and is dropped
    when a newer one for its calendar entry is already under way.
    """
    # The pulse is also the turn: two workers never claim at the same moment. Rows that somebody else holds are skipped,
    # so that a claim never waits for a sign-up and the two cannot wait for each other.
    beat(tx, now)
    _drop_overtaken(tx, now)
    due = list(
        tx.scalars(
            select(OutboxEmail)
            .where(OutboxEmail.state.in_(PENDING), OutboxEmail.not_before <= now, ~_held_up(now))
            .order_by(OutboxEmail.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )
    lease = secrets.token_hex(8)
    for row in due:
        row.state, row.lease, row.not_before, row.attempts = MailState.SENDING, lease, now + LEASE, row.attempts + 1
    tx.flush()
    return due


def _held_up(now: datetime) -> ColumnElement[bool]:
    """An earlier letter of the same registration is leased elsewhere or backing off."""
    earlier = aliased(OutboxEmail)
    return (
        select(earlier.id)
        .where(
            earlier.registration_id == OutboxEmail.registration_id,
            earlier.id < OutboxEmail.id,
            earlier.state.in_(PENDING),
            earlier.not_before > now,
        )
        .exists()
    )


def _drop_overtaken(tx: Session, now: datetime) -> None:
    newer = aliased(OutboxEmail)
    overtaken = (
        select(OutboxEmail)
        .where(
            OutboxEmail.state.in_(PENDING),
            OutboxEmail.not_before <= now,
            OutboxEmail.uid.is_not(None),
            select(newer.id)
            .where(
                newer.uid == OutboxEmail.uid,
                newer.to_email == OutboxEmail.to_email,
                newer.sequence > OutboxEmail.sequence,
                newer.state.in_([*PENDING, MailState.SENT]),
            )
            .exists(),
        )
        .with_for_update(skip_locked=True, of=OutboxEmail)
    )
    for row in tx.scalars(overtaken):
        row.state = MailState.SUPERSEDED
    tx.flush()


def beat(tx: Session, now: datetime) -> None:
    """Write down that the worker lives."""
    row = insert_or_update(tx, WorkerPulse).values(id=1, at=now)
    tx.execute(row.on_conflict_do_update(index_elements=["id"], set_={"at": now}))


def _held(tx: Session, row_id: int, lease: str) -> OutboxEmail | None:
    return tx.scalar(
        select(OutboxEmail)
        .where(OutboxEmail.id == row_id, OutboxEmail.lease == lease, OutboxEmail.state == MailState.SENDING)
        .with_for_update()
    )


def mark_sent(tx: Session, row_id: int, lease: str, now: datetime) -> None:
    """The server took it."""
    if (row := _held(tx, row_id, lease)) is not None:
        row.state, row.sent_at, row.error = MailState.SENT, now, ""


def mark_failed(tx: Session, row_id: int, lease: str, error: str) -> None:
    """The server refused it for good; staff are shown why."""
    if (row := _held(tx, row_id, lease)) is not None:
        row.state, row.error = MailState.FAILED, error[:200]


def give_back(tx: Session, row_id: int, lease: str, now: datetime, error: str) -> None:
    """It did not go now: try again later, each time after a longer wait, and in the end give up."""
    row = _held(tx, row_id, lease)
    if row is None:
        return
    if row.attempts > len(BACK_OFF):
        row.state, row.error = MailState.FAILED, error[:200]
        return
    row.state, row.error, row.not_before = MailState.QUEUED, error[:200], now + BACK_OFF[row.attempts - 1]


def release(tx: Session, row_id: int, lease: str, now: datetime) -> None:
    """It was never tried in this round: as if it had not been claimed."""
    if (row := _held(tx, row_id, lease)) is not None:
        row.state, row.not_before, row.attempts = MailState.QUEUED, now, row.attempts - 1


def as_letter(row: OutboxEmail) -> Letter:
    """The letter as it was put; the same row always gives the same bytes."""
    calendar = None
    if row.ics is not None:
        calendar = CalendarPart(method="CANCEL" if row.method == "CANCEL" else "REQUEST", ics=row.ics.encode())
    return Letter(
        occasion=row.occasion,
        sender=Mailbox(name=row.sender_name, email=row.sender_email),
        to=Mailbox(name=row.to_name, email=row.to_email),
        reply_to=Mailbox(name=row.reply_name, email=row.reply_email) if row.reply_email else None,
        subject=row.subject,
        text=row.text,
        html=row.html,
        message_id=row.message_id,
        references=row.references or None,
        date=row.created_at,
        calendar=calendar,
    )
