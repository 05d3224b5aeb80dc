"""Notes of reading: lists of persons and exports are written down (who, which event, when)."""

from __future__ import annotations

from sqlalchemy import select

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain.access import Actor
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry


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
