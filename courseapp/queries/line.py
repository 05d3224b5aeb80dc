"""How an event's seats are given, who waits for one, and one person's place, for those who may organize it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from courseapp.db import db
from courseapp.domain.access import Actor
from courseapp.domain.errors import NotFound
from courseapp.domain.event import LIVE_STATUSES, EventStatus, FillMode
from courseapp.domain.modes import BOTH, NEVER_HYBRID, Mode
from courseapp.domain.registration import ACTIVE, ALLOWED, TAKES_SEAT, Role, Status
from courseapp.domain.rows import EventPage, Seats
from courseapp.models.event import Event
from courseapp.models.registration import Registration
from courseapp.queries import events
from courseapp.queries.changes import organized
from courseapp.queries.registrations import in_room, place_in_line

MOST_WAITING = 200
MAY_CHANGE_ROOM = frozenset({Status.APPLIED, Status.REGISTERED, Status.WAITLISTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRow:
    """One who waits; `place` counts from 1, in the line of her room."""

    id: int
    place: int
    name: str
    role: Role
    workplace: str
    signed_up_at: datetime
    mode: Mode | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleSeats:
    """One role: how many have a seat now, and its bounds."""

    role: Role
    taken: int
    least: int | None
    most: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatsPage:
    """The rules and the line, at most MOST_WAITING of it. `stops_at`: when filling by itself stops, if it has begun.

    `may_be_hybrid`: its kind may have two rooms. `roles` are those in the room, which their bounds are about.
    """

    event: EventPage
    fill_mode: FillMode
    offer_hours: int
    fill_stops_days: int
    stops_at: datetime | None
    fills: bool
    may_be_hybrid: bool
    roles: tuple[RoleSeats, ...]
    waiting: tuple[WaitingRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacePage:
    """One person's place, and what may be done with it by hand. `place` of `waiting` where she waits.

    `seats` are those of her room, `other` is the one she is not in, where there are two.
    """

    id: int
    name: str
    role: Role
    status: Status
    event: EventPage
    place: int | None
    seats: Seats
    mode: Mode | None
    acts: tuple[str, ...]

    @property
    def waiting(self) -> int:
        """How many wait for her room."""
        return self.seats.waiting

    @property
    def other(self) -> Mode | None:
        """The room she is not in."""
        return None if self.mode is None else next(one for one in BOTH if one is not self.mode)

    @property
    def overbooks(self) -> bool:
        """Whether one more seat is more than there are."""
        return self.status not in TAKES_SEAT and _is_full(self.seats)

    @property
    def overbooks_other(self) -> bool:
        """Whether her seat would be one more than there are in the other room."""
        return self.status in TAKES_SEAT and _is_full(self.event.seats.of(self.other))


def _is_full(seats: Seats) -> bool:
    return seats.capacity is not None and seats.taken >= seats.capacity


def seats(actor: Actor, slug: str, now: datetime) -> SeatsPage:
    """The rules of an event's seats, and its line. Raises NotFound for whoever may not organize it."""
    event = organized(actor, slug)
    plan = event.fill_plan
    return SeatsPage(
        event=_page(event, now),
        fill_mode=event.fill_mode,
        offer_hours=event.offer_hours,
        fill_stops_days=event.fill_stops_days,
        stops_at=plan.stops_at,
        fills=plan.works(now),
        may_be_hybrid=event.kind not in NEVER_HYBRID,
        roles=_roles(event),
        waiting=_waiting(event),
    )


def person(actor: Actor, slug: str, registration_id: int, now: datetime) -> PlacePage:
    """One person's place. Raises NotFound as `seats` does, and for people of other events."""
    event = organized(actor, slug)
    found = db.session.get(Registration, registration_id)
    if found is None or found.event_id != event.id:
        raise NotFound
    page = _page(event, now)
    return PlacePage(
        id=found.id,
        name=found.full_name,
        role=found.primary_role,
        status=found.status,
        event=page,
        place=place_in_line(db.session(), found) if found.status is Status.WAITLISTED else None,
        seats=page.seats.of(found.mode),
        mode=found.mode,
        acts=_acts(event, found),
    )


def _acts(event: Event, registration: Registration) -> tuple[str, ...]:
    """What may be done now, the likeliest first."""
    status, live = registration.status, event.status in LIVE_STATUSES
    may = {
        "move": status is Status.WAITLISTED,
        "give": live and (status, Status.REGISTERED) in ALLOWED,
        "mode": event.hybrid and event.status is not EventStatus.CANCELLED and status in MAY_CHANGE_ROOM,
        "remove": status in ACTIVE,
        "put_back": live and status not in ACTIVE,
    }
    return tuple(act for act, allowed in may.items() if allowed)


def _roles(event: Event) -> tuple[RoleSeats, ...]:
    counted = db.session.execute(
        select(Registration.primary_role, func.count())
        .where(Registration.event_id == event.id, Registration.status.in_(TAKES_SEAT), *in_room(event.rooms[0]))
        .group_by(Registration.primary_role)
    )
    taken = {role: count for role, count in counted}  # noqa: C416 - rows are not pairs to the type checker
    bounds = {one["role"]: one for one in event.role_shares}
    return tuple(
        RoleSeats(
            role=role,
            taken=taken.get(role, 0),
            least=bounds.get(role, {}).get("least"),
            most=bounds.get(role, {}).get("most"),
        )
        for role in Role
    )


def _waiting(event: Event) -> tuple[WaitingRow, ...]:
    found = db.session.scalars(
        select(Registration)
        .where(Registration.event_id == event.id, Registration.status == Status.WAITLISTED)
        .order_by(*([Registration.mode.desc()] if event.hybrid else ()), Registration.line_no)
        .limit(MOST_WAITING)
    )
    before: Counter[Mode | None] = Counter()
    return tuple(
        WaitingRow(
            id=one.id,
            place=_next(before, one.mode),
            mode=one.mode,
            name=one.full_name,
            role=one.primary_role,
            workplace=one.workplace,
            signed_up_at=one.created_at,
        )
        for one in found
    )


def _next(before: Counter[Mode | None], mode: Mode | None) -> int:
    before[mode] += 1
    return before[mode]


def _page(event: Event, now: datetime) -> EventPage:
    return events.as_page(event, events.seats_of(db.session(), [event])[event.id], now)
