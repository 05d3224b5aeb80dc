"""Notes of reading: single persons, lists of persons and exports are written down (who, which event, when)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain.access import Actor
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry
from courseapp.models.registration import Registration


def note_read(actor: Actor, event_id: int, verb: str, *, registration_id: int | None = None, **details: str) -> None:
    """Write down that the actor read or exported personal data of an event; details are codes."""
    with transaction() as tx:
        tx.add(
            AuditEntry(
                at=clock.now(),
                actor="user",
                user_id=actor.user_id,
                office_id=tx.scalar(select(Event.office_id).where(Event.id == event_id)),
                event_id=event_id,
                registration_id=registration_id,
                verb=verb,
                details=details,
            )
        )


def note_looked_up(actor: Actor, registration_ids: Sequence[int], verb: str) -> None:
    """Write down on each registration of an address that the actor read, or took along, all that is kept about it."""
    with transaction() as tx:
        rows = tx.execute(
            select(Registration.id, Registration.event_id, Event.office_id)
            .join(Event, Event.id == Registration.event_id)
            .where(Registration.id.in_(registration_ids))
        )
        tx.add_all(
            AuditEntry(
                at=clock.now(),
                actor="user",
                user_id=actor.user_id,
                office_id=row.office_id,
                event_id=row.event_id,
                registration_id=row.id,
                verb=verb,
            )
            for row in rows.all()
        )
