"""What participants press in their calendars is kept, for the organizer to ask. It never changes a registration."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.calendar import reply
from courseapp.calendar.reply import Reply
from courseapp.db import insert_or_update, transaction
from courseapp.models.registration import CalendarEntry, CalendarReply


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """How many mails were kept as answers, were known from before, and were left: unreadable, or not answers to us."""

    kept: int
    known: int
    left: int


def take_in(mails: Iterable[bytes]) -> Read:
    """Keep the answers among these mails, each once. Reading the same mails again adds nothing."""
    outcomes = [_take_in(mail) for mail in mails]
    return Read(kept=outcomes.count("kept"), known=outcomes.count("known"), left=outcomes.count("left"))


def _take_in(mail: bytes) -> str:
    found = reply.of_message(mail)
    if found is None:
        return "left"
    with transaction() as tx:
        return _keep(tx, found, clock.now())


def _keep(tx: Session, found: Reply, now: datetime) -> str:
    """Only the address the entry was sent to answers for it; a forwarded invitation's reader does not."""
    entry = tx.scalar(select(CalendarEntry).where(CalendarEntry.uid == found.uid))
    if entry is None or entry.attendee.lower() != found.attendee.lower():
        return "left"
    row = insert_or_update(tx, CalendarReply).values(
        registration_id=entry.registration_id,
        session_id=entry.session_id,
        partstat=found.partstat,
        replied_at=min(found.stamp or now, now),
        message_id=found.message_id,
    )
    added = tx.scalars(row.on_conflict_do_nothing(index_elements=["message_id"]).returning(CalendarReply.id))
    return "known" if added.first() is None else "kept"
