"""Who was there at the demo's events that are over: nearly everybody."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp.domain.attendance import AttendanceState
from courseapp.domain.event import EventStatus
from courseapp.domain.registration import Status
from courseapp.models.account import User
from courseapp.models.attendance import Attendance
from courseapp.models.event import Event, EventSession
from courseapp.models.registration import Registration

LEFT_EARLY = 11
STAYED_AWAY = 17


def mark_held(tx: Session) -> None:
    """Mark everybody at every session of events that are held; a few left early or stayed away from the last one."""
    marker = tx.scalars(select(User.id).order_by(User.id).limit(1)).one()
    for event in tx.scalars(select(Event).where(Event.status == EventStatus.HELD)):
        people = tx.scalars(
            select(Registration.id)
            .where(Registration.event_id == event.id, Registration.status == Status.REGISTERED)
            .order_by(Registration.id)
        )
        numbered = list(enumerate(people, start=1))
        for session in event.sessions:
            last = session is event.sessions[-1]
            tx.add_all(_mark(number if last else 0, one, session, marker) for number, one in numbered)


def _mark(number: int, registration_id: int, session: EventSession, marker: int) -> Attendance:
    state, minutes = AttendanceState.PRESENT, None
    if number and number % STAYED_AWAY == 0:
        state = AttendanceState.ABSENT
    elif number and number % LEFT_EARLY == 0 and session.minutes:
        state, minutes = AttendanceState.PARTLY, session.minutes - 120
    return Attendance(
        registration_id=registration_id,
        session_id=session.id,
        state=state,
        minutes=minutes,
        marked_at=session.starts_at,
        user_id=marker,
    )
