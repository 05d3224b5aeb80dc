"""How many came, where nobody is counted one by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from courseapp.db import db
from courseapp.domain import attendance
from courseapp.domain.event import EventStatus
from courseapp.models.account import User
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry

HEADS = "heads_counted"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadCount:
    """How many came, as somebody counted; `number` None where nobody has. Who and when, where it was done here.

    `digital` of them called in to a hybrid event; None where that was not said. `open`: it may be written now.
    """

    number: int | None
    digital: int | None
    approximate: bool
    open: bool
    by: str = ""
    at: datetime | None = None

    @property
    def physical(self) -> int | None:
        """Those who came, where it is known how many did not."""
        return None if self.number is None or self.digital is None else self.number - self.digital


def has_hours(event: Event) -> bool:
    """Whether its sessions give course hours."""
    return any(one.minutes for one in event.sessions if not one.cancelled)


def heads(event: Event, now: datetime) -> HeadCount:
    """How many came, and who counted last."""
    found = db.session.execute(
        select(User.name, AuditEntry.at)
        .outerjoin(User, User.id == AuditEntry.user_id)
        .where(AuditEntry.event_id == event.id, AuditEntry.verb == HEADS)
        .order_by(AuditEntry.id.desc())
        .limit(1)
    ).first()
    by, at = (found[0] or "", found[1]) if found else ("", None)
    begun = event.starts_at is not None and now >= event.starts_at - attendance.MARK_BEFORE
    return HeadCount(
        number=event.reported_number,
        digital=event.reported_digital if event.hybrid else None,
        approximate=event.reported_approximate,
        open=begun and event.status is not EventStatus.CANCELLED,
        by=by,
        at=at,
    )
