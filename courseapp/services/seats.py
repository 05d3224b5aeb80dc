"""The turn, the count and the one function that fills free seats. For services only: everything here takes `tx`.

Each room of a hybrid event is counted apart and has a line of its own; `mode` None is the only room of all others.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from courseapp.domain import modes, waitlist
from courseapp.domain.errors import NotFound
from courseapp.domain.modes import Mode
from courseapp.domain.registration import MOST_CORRECTIONS, TAKES_SEAT, Role, Status, check_move
from courseapp.domain.registration import first_status as plain_first_status
from courseapp.domain.rows import EventPage, Seats
from courseapp.links import links
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry
from courseapp.models.registration import Registration, SignUpReceipt
from courseapp.queries import events, registrations
from courseapp.services import correspondence

_TURN = select(Event).where(Event.id == bindparam("event_id")).with_for_update()


def take_turn(tx: Session, event_id: int) -> Event:
    """Lock the event's row until the transaction ends. The first statement, so that what is counted stays true."""
    event = tx.scalar(_TURN, {"event_id": event_id})
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


def mine(tx: Session, key: str) -> tuple[Registration, Event]:
    """The registration a secret link opens, with its event's turn taken; NotFound for forged, cut or revoked links."""
    known = links().read(key)
    if known is None:
        raise NotFound
    event = take_turn_of(tx, known[0])
    registration = tx.get(Registration, known[0])
    if registration is None or registration.link_serial != known[1]:
        raise NotFound
    # Whoever holds the link owns the address: the browser that signed up may no longer correct it.
    # Receipts of strangers who typed the same address end alike, so that nobody can tell the two apart.
    tx.execute(
        update(SignUpReceipt)
        .where(SignUpReceipt.event_id == event.id, func.lower(SignUpReceipt.email) == registration.email_key)
        .values(corrections=MOST_CORRECTIONS)
    )
    return registration, event


def count(tx: Session, event: Event) -> Seats:
    """Seats of an event whose turn is taken, of each room where there are two."""
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
    """Give, or offer, every free seat to the next in line; called after everything that may free one.

    Returns who got one. Nothing is filled by itself in a cancelled event, before applications are decided, or from
    `fill_stops_days` before the start on. Who is passed over for the shares of roles has the reason in her history.
    """
    if not event.fill_plan.works(now):
        return []
    return [lucky for mode in event.rooms for lucky in _fill_room(tx, event, mode, now)]


def _fill_room(tx: Session, event: Event, mode: Mode | None, now: datetime) -> list[Registration]:
    line, capacity = waiting_line(tx, event, mode), event.capacity_of(mode)
    free = len(line) if capacity is None else capacity - count(tx, event).of(mode).taken
    choice = waitlist.choose(
        [waitlist.Waiting(id=one.id, role=one.primary_role) for one in line],
        free=free,
        shares=shares_of(event, mode),
        taken_by_role=taken_by_role(tx, event, mode),
    )
    people = {one.id: one for one in line}
    for passed in choice.passed:
        reason = f"{passed.reason}:{passed.role}"
        tx.add(entry(people[passed.id], event, "passed_over", now, reason=reason))
    lucky = [people[one] for one in choice.lucky]
    for registration in lucky:
        give(tx, registration, event, now)
    return lucky


def give(tx: Session, registration: Registration, event: Event, now: datetime) -> None:
    """Give a seat for good, or offer it where the event does so, and tell its holder. The caller saw it free."""
    deadline = event.fill_plan.offer_deadline(now)
    if deadline is None:
        move(tx, registration, Status.REGISTERED, now)
        registration.offer_expires_at = None
        tx.add(entry(registration, event, "seat_given", now))
        correspondence.seat_given(tx, registration, event, page(tx, event, now), now)
        return
    check_move(registration.status, Status.OFFERED)
    registration.offer_expires_at, registration.offer_reminded_at = deadline, None
    move(tx, registration, Status.OFFERED, now)
    tx.add(entry(registration, event, "seat_offered", now, until=deadline.isoformat()))
    correspondence.offered(tx, registration, event, page(tx, event, now), now)


def waiting_line(tx: Session, event: Event, mode: Mode | None) -> list[Registration]:
    """Those who wait for a room, in order."""
    return list(
        tx.scalars(
            select(Registration)
            .where(
                Registration.event_id == event.id,
                Registration.status == Status.WAITLISTED,
                *registrations.in_room(mode),
            )
            .order_by(Registration.line_no)
        )
    )


def shares_of(event: Event, mode: Mode | None) -> list[waitlist.Share]:
    """The bounds for roles in a room. They bound who comes; whoever calls in takes nobody's chair."""
    if mode is Mode.DIGITAL:
        return []
    return [
        waitlist.Share(role=Role(one["role"]), least=one.get("least"), most=one.get("most"))
        for one in event.role_shares
    ]


def taken_by_role(tx: Session, event: Event, mode: Mode | None) -> dict[Role, int]:
    """Taken seats of a room, offered ones included, by primary role."""
    counted = tx.execute(
        select(Registration.primary_role, func.count())
        .where(Registration.event_id == event.id, Registration.status.in_(TAKES_SEAT), *registrations.in_room(mode))
        .group_by(Registration.primary_role)
    )
    return {row[0]: row[1] for row in counted}


def room_of(event: Event, mode: Mode | None) -> Mode | None:
    """The room a newcomer is for. Raises ModeMissing where a hybrid event was not told which."""
    return modes.chosen(mode, hybrid=event.hybrid)


def first_status(tx: Session, event: Event, role: Role, mode: Mode | None, counts: Seats) -> Status:
    """What a newcomer of that role gets now, in that room. Once applications are decided, nobody applies any more."""
    if event.takes_applications:
        return Status.APPLIED
    return Status.REGISTERED if has_room(tx, event, role, mode, counts) else Status.WAITLISTED


def has_room(tx: Session, event: Event, role: Role, mode: Mode | None, counts: Seats) -> bool:
    """Whether a newcomer of that role may have a seat in that room at once. While anyone waits for it, it is full."""
    shares, capacity, there = shares_of(event, mode), event.capacity_of(mode), counts.of(mode)
    if not shares:
        status = plain_first_status(capacity=capacity, taken=there.taken, waiting=there.waiting)
        return status is Status.REGISTERED
    return not waitlist.must_wait(
        role,
        free=None if capacity is None else capacity - there.taken,
        line=[waitlist.Waiting(id=one.id, role=one.primary_role) for one in waiting_line(tx, event, mode)],
        shares=shares,
        taken_by_role=taken_by_role(tx, event, mode),
    )


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
