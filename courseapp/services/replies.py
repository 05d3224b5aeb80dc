"""What participants press in their calendars is kept, for the organizer to ask. It never changes a registration."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.calendar import reply
from courseapp.calendar.reply import Reply
from courseapp.db import insert_or_update, transaction
from courseapp.domain.access import Actor, check, may_organize
from courseapp.domain.errors import NotFound
from courseapp.mail.imap import Mailbox
from courseapp.models.journal import AuditEntry
from courseapp.models.registration import CalendarEntry, CalendarReply
from courseapp.services import seats

MOST_MAILS = 200
"""How many mails of a mailbox are read in one run; the rest wait for the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """How many mails were kept as answers, were known from before, and were left: unreadable, or not answers to us."""

    kept: int
    known: int
    left: int


def take_in(mails: Iterable[bytes]) -> Read:
    """Keep the answers among these mails, each once. Reading the same mails again adds nothing."""
    return _counted([_take_in(mail) for mail in mails])


def take_in_from(box: Mailbox, *, most: int = MOST_MAILS) -> Read:
    """Keep the answers among the unread mails of a mailbox, the oldest first and at most so many.

    Each is marked as read after its answer is committed, so that a broken connection loses none; one that is read
    again is known. Mails that are too long are marked without being fetched. Raises MailboxError.
    """
    outcomes = []
    for uid in box.unread()[:most]:
        mail = box.mail(uid, reply.MOST_BYTES)
        outcomes.append("left" if mail is None else _take_in(mail))
        box.mark(uid)
    return _counted(outcomes)


def settle(slug: str, registration_id: int, reply_id: int, *, actor: Actor) -> None:
    """Somebody has asked the person about this answer and those before it; a later one is shown again.

    Raises NotFound where the actor may not organize, or for an answer of somebody else. Doing it twice changes nothing.
    """
    with transaction() as tx:
        event = seats.take_turn_of(tx, registration_id)
        check(event.slug == slug and may_organize(actor, [event.office_id, *(one.id for one in event.partners)]))
        answer = tx.get(CalendarReply, reply_id)
        if answer is None or answer.registration_id != registration_id:
            raise NotFound
        now = clock.now()
        settled = tx.scalars(
            update(CalendarReply)
            .where(
                CalendarReply.registration_id == registration_id,
                CalendarReply.session_id == answer.session_id,
                CalendarReply.settled_at.is_(None),
                or_(
                    CalendarReply.replied_at < answer.replied_at,
                    (CalendarReply.replied_at == answer.replied_at) & (CalendarReply.id <= answer.id),
                ),
            )
            .values(settled_at=now)
            .returning(CalendarReply.id)
        ).all()
        if settled:
            tx.add(_asked(event.office_id, event.id, answer, actor, now))


def _asked(office_id: int, event_id: int, answer: CalendarReply, actor: Actor, now: datetime) -> AuditEntry:
    return AuditEntry(
        at=now,
        actor="user",
        user_id=actor.user_id,
        office_id=office_id,
        event_id=event_id,
        registration_id=answer.registration_id,
        verb="reply_settled",
        details={"session": answer.session_id},
    )


def _counted(outcomes: list[str]) -> Read:
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
