"""Somebody who is there without standing on the list: she gets a seat without any letter, and is marked present."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain.access import Actor
from courseapp.domain.attendance import AttendanceState, Mark
from courseapp.domain.errors import NotFound
from courseapp.domain.modes import Mode
from courseapp.domain.registration import ACTIVE, Source, Status
from courseapp.domain.rows import PersonDetails
from courseapp.models.event import Event
from courseapp.models.registration import Registration
from courseapp.queries.registrations import details
from courseapp.services import enrolment, seats
from courseapp.services.attendance import Who, check_open, session_of, write
from courseapp.services.changes import turn_for
from courseapp.services.rooms import taken_of
from courseapp.services.roster import check_takes_people


def add(slug: str, session_id: int, person: PersonDetails, *, actor: Actor, mode: Mode | None = None) -> int:
    """A newcomer, or whoever has that address here already, has a seat and is present; returns her registration's id.

    `mode` is the room of a hybrid event where she is; a newcomer who is said to be in none came through the door. Who
    is known here keeps her room, unless it is said. More people than seats are let in, and written down. Raises
    NotFound, NoSignUps, EventOver for one that is called off, NotPublishedYet, TooEarly or TooLate.
    """
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        return _let_in(tx, event, session_id, enrolment.active(tx, event, person.email), person, mode, actor)


def take_in(slug: str, session_id: int, registration_id: int, *, actor: Actor) -> int:
    """Somebody who waits, has applied or has left has a seat after all and is present; returns her registration's id.

    Whoever has left gets a new registration, unless her address has another already. Raises as `add`.
    """
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        known = tx.get(Registration, registration_id)
        if known is None or known.event_id != event.id:
            raise NotFound
        now_here = known if known.status in ACTIVE else enrolment.active(tx, event, known.email)
        return _let_in(tx, event, session_id, now_here, details(known), known.mode, actor)


def _let_in(
    tx: Session,
    event: Event,
    session_id: int,
    known: Registration | None,
    person: PersonDetails,
    mode: Mode | None,
    actor: Actor,
) -> int:
    check_takes_people(event)
    held, now = session_of(event, session_id), clock.now()
    check_open(event, held, now)
    if known is None:
        room = seats.room_of(event, mode or Mode.PHYSICAL)
        known = enrolment.new(event, person, Status.REGISTERED, Source.ORGANIZER, now, mode=room)
        tx.add(known)
        tx.flush()
        _note(tx, known, event, actor, now)
    elif known.status is not Status.REGISTERED:
        seats.move(tx, known, Status.REGISTERED, now)
        known.offer_expires_at = None
        known.mode = mode if event.hybrid and mode is not None else known.mode
        _note(tx, known, event, actor, now)
    write(tx, known, event, held, Mark(state=AttendanceState.PRESENT), Who(user_id=actor.user_id), now)
    return known.id


def _note(tx: Session, person: Registration, event: Event, actor: Actor, now: datetime) -> None:
    """How many seats are taken of how many, so that overbooking can be read in the history."""
    tx.flush()
    taken = {name: number for name, number in taken_of(tx, event, person.mode).items() if number is not None}
    entry = seats.entry(person, event, "dropped_in", now, actor="user", **taken)
    entry.user_id = actor.user_id
    tx.add(entry)
