"""Who pressed «Avslå» in the calendar and still has the seat: somebody to ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from courseapp.db import db
from courseapp.domain.access import Actor, check, may_see_persons
from courseapp.domain.errors import NotFound
from courseapp.domain.registration import Status
from courseapp.models.event import Event
from courseapp.models.registration import CalendarReply, Registration


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclinedRow:
    """The last answer for one session was no. `replied_at` is aware UTC."""

    registration_id: int
    session_id: int
    replied_at: datetime


def declined(actor: Actor, event_id: int) -> tuple[DeclinedRow, ...]:
    """Those with a seat whose last unsettled answer for a session is no, oldest first.

    Raises NotFound for events the actor may not see persons of.
    """
    event = db.session.get(Event, event_id, options=[selectinload(Event.partners)])
    if event is None:
        raise NotFound
    check(may_see_persons(actor, [event.office_id, *(office.id for office in event.partners)]))
    answers = db.session.scalars(
        select(CalendarReply)
        .join(Registration, Registration.id == CalendarReply.registration_id)
        .where(Registration.event_id == event_id, Registration.status == Status.REGISTERED)
        .order_by(CalendarReply.replied_at, CalendarReply.id)
    )
    last = {(one.registration_id, one.session_id): one for one in answers}
    saying_no = [one for one in last.values() if one.partstat == "DECLINED" and one.settled_at is None]
    return tuple(
        DeclinedRow(registration_id=one.registration_id, session_id=one.session_id, replied_at=one.replied_at)
        for one in sorted(saying_no, key=lambda one: (one.replied_at, one.id))
    )
