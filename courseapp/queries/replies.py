"""Who pressed «Avslå» in the calendar and still has the seat: somebody to ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from courseapp.db import db
from courseapp.domain.access import Actor, check, may_see_persons
from courseapp.domain.errors import NotFound
from courseapp.domain.registration import Status
from courseapp.models.event import Event, EventSession
from courseapp.models.registration import CalendarReply, Registration


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclinedRow:
    """The last answer of somebody for one session was no. `starts_at` is the session's; both moments are aware UTC."""

    id: int
    registration_id: int
    name: str
    session_id: int
    starts_at: datetime
    replied_at: datetime


def declined(actor: Actor, event_id: int, *, registration_id: int | None = None) -> tuple[DeclinedRow, ...]:
    """Those with a seat whose last unsettled answer for a session is no, oldest first; or one person's.

    Sessions that no longer take place are left out. Raises NotFound for events the actor may not see persons of.
    """
    event = db.session.get(Event, event_id, options=[selectinload(Event.partners)])
    if event is None:
        raise NotFound
    check(may_see_persons(actor, [event.office_id, *(office.id for office in event.partners)]))
    chosen = (
        select(CalendarReply, Registration, EventSession.starts_at)
        .join(Registration, Registration.id == CalendarReply.registration_id)
        .join(EventSession, EventSession.id == CalendarReply.session_id)
        .where(Registration.event_id == event_id, Registration.status == Status.REGISTERED, ~EventSession.cancelled)
        .order_by(CalendarReply.replied_at, CalendarReply.id)
    )
    if registration_id is not None:
        chosen = chosen.where(Registration.id == registration_id)
    rows = db.session.execute(chosen)
    last = {(answer.registration_id, answer.session_id): (answer, who, when) for answer, who, when in rows}
    found = [_row(*one) for one in last.values() if one[0].partstat == "DECLINED" and one[0].settled_at is None]
    return tuple(sorted(found, key=lambda one: (one.replied_at, one.id)))


def _row(answer: CalendarReply, who: Registration, starts_at: datetime) -> DeclinedRow:
    return DeclinedRow(
        id=answer.id,
        registration_id=answer.registration_id,
        name=who.full_name,
        session_id=answer.session_id,
        starts_at=starts_at,
        replied_at=answer.replied_at,
    )


def events_with_declined(event_ids: Iterable[int]) -> frozenset[int]:
    """Which of these events have a «no» that nobody has asked about; `declined` says whether it still stands."""
    found = db.session.scalars(
        select(Registration.event_id)
        .join(CalendarReply, CalendarReply.registration_id == Registration.id)
        .where(
            Registration.event_id.in_(list(event_ids)),
            Registration.status == Status.REGISTERED,
            CalendarReply.partstat == "DECLINED",
            CalendarReply.settled_at.is_(None),
        )
        .distinct()
    )
    return frozenset(found)
