"""The two rooms of a hybrid event: who changes from one to the other, and when an event has two at all.

All but `change_by_hand` is for services that hold the event's turn.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain.access import Actor
from courseapp.domain.errors import EventCancelled, EventStarted, MoveNotAllowed, NotFound
from courseapp.domain.event import EventStatus
from courseapp.domain.marking import N_
from courseapp.domain.modes import (
    NEVER_HYBRID,
    AnswerFirst,
    DigitalPlacesAlone,
    Mode,
    ModeFull,
    NeverHybrid,
    NotHybrid,
    SomebodyDigital,
)
from courseapp.domain.registration import ACTIVE, TAKES_SEAT, Status
from courseapp.models.event import Event
from courseapp.models.registration import Registration
from courseapp.queries.people_import import has_ended
from courseapp.services import correspondence, invitations, seats
from courseapp.services.changes import EventOver, demanded, note, turn_for


def change(tx: Session, registration: Registration, event: Event, mode: Mode | None, now: datetime) -> None:
    """Take part in the other room from now on, where it has a free seat; what she leaves goes to the next in its line.

    Who waits has that seat at once, who has applied is ranked there; None and her own room change nothing. Raises
    NotHybrid, EventCancelled, EventStarted, AnswerFirst, or ModeFull, also while anybody waits for that room.
    """
    if mode is None or mode is registration.mode:
        return
    _check_may_change(registration, event, now)
    counts, had = seats.count(tx, event), registration.status
    if had is not Status.APPLIED and not seats.has_room(tx, event, registration.primary_role, mode, counts):
        raise ModeFull
    registration.mode, registration.updated_at = mode, now
    tx.flush()
    tx.add(seats.entry(registration, event, "mode_changed", now, actor="public", mode=mode))
    if had is Status.WAITLISTED:
        seats.move(tx, registration, Status.REGISTERED, now)
        tx.add(seats.entry(registration, event, "seat_given", now, actor="public"))
        correspondence.for_status(tx, registration, event, seats.page(tx, event, now), now)
    if had is Status.REGISTERED:
        invitations.update(tx, registration, event, seats.page(tx, event, now), now)
        seats.fill(tx, event, now)


def change_by_hand(slug: str, registration_id: int, mode: Mode, reason: str, actor: Actor) -> None:
    """Put somebody into the other room, past its line and beyond its capacity where need be.

    Who has a seat keeps one, and her calendar is brought in agreement until the event has ended; who waits stands last
    in the other line. Raises NotFound, ReasonMissing, NotHybrid, EventOver, AnswerFirst, or MoveNotAllowed.
    """
    reason = demanded(reason)
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        registration = tx.get(Registration, registration_id)
        if registration is None or registration.event_id != event.id:
            raise NotFound
        now = clock.now()
        _check_by_hand(registration, event)
        if registration.mode is mode:
            return
        registration.mode, registration.updated_at = mode, now
        if registration.status is Status.WAITLISTED:
            registration.line_no = seats.next_line_no(event)
        tx.flush()
        taken = taken_of(tx, event, mode) if registration.status in TAKES_SEAT else {}
        made = note(event, "mode_changed_by_hand", actor, now, reason=reason, mode=mode, **taken)
        made.registration_id = registration.id
        tx.add(made)
        if registration.status is Status.REGISTERED and not has_ended(event, now):
            invitations.update(tx, registration, event, seats.page(tx, event, now), now)
        seats.fill(tx, event, now)
        if registration.status is Status.WAITLISTED:
            correspondence.for_status(tx, registration, event, seats.page(tx, event, now), now)


def set_hybrid(tx: Session, event: Event, *, hybrid: bool, digital_capacity: int | None) -> None:
    """Give an event two rooms, or one again.

    Whoever is in already is in the room, or calls in where there is no room to come to. Raises NeverHybrid,
    DigitalPlacesAlone, or SomebodyDigital while anybody would lose the digital seat she has or waits for.
    """
    if hybrid and event.kind in NEVER_HYBRID:
        raise NeverHybrid
    if digital_capacity is not None and not hybrid:
        raise DigitalPlacesAlone
    people = update(Registration).where(Registration.event_id == event.id)
    if hybrid and not event.hybrid:
        there = any(one.place for one in event.sessions if not one.cancelled)
        tx.execute(people.values(mode=Mode.PHYSICAL if there else Mode.DIGITAL))
    if event.hybrid and not hybrid:
        if _anybody(tx, event, Mode.DIGITAL):
            raise SomebodyDigital
        tx.execute(people.values(mode=None))
    event.hybrid, event.digital_capacity = hybrid, digital_capacity


def taken_of(tx: Session, event: Event, mode: Mode | None) -> dict[str, int | None]:
    """How many seats of a room are taken of how many, so that overbooking can be read in the history."""
    return {"taken": seats.count(tx, event).of(mode).taken, "capacity": event.capacity_of(mode)}


def _check_may_change(registration: Registration, event: Event, now: datetime) -> None:
    if not event.hybrid:
        raise NotHybrid
    if event.status is EventStatus.CANCELLED:
        raise EventCancelled
    if event.starts_at is not None and now >= event.starts_at:
        raise EventStarted
    if registration.status is Status.OFFERED:
        raise AnswerFirst


def _check_by_hand(registration: Registration, event: Event) -> None:
    if not event.hybrid:
        raise NotHybrid
    if event.status is EventStatus.CANCELLED:
        raise EventOver
    if registration.status not in ACTIVE:
        raise MoveNotAllowed(N_("Påmeldingen er avsluttet, så den kan ikke endres."))
    if registration.status is Status.OFFERED:
        raise AnswerFirst(N_("Personen har et tilbud om plass. Vent på svaret, eller gi plassen først."))


def _anybody(tx: Session, event: Event, mode: Mode) -> bool:
    chosen = select(Registration.id).where(
        Registration.event_id == event.id, Registration.mode == mode, Registration.status.in_(ACTIVE)
    )
    return tx.scalar(chosen.limit(1)) is not None
