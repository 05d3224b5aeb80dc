"""Clears away what has expired. Run by the worker, again and again without harm."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, delete, select

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain.attendance import KITCHEN_AFTER
from courseapp.models.event import Event
from courseapp.models.registration import DietaryNeed, Registration, SignUpReceipt
from courseapp.models.upload import PeopleUpload
from courseapp.services import attendance, tries


def tidy() -> None:
    """Forget receipts, uploaded lists and counts that have run out, and what people eat 14 days after an event."""
    with transaction() as tx:
        now = clock.now()
        tx.execute(delete(SignUpReceipt).where(SignUpReceipt.expires_at <= now))
        tx.execute(delete(PeopleUpload).where(PeopleUpload.expires_at <= now))
        tx.execute(delete(DietaryNeed).where(DietaryNeed.registration_id.in_(_eaten(now))))
        tries.tidy(tx, now)
        attendance.tidy(tx, now)


def _eaten(now: datetime) -> Select[int]:
    """Registrations at events whose last meal is long over."""
    over = Event.ends_at < now - KITCHEN_AFTER
    return select(Registration.id).join(Event, Event.id == Registration.event_id).where(over)
