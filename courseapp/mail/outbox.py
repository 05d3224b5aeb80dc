"""The outbox: letters are put here in the transaction of the act they tell about, claimed by a worker, and marked.

States: queued → sending → sent or failed; superseded when a newer letter made one pointless. A claim is a lease: a
worker that dies leaves its rows to the next one. Letters of one registration leave in the order they were put.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, insert, literal_column, select, update
from sqlalchemy.orm import Session, aliased, selectinload

from courseapp.db import Base, insert_or_update
from courseapp.mail.letter import Letter
from courseapp.mail.outbox_rows import as_row
from courseapp.models.journal import MailState, OutboxEmail, WorkerPulse
from courseapp.models.message import Message

LEASE = timedelta(minutes=5)
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))
PENDING = (MailState.QUEUED, MailState.SENDING)
# Written out, not bound: SQLite uses the partial index only where it can see that the condition is the index's own.
_PENDING: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in PENDING]


@dataclass(frozen=True, kw_only=True)
class About:
    """What a letter belongs to, for the organizer's table and for keeping letters in order.

    The files of the office's message `office_message_id` go along with the letter.
    """

    office_id: int | None = None
    event_id: int | None = None
    registration_id: int | None = None
    office_message_id: int | None = None
    uid: str | None = None
    sequence: int | None = None


def put(tx: Session, letter: Letter, about: About) -> None:
    """Queue a letter in the caller's transaction.

    An unsent older letter for the same calendar entry is dropped; before the first (SEQUENCE 0) there is none.
    """
    if about.uid is not None and about.sequence != 0:
        tx.execute(
            update(OutboxEmail)
            .where(
                OutboxEmail.uid == about.uid,
                OutboxEmail.state == MailState.QUEUED,
                OutboxEmail.to_email == letter.to.email,
            )
            .values(state=MailState.SUPERSEDED)
        )
    row, gathered = _row(letter, about), tx.info.get(_GATHERED)
    if gathered is None:
        tx.add(OutboxEmail(**row))
    else:
        gathered.append(row)


def put_alone(tx: Session, letter: Letter) -> int:
    """Queue a letter that belongs to nothing, and return its number."""
    row = OutboxEmail(**_row(letter, About()))
    tx.add(row)
    tx.flush()
    return row.id


@contextmanager
def at_once(tx: Session) -> Iterator[None]:
    """What is put within goes to the database by one statement at the end, and is not to be asked for before.

    No object is made of it: of a sign-up's letters that was a tenth of the work.
    """
    gathered: list[dict[str, Any]] = []
    tx.info[_GATHERED] = gathered
    try:
        yield
    finally:
        del tx.info[_GATHERED]
    if gathered:
        tx.connection().execute(_INSERT, gathered)


def _row(letter: Letter, about: About) -> dict[str, Any]:
    return {**vars(about), **as_row(letter)}


_GATHERED = "letters that are put at once"
_INSERT = insert(Base.metadata.tables[OutboxEmail.__tablename__])


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
    with_files = selectinload(OutboxEmail.office_message).selectinload(Message.files)  # one copy for all its letters
    due_now = due_letters(now).limit(limit).with_for_update(skip_locked=True).options(with_files)
    found = tx.scalars(due_now).all()
    newest = _newest_sequences(tx, {row.uid for row in found if row.uid is not None})
    due, lease = [], secrets.token_hex(8)
    for row in found:
        if row.sequence is not None and row.sequence < newest.get((row.uid, row.to_email), 0):
            row.state = MailState.SUPERSEDED
            continue
        row.state, row.lease, row.not_before, row.attempts = MailState.SENDING, lease, now + LEASE, row.attempts + 1
        due.append(row)
    tx.flush()
    return due


def due_letters(now: datetime) -> Select[OutboxEmail]:
    """Letters that may leave now, oldest first; none that an earlier one of the same registration holds up."""
    earlier = aliased(OutboxEmail)
    held_up = (
        select(earlier.id)
        .where(
            earlier.registration_id == OutboxEmail.registration_id,
            earlier.id < OutboxEmail.id,
            earlier.state.in_(_PENDING),
            earlier.not_before > now,
        )
        .exists()
    )
    return (
        select(OutboxEmail)
        .where(OutboxEmail.state.in_(_PENDING), OutboxEmail.not_before <= now, ~held_up)
        .order_by(OutboxEmail.id)
    )


def _newest_sequences(tx: Session, uids: set[str]) -> dict[tuple[str | None, str], int]:
    """The highest SEQUENCE sent or under way for each calendar entry and address."""
    rows = tx.execute(
        select(OutboxEmail.uid, OutboxEmail.to_email, func.max(OutboxEmail.sequence))
        .where(OutboxEmail.uid.in_(uids), OutboxEmail.state.in_([*PENDING, MailState.SENT]))
        .group_by(OutboxEmail.uid, OutboxEmail.to_email)
    )
    return {(row[0], row[1]): row[2] or 0 for row in rows}


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
    """The server took it. The letter itself is not read again: it is sealed, and long."""
    told = {"row_id": row_id, "held_by": lease, "now": now}
    tx.execute(_SENT, told, execution_options={"synchronize_session": False})


_SENT = (
    update(OutboxEmail)
    .where(
        OutboxEmail.id == bindparam("row_id"),
        OutboxEmail.lease == bindparam("held_by"),
        OutboxEmail.state == MailState.SENDING,
    )
    .values(state=MailState.SENT, sent_at=bindparam("now"), error="")
)


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


def release(tx: Session, row_id: int, lease: str, not_before: datetime) -> None:
    """It was never tried in this round: as if it had not been claimed, but for the moment of the next try."""
    if (row := _held(tx, row_id, lease)) is not None:
        row.state, row.not_before, row.attempts = MailState.QUEUED, not_before, row.attempts - 1


def bring_near(tx: Session, now: datetime) -> None:
    """Letters put off further than any wait goes were so by a clock that was set wrong: they are due now."""
    beyond = now + BACK_OFF[-1] + timedelta(days=1)
    tx.execute(
        update(OutboxEmail)
        .where(OutboxEmail.state.in_(_PENDING), OutboxEmail.not_before > beyond)
        .values(not_before=now)
    )


def queue_again(tx: Session, row: OutboxEmail, now: datetime) -> bool:
    """Queue a letter that failed once more, as it was put and with its Message-ID; all its tries are before it again.

    False, and nothing is done, for one that did not fail, or that a newer letter for its calendar entry overtook.
    """
    if row.state is not MailState.FAILED or is_overtaken(tx, row):
        return False
    row.state, row.attempts, row.lease, row.error, row.not_before = MailState.QUEUED, 0, "", "", now
    tx.flush()
    return True


def let_go(tx: Session, message_ids: Sequence[int] | Select[int]) -> None:
    """Drafts are about to be deleted: test copies of them that have not left yet leave without their files."""
    mine = OutboxEmail.office_message_id.in_(message_ids)
    tx.execute(update(OutboxEmail).where(mine).values(office_message_id=None))


def is_overtaken(tx: Session, row: OutboxEmail) -> bool:
    """Whether a newer letter for its calendar entry has made it pointless."""
    if row.uid is None or row.sequence is None:
        return False
    return row.sequence < _newest_sequences(tx, {row.uid}).get((row.uid, row.to_email), 0)


def has_left(tx: Session, uid: str, email: str) -> bool:
    """Whether a REQUEST for a calendar entry has gone to an address, or may have."""
    chosen = select(OutboxEmail.id).where(
        OutboxEmail.uid == uid,
        OutboxEmail.to_email == email,
        OutboxEmail.method == "REQUEST",
        OutboxEmail.state.in_([MailState.SENT, MailState.SENDING]) | (OutboxEmail.attempts > 0),
    )
    return tx.scalar(chosen.limit(1)) is not None


def drop_entry(tx: Session, uid: str, email: str) -> None:
    """Drop what has not left yet for one address about a calendar entry; another address may still have to hear."""
    tx.execute(
        update(OutboxEmail)
        .where(OutboxEmail.uid == uid, OutboxEmail.to_email == email, OutboxEmail.state == MailState.QUEUED)
        .values(state=MailState.SUPERSEDED)
    )
