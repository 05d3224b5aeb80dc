"""A participant moves: to another address, or to another course of the same kind."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ScalarSelect, or_, select
from sqlalchemy.orm import Session, aliased

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain.errors import AlreadyRegistered, DomainError, EventCancelled, EventStarted, NotFound, TooManyTries
from courseapp.domain.event import EventStatus
from courseapp.domain.marking import N_
from courseapp.domain.modes import Mode
from courseapp.domain.registration import ACTIVE, Source, Status, check_move
from courseapp.domain.rows import PersonDetails
from courseapp.links import links
from courseapp.models.event import Event
from courseapp.models.registration import DietaryNeed, Registration
from courseapp.queries.registrations import details, named, stands
from courseapp.services import correspondence, enrolment, rooms, seats, tries

MOST_LETTERS_AN_HOUR = 12


class AddressNotUsable(DomainError):
    """The address is in use at this event; the sentence says nothing about others."""

    message = N_("Denne adressen kan ikke brukes her. Bruk en annen, eller ta kontakt med kontoret.")


class NotThatCourse(DomainError):
    """The same course, one of another kind, or none that is there for the public."""

    message = N_("Du kan ikke flytte dit. Velg et av kursene i listen.")


def change_address(key: str, person: PersonDetails, *, mode: Mode | None = None) -> bool:
    """Keep what the holder of a secret link says about herself, and use `person.email` from now on.

    True when the address is another one: both addresses are told, the calendar entries move, and the old link is dead.
    `mode` as for `registrations.change_details`. Raises NotFound, EventStarted, EventCancelled, AddressNotUsable,
    TooManyTries, MoveNotAllowed when it has ended, and what `rooms.change` does.
    """
    with transaction() as tx:
        registration, event = seats.mine(tx, key)
        now = clock.now()
        if registration.status not in ACTIVE:
            check_move(registration.status, registration.status)
        _check_before_start(event, now)
        changed = ",".join(enrolment.changed(registration, person))
        enrolment.set_details(registration, person, now)
        rooms.change(tx, registration, event, mode, now)
        if person.email.lower() == registration.email_key:
            tx.add(seats.entry(registration, event, "details_changed", now, actor="public", changed=changed))
            return False
        _move_address(tx, registration, event, person.email, now, changed)
        return True


def move(key: str, slug: str, mode: Mode | None = None) -> Status:
    """Move to another course of the same kind, and say what the holder has there now.

    A seat there ends the registration here, and its seat goes on. A place in line there, or an application, leaves it
    standing until a seat there is hers (see `release_due`). `mode` is the room there. Raises NotFound for a dead link,
    NotThatCourse, AlreadyRegistered, EventStarted, MoveNotAllowed, ModeMissing, or the refusal of a course that takes
    no sign-ups now.
    """
    with transaction() as tx:
        registration, here, there = _take_turns(tx, key, slug)
        now = clock.now()
        check_move(registration.status, Status.CANCELLED)
        if here.starts_at is not None and now >= here.starts_at:
            raise EventStarted
        _check_open(here, there, now)
        if enrolment.active(tx, there, registration.email) is not None:
            raise AlreadyRegistered
        moved = _join(tx, registration, there, seats.room_of(there, mode), now)
        tx.add(seats.entry(moved, there, "moved_from", now, actor="public", other=here.id, status=moved.status))
        page = seats.page(tx, there, now)
        if moved.status is Status.REGISTERED:
            moved.moves_from_id, registration.moves_from_id = registration.moves_from_id, None
            correspondence.for_status(tx, moved, there, page, now)
            tx.add(seats.entry(registration, here, "moved_to", now, actor="public", other=there.id))
            enrolment.end(tx, registration, here, now, actor="public")
        else:
            moved.moves_from_id = registration.id
            correspondence.for_status(tx, moved, there, page, now, kept=named(here))
            tx.add(seats.entry(registration, here, "waits_elsewhere", now, actor="public", other=there.id))
        return moved.status


def release_due() -> int:
    """End what people kept until their seat elsewhere was certain; returns how many registrations ended.

    A job of its own, run by the worker right after, and not part of giving the seat: whoever gives one (the line, an
    organizer, an accepted offer, decided applications) holds that event's turn, and to take a second turn on top would
    let two courses wait for each other for ever when people move both ways. A seat that is given back may also give
    the next one hers, whose old seat goes on to a third course, and so on without end. Here each transaction takes its
    two turns in one statement, lowest id first, as `move` does, and ends one registration; nothing else ever holds two.
    SQLite writes one transaction at a time, so there it could not go wrong either way. Until the job has run both
    seats are hers, never none; what a power cut leaves undone the next round does. Safe to repeat.
    """
    ended = 0
    while due := _certain():
        ended += sum(_release(one) for one in due)
    return ended


def _certain() -> list[int]:
    """Registrations that have become seats, and still are linked to what they shall replace."""
    with transaction() as tx:
        chosen = select(Registration.id).where(
            Registration.moves_from_id.is_not(None), Registration.status == Status.REGISTERED
        )
        return sorted(tx.scalars(chosen))  # asked for an order, SQLite would walk through all registrations by number


def _release(registration_id: int) -> int:
    """End one kept registration, unless it has ended or its course has begun; either way the link is no more."""
    with transaction() as tx:
        ends = aliased(Registration)
        events = select(ends.event_id).where(or_(ends.id == registration_id, ends.id == _kept_id(registration_id)))
        turns = tx.scalars(select(Event).where(Event.id.in_(events)).order_by(Event.id).with_for_update()).all()
        new = tx.get_one(Registration, registration_id)
        if new.moves_from_id is None or new.status is not Status.REGISTERED:
            return 0  # she has left again, or another worker was here
        old, now = tx.get_one(Registration, new.moves_from_id), clock.now()
        if old.event not in turns:
            return 0  # the other worker left it another link: the next look finds that one
        new.moves_from_id = None
        if not stands(old, now):
            return 0
        new.moves_from_id, old.moves_from_id = old.moves_from_id, None  # what she left for the one she now leaves
        tx.add(seats.entry(old, old.event, "moved_to", now, other=new.event_id))
        enrolment.end(tx, old, old.event, now, actor="system", moved_to=named(new.event))
        return 1


def _kept_id(registration_id: int) -> ScalarSelect[int | None]:
    return select(Registration.moves_from_id).where(Registration.id == registration_id).scalar_subquery()


def _move_address(
    tx: Session, registration: Registration, event: Event, email: str, now: datetime, changed: str
) -> None:
    if enrolment.active(tx, event, email) is not None:
        raise AddressNotUsable
    if tries.count(tx, "address", email.lower(), seconds=3600, now=now) > MOST_LETTERS_AN_HOUR:
        raise TooManyTries
    tx.add(seats.entry(registration, event, "address_changed", now, actor="public", changed=changed))
    page = seats.page(tx, event, now)
    correspondence.address_changed(tx, registration, event, page, new_email=email, now=now)


def _check_before_start(event: Event, now: datetime) -> None:
    """Letters and invitations only for what is to come."""
    if event.status is EventStatus.CANCELLED:
        raise EventCancelled
    if event.starts_at is not None and now >= event.starts_at:
        raise EventStarted


def _take_turns(tx: Session, key: str, slug: str) -> tuple[Registration, Event, Event]:
    """The registration, its event and the other one.

    Both turns in one statement, lowest id first, so that two who change places never wait for each other.
    """
    known = links().read(key)
    if known is None:
        raise NotFound
    mine = select(Registration.event_id).where(Registration.id == known[0]).scalar_subquery()
    wanted = "" if "\x00" in slug else slug  # PostgreSQL would refuse the question
    events = tx.scalars(
        select(Event).where(or_(Event.slug == wanted, Event.id == mine)).order_by(Event.id).with_for_update()
    ).all()
    registration = tx.get(Registration, known[0])
    if registration is None or registration.link_serial != known[1]:
        raise NotFound
    here = next(one for one in events if one.id == registration.event_id)
    there = next((one for one in events if one.slug == wanted), None)
    if there is None or there is here:
        raise NotThatCourse
    return registration, here, there


def _check_open(here: Event, there: Event, now: datetime) -> None:
    refusal = there.window.refusal(now)
    if isinstance(refusal, NotFound) or there.kind is not here.kind:  # a draft is not told from nothing
        raise NotThatCourse
    if refusal is not None:
        raise refusal


def _join(tx: Session, registration: Registration, there: Event, mode: Mode | None, now: datetime) -> Registration:
    """The same person at the other course; a consent given stays the consent that was given."""
    status = seats.first_status(tx, there, registration.primary_role, mode, seats.count(tx, there))
    moved = enrolment.new(there, details(registration), status, Source.PUBLIC, now, mode=mode)
    if (kept := registration.dietary) is not None:
        moved.dietary = DietaryNeed(
            needs=kept.needs, consented_at=kept.consented_at, consent_version=kept.consent_version
        )
    tx.add(moved)
    tx.flush()
    return moved
