"""Reminders before a session: to those who have a seat, once each, and anew when the session has moved."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain import reminders
from courseapp.domain.event import LIVE_STATUSES
from courseapp.domain.registration import Status
from courseapp.models.event import Event, EventSession
from courseapp.models.registration import Registration, Reminder
from courseapp.services import correspondence, seats


def put_due() -> int:
    """Put every reminder whose moment has come and returns how many were put. Safe to repeat."""
    now = clock.now()
    with transaction() as tx:
        events = tx.scalars(
            select(Event.id)
            .where(
                Event.status.in_(LIVE_STATUSES),
                Event.ends_at > now,
                Event.sessions.any(
                    (EventSession.starts_at > now)
                    & (EventSession.starts_at <= now + timedelta(days=reminders.FIRST_DAYS))
                ),
            )
            .order_by(Event.id)
        ).all()
    return sum(_remind(event_id) for event_id in events)


def _remind(event_id: int) -> int:
    with transaction() as tx:
        event = seats.take_turn(tx, event_id)
        now = clock.now()
        going = [session for session in event.sessions if not session.cancelled]
        put = 0
        for number, session in enumerate(going, start=1):
            kind = reminders.due(session.starts_at, now=now, first=number == 1, days_after_first=_days(going, session))
            if kind is not None:
                put += _put(tx, event, session, kind, now)
        return put


def _put(tx: Session, event: Event, session: EventSession, kind: reminders.Kind, now: datetime) -> int:
    """To everybody with a seat since before the reminder's moment who has not had it."""
    since = session.starts_at - reminders.BEFORE[kind]
    had = select(Reminder.registration_id).where(
        Reminder.session_id == session.id, Reminder.kind == kind, Reminder.starts_at == session.starts_at
    )
    people = tx.scalars(
        select(Registration)
        .where(
            Registration.event_id == event.id,
            Registration.status == Status.REGISTERED,
            Registration.status_at <= since,
            Registration.id.not_in(had),
        )
        .order_by(Registration.id)
    ).all()
    page = seats.page(tx, event, now)
    for registration in people:
        tx.add(
            Reminder(
                registration_id=registration.id,
                session_id=session.id,
                kind=kind,
                starts_at=session.starts_at,
                put_at=now,
            )
        )
        tx.add(seats.entry(registration, event, "reminded", now))
        correspondence.reminder(tx, registration, event, page, now, session_id=session.id)
    return len(people)


def _days(going: list[EventSession], session: EventSession) -> int:
    """Days between the first session and this one."""
    return (session.starts_at - going[0].starts_at).days
