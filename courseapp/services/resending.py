"""Sending a letter again that failed, as it was and with its Message-ID."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain.access import Actor
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.marking import N_
from courseapp.mail import outbox, prose
from courseapp.models.event import Event
from courseapp.models.journal import MailState, OutboxEmail
from courseapp.models.message import Message
from courseapp.models.registration import Registration
from courseapp.services.changes import note, turn_for

TO_OLD_ADDRESS = frozenset({"address_changed", "invitation_cancelled"})
"""Letters that are meant for an address she no longer uses."""


class NotFailed(DomainError):
    """It is on its way, or has arrived."""

    message = N_("E-posten har ikke feilet, så den sendes ikke på nytt.")


class Overtaken(DomainError):
    """Sent now, it would take the calendar back to what was."""

    message = N_("En nyere e-post har erstattet denne, så den sendes ikke på nytt.")


class AddressGone(DomainError):
    """The letter holds what is for the present address only."""

    message = N_("E-postadressen er endret siden, så denne sendes ikke på nytt.")


class NothingFailed(DomainError):
    """Nothing to send again."""

    message = N_("Ingen av e-postene kan sendes på nytt.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resent:
    """Whose letter it was, for the page to go back to."""

    registration_id: int | None
    message_id: int | None


def resend(slug: str, letter_id: int, *, actor: Actor) -> Resent:
    """Queue one failed letter of an event again.

    Raises NotFound, NotFailed, Overtaken for a letter that a newer one made pointless, or AddressGone.
    """
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        row = tx.scalar(select(OutboxEmail).where(OutboxEmail.id == letter_id).with_for_update())
        if row is None or row.event_id != event.id:
            raise NotFound
        _queue(tx, row, event, actor, clock.now())
        return Resent(registration_id=row.registration_id, message_id=row.office_message_id)


def _check_message(tx: Session, event: Event, message_id: int) -> None:
    message = tx.get(Message, message_id)
    if message is None or message.event_id != event.id:
        raise NotFound


def resend_failed(slug: str, message_id: int, *, actor: Actor) -> int:
    """Queue every failed letter of a message again and return how many.

    Those whose address has changed since are left out. Raises NotFound or NothingFailed.
    """
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        _check_message(tx, event, message_id)
        rows = tx.scalars(
            select(OutboxEmail)
            .where(
                OutboxEmail.office_message_id == message_id,
                OutboxEmail.event_id == event.id,
                OutboxEmail.occasion != prose.TEST,
                OutboxEmail.state == MailState.FAILED,
            )
            .order_by(OutboxEmail.id)
            .with_for_update()
        ).all()
        now, done = clock.now(), 0
        for row in rows:
            try:
                _queue(tx, row, event, actor, now)
            except AddressGone:
                continue
            done += 1
        if not done:
            raise NothingFailed
        return done


def _queue(tx: Session, row: OutboxEmail, event: Event, actor: Actor, now: datetime) -> None:
    if row.state is MailState.SUPERSEDED or outbox.is_overtaken(tx, row):
        raise Overtaken
    holder = tx.get(Registration, row.registration_id) if row.registration_id is not None else None
    if holder is not None and holder.email != row.to_email and row.occasion not in TO_OLD_ADDRESS:
        raise AddressGone
    if not outbox.queue_again(tx, row, now):
        raise NotFailed
    entry = note(event, "letter_resent", actor, now, letter=row.id)
    entry.registration_id = row.registration_id
    tx.add(entry)
