"""The turn, the count and the one function that fills free seats. For services only: everything here takes `tx`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp.domain.errors import NotFound
from courseapp.domain.event import LIVE_STATUSES, FillMode, SeatRule
from courseapp.domain.registration import Status, check_move, seats_to_fill
from courseapp.domain.rows import EventPage, Seats
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry
from courseapp.models.registration import Registration
from courseapp.queries import events
from courseapp.services import correspondence


def take_turn(tx: Session, event_id: int) -> Event:
    """Lock the event's row until the transaction ends. The first statement, so that what is counted stays true."""
    event = tx.scalar(select(Event).where(Event.id == event_id).with_for_update())
    if event is None:
        raise NotFound
    return event


def take_turn_of(tx: Session, registration_id: int) -> Event:
    """The same, for the event of a registration, still in one statement."""
    event = tx.scalar(
        select(Event)
        .join(Registration, Registration.event_id == Event.id)
        .where(Registration.id == registration_id)
        .with_for_update(of=Event)
    )
    if event is None:
        raise NotFound
    return event


def count(tx: Session, event: Event) -> Seats:
    """Seats of an event whose turn is taken."""
    return events.seats_of(tx, [event])[event.id]


def page(tx: Session, event: Event, now: datetime) -> EventPage:
    """The event as letters tell about it."""
    return events.as_page(event, count(tx, event), now)


def next_line_no(event: Event) -> int:
    """The next number in line; numbers are never used twice, so the line keeps its order."""
    event.last_line_no += 1
    return event.last_line_no


def move(tx: Session, registration: Registration, wanted: Status, now: datetime) -> None:
    """Move a registration to another status by the table of moves, or raise MoveNotAllowed."""
    check_move(registration.status, wanted)
    registration.status = wanted
    registration.status_at = registration.updated_at = now
    tx.flush()


def fill(tx: Session, event: Event, now: datetime) -> list[Registration]:
    """Give every free seat to the next in line; called after everything that may free one. Returns who got a seat.

    Nothing is filled by itself in a cancelled event, after the start, for applications, or where seats are offered.
    """
    alive = event.status in LIVE_STATUSES and event.starts_at is not None and now < event.starts_at
    if not alive or event.seat_rule is SeatRule.APPLICATION or event.fill_mode is not FillMode.CONFIRM:
        return []
    seats = count(tx, event)
    free = seats_to_fill(capacity=event.capacity, taken=seats.taken, waiting=seats.waiting)
    lucky = list(
        tx.scalars(
            select(Registration)
            .where(Registration.event_id == event.id, Registration.status == Status.WAITLISTED)
            .order_by(Registration.line_no)
            .limit(free)
        )
    )
    for registration in lucky:
        move(tx, registration, Status.REGISTERED, now)
        tx.add(entry(registration, event, "seat_given", now))
    for registration in lucky:
        correspondence.seat_given(tx, registration, event, page(tx, event, now), now)
    return lucky


def entry(
    registration: Registration, event: Event, verb: str, now: datetime, *, actor: str = "system", **details: str | int
) -> AuditEntry:
    """One line of a registration's history."""
    return AuditEntry(
        at=now,
        actor=actor,
        office_id=event.office_id,
        event_id=event.id,
        registration_id=registration.id,
        verb=verb,
        details=details,
    )
