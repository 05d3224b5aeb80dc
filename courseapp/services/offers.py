"""Offered seats: taken, turned down, reminded of, run out. The worker expires; nobody's seat is blocked for ever."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import literal_column, select
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain import waitlist
from courseapp.domain.errors import AlreadyRegistered, DomainError, EventCancelled, EventStarted, MoveNotAllowed
from courseapp.domain.event import LIVE_STATUSES, EventStatus
from courseapp.domain.marking import N_
from courseapp.domain.registration import ACTIVE, Status
from courseapp.models.event import Event
from courseapp.models.registration import Registration
from courseapp.services import correspondence, seats

# Written out, not bound: SQLite uses the index of open offers only where it can see that the condition is the index's.
_IS_OFFERED = Registration.status == literal_column(f"'{Status.OFFERED}'")


class OfferRanOut(DomainError):
    """The deadline has passed, whether or not the worker has been by."""

    message = N_("Svarfristen er ute, så plassen har gått videre til den neste i køen.")


class LineClosed(DomainError):
    """There is no line to wait in any more."""

    message = N_("Det er ikke lenger noen venteliste for dette arrangementet.")


def accept(key: str) -> None:
    """Take the offered seat.

    Raises NotFound, OfferRanOut, EventCancelled, EventStarted, or MoveNotAllowed when nothing is offered.
    """
    with transaction() as tx:
        registration, event = seats.mine(tx, key)
        now = clock.now()
        _check_offered(registration, event, now)
        seats.move(tx, registration, Status.REGISTERED, now)
        registration.offer_expires_at = None
        tx.add(seats.entry(registration, event, "offer_accepted", now, actor="public"))
        correspondence.seat_given(tx, registration, event, seats.page(tx, event, now), now, accepted=True)


def decline(key: str) -> None:
    """Turn the offered seat down; it goes to the next at once. Raises as `accept` does."""
    with transaction() as tx:
        registration, event = seats.mine(tx, key)
        now = clock.now()
        _check_offered(registration, event, now)
        _end(tx, registration, event, now, verb="offer_declined", actor="public")
        correspondence.declined(tx, registration, event, seats.page(tx, event, now), now)
        seats.fill(tx, event, now)


def wait_on(key: str) -> None:
    """Join the line again, at its end, after turning an offer down or letting it run out.

    Raises NotFound, MoveNotAllowed, LineClosed, or AlreadyRegistered when the address has signed up anew meanwhile.
    """
    with transaction() as tx:
        registration, event = seats.mine(tx, key)
        now = clock.now()
        never_stood_in_line = registration.line_no is None  # a refused application
        if registration.status is not Status.DECLINED or never_stood_in_line:
            raise MoveNotAllowed
        if not event.fill_plan.works(now):
            raise LineClosed
        if _active_elsewhere(tx, registration):
            raise AlreadyRegistered
        registration.line_no = seats.next_line_no(event)
        seats.move(tx, registration, Status.WAITLISTED, now)
        tx.add(seats.entry(registration, event, "waits_on", now, actor="public"))
        correspondence.for_status(tx, registration, event, seats.page(tx, event, now), now)
        seats.fill(tx, event, now)


def expire_due() -> int:
    """End every offer whose deadline has passed, and offer the seats on; returns how many ended. Safe to repeat."""
    now = clock.now()
    with transaction() as tx:
        over = tx.scalars(
            select(Registration.event_id)
            .join(Registration.event)
            .where(
                _IS_OFFERED,
                Registration.offer_expires_at <= now,
                Event.status.in_(LIVE_STATUSES),  # whoever heard that it is called off hears no more of the offer
            )
        ).all()
    return sum(_expire(event_id) for event_id in sorted(set(over)))


def remind_due() -> int:
    """Remind once of every offer that is about to run out; returns how many. Safe to repeat."""
    now = clock.now()
    with transaction() as tx:
        unreminded = tx.execute(
            select(Registration.id, Registration.status_at, Registration.offer_expires_at)
            .join(Registration.event)
            .where(
                _IS_OFFERED,
                Registration.offer_reminded_at.is_(None),
                Event.status.in_(LIVE_STATUSES),
            )
        ).all()
    due = [row[0] for row in unreminded if row[2] and waitlist.reminder_at(row[1], row[2]) <= now < row[2]]
    return sum(_remind(registration_id) for registration_id in due)


def _expire(event_id: int) -> int:
    with transaction() as tx:
        event = seats.take_turn(tx, event_id)
        if event.status not in LIVE_STATUSES:
            return 0
        now = clock.now()
        over = tx.scalars(
            select(Registration)
            .where(
                Registration.event_id == event_id,
                Registration.status == Status.OFFERED,
                Registration.offer_expires_at <= now,
            )
            .order_by(Registration.id)
        ).all()
        for registration in over:
            _end(tx, registration, event, now, verb="offer_expired", actor="system")
            correspondence.offer_expired(tx, registration, event, seats.page(tx, event, now), now)
        seats.fill(tx, event, now)
        return len(over)


def _remind(registration_id: int) -> int:
    with transaction() as tx:
        event = seats.take_turn_of(tx, registration_id)
        registration = tx.get_one(Registration, registration_id)
        now = clock.now()
        stands = registration.status is Status.OFFERED and event.status in LIVE_STATUSES
        if not stands or registration.offer_reminded_at is not None:
            return 0
        registration.offer_reminded_at = now
        tx.add(seats.entry(registration, event, "offer_reminded", now))
        correspondence.offer_reminder(tx, registration, event, seats.page(tx, event, now), now)
        return 1


def _end(tx: Session, registration: Registration, event: Event, now: datetime, *, verb: str, actor: str) -> None:
    seats.move(tx, registration, Status.DECLINED, now)
    registration.offer_expires_at = None
    tx.add(seats.entry(registration, event, verb, now, actor=actor))


def _check_offered(registration: Registration, event: Event, now: datetime) -> None:
    if registration.status is not Status.OFFERED:
        raise MoveNotAllowed
    if event.status is EventStatus.CANCELLED:
        raise EventCancelled
    if event.starts_at is not None and now >= event.starts_at:
        raise EventStarted
    if registration.offer_expires_at is not None and registration.offer_expires_at <= now:
        raise OfferRanOut


def _active_elsewhere(tx: Session, registration: Registration) -> bool:
    return (
        tx.scalar(
            select(Registration.id).where(
                Registration.event_id == registration.event_id,
                Registration.email_key == registration.email_key,
                Registration.status.in_(ACTIVE),
                Registration.id != registration.id,
            )
        )
        is not None
    )
