"""The line by hand: move, give a seat, remove, put back; and the rules by which seats are given.

Each act takes the event's turn first, says why, and is written down with who did it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain.access import Actor
from courseapp.domain.errors import AlreadyRegistered, DomainError, MoveNotAllowed, NotFound
from courseapp.domain.event import LIVE_STATUSES, FillMode
from courseapp.domain.marking import N_
from courseapp.domain.modes import Mode
from courseapp.domain.plan_errors import WrongCapacity
from courseapp.domain.planning import LARGEST
from courseapp.domain.registration import ACTIVE, Source, Status, check_move
from courseapp.domain.waitlist import Share
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry
from courseapp.models.registration import DietaryNeed, Registration
from courseapp.queries.registrations import details
from courseapp.services import correspondence, enrolment, rooms, seats
from courseapp.services.changes import EventOver, ReasonMissing, demanded, note, turn_for
from courseapp.services.rooms import taken_of

__all__ = ["ReasonMissing", "SeatsWish", "give_seat", "move_in_line", "put_back", "remove", "set_seats"]


class NoSuchPlace(DomainError):
    """The line is shorter than that, perhaps since a moment ago."""

    message = N_("Det er ikke så mange i køen. Velg en plass som finnes.")


class WrongOfferHours(DomainError):
    """An offer stands from one hour to two weeks."""

    message = N_("Svarfristen må være fra 1 til 336 timer.")


class WrongFillStop(DomainError):
    """Automatic filling stops at most a year before the start."""

    message = N_("Automatisk tildeling kan stoppe fra 0 til 365 dager før start.")


class WrongShares(DomainError):
    """Bounds for roles that no choice of people can meet."""

    message = N_("For hver rolle må «minst» være 0 eller mer og ikke større enn «høyst».")


class SharesExceedSeats(DomainError):
    """More seats are kept for roles than there are."""

    message = N_("Det er holdt av flere plasser til rollene enn det er plasser i alt.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatsWish:
    """How seats shall be given. Hours an offer stands, and days before the start when filling by itself stops.

    `hybrid`: those who come and those who call in are counted apart; `capacity` is then the room's.
    """

    capacity: int | None
    hybrid: bool = False
    digital_capacity: int | None = None
    fill_mode: FillMode
    offer_hours: int
    fill_stops_days: int
    role_shares: Sequence[Share]


def move_in_line(slug: str, registration_id: int, place: int, reason: str, actor: Actor) -> None:
    """Move one who waits to a place in line, from 1. Nobody is told; colleagues read it in the history.

    Raises NotFound, ReasonMissing, NoSuchPlace, or MoveNotAllowed for one who does not wait.
    """
    reason = demanded(reason)
    with transaction() as tx:
        event, registration = _turn(tx, slug, registration_id, actor)
        if registration.status is not Status.WAITLISTED:
            raise MoveNotAllowed
        line = seats.waiting_line(tx, event, registration.mode)
        if not 1 <= place <= len(line):
            raise NoSuchPlace
        numbers = [one.line_no for one in line]
        was = line.index(registration)
        line.insert(place - 1, line.pop(was))
        for one, number in zip(line, numbers, strict=True):
            one.line_no = number
        now = clock.now()
        registration.updated_at = now
        tx.add(_entry(registration, event, "moved_in_line", actor, now, reason=reason, old=was + 1, new=place))


def give_seat(slug: str, registration_id: int, reason: str, actor: Actor) -> None:
    """Give a seat past the line, and beyond the capacity where need be; its holder is told and invited.

    Raises NotFound, ReasonMissing, EventOver, or MoveNotAllowed for one who has a seat or has left.
    """
    reason = demanded(reason)
    with transaction() as tx:
        event, registration = _turn(tx, slug, registration_id, actor)
        now = clock.now()
        check_move(registration.status, Status.REGISTERED)
        _check_live(event)
        seats.move(tx, registration, Status.REGISTERED, now)
        registration.offer_expires_at = None
        taken = taken_of(tx, event, registration.mode)
        tx.add(_entry(registration, event, "seat_given_by_hand", actor, now, reason=reason, **taken))
        correspondence.seat_given(tx, registration, event, seats.page(tx, event, now), now)


def remove(slug: str, registration_id: int, reason: str, actor: Actor) -> None:
    """Take somebody out, seat or no seat; she is told as if she had cancelled, and the seat goes to the next in line.

    Raises NotFound, ReasonMissing, or MoveNotAllowed for one who has left already.
    """
    reason = demanded(reason)
    with transaction() as tx:
        event, registration = _turn(tx, slug, registration_id, actor)
        now = clock.now()
        seats.move(tx, registration, Status.CANCELLED, now)
        registration.offer_expires_at = registration.dietary = None
        tx.add(_entry(registration, event, "removed", actor, now, reason=reason))
        correspondence.cancelled(tx, registration, event, seats.page(tx, event, now), now)
        seats.fill(tx, event, now)


def put_back(slug: str, registration_id: int, reason: str, actor: Actor) -> int:
    """Put somebody who left back: a new registration with a free seat if nobody waits, else at the end of the line.

    Returns the new registration's id. Raises NotFound, ReasonMissing, EventOver, MoveNotAllowed for one who has not
    left, or AlreadyRegistered when the address is in again.
    """
    reason = demanded(reason)
    with transaction() as tx:
        event, old = _turn(tx, slug, registration_id, actor)
        now = clock.now()
        if old.status in ACTIVE:
            raise MoveNotAllowed
        _check_live(event)
        if enrolment.active(tx, event, old.email) is not None:
            raise AlreadyRegistered(N_("Adressen er allerede påmeldt dette arrangementet."))
        mode = old.mode or (Mode.PHYSICAL if event.hybrid else None)
        status = seats.first_status(tx, event, old.primary_role, mode, seats.count(tx, event))
        new = _copy(old, event, now, status=status, mode=mode)
        tx.add(new)
        tx.flush()
        for one in (old, new):
            tx.add(_entry(one, event, "put_back", actor, now, reason=reason, status=new.status, anew=new.id))
        correspondence.for_status(tx, new, event, seats.page(tx, event, now), now)
        return new.id


def set_seats(slug: str, wish: SeatsWish, actor: Actor) -> int:
    """Say how many seats there are and how free ones are given, then fill what came free; returns how many got one.

    Whoever is in when an event becomes hybrid is in the room; nobody is told of that. Raises NotFound, WrongCapacity,
    WrongOfferHours, WrongFillStop, WrongShares, SharesExceedSeats, and what `rooms.set_hybrid` does.
    """
    _check_wish(wish)
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        now = clock.now()
        old, event.capacity = event.capacity, wish.capacity
        two = {"hybrid": wish.hybrid, "digital_old": event.digital_capacity, "digital_new": wish.digital_capacity}
        rooms_told = two if event.hybrid or wish.hybrid else {}
        rooms.set_hybrid(tx, event, hybrid=wish.hybrid, digital_capacity=wish.digital_capacity)
        event.fill_mode, event.offer_hours, event.fill_stops_days = (
            wish.fill_mode,
            wish.offer_hours,
            wish.fill_stops_days,
        )
        bounded = [one for one in wish.role_shares if one.least or one.most is not None]
        event.role_shares = [{"role": str(one.role), "least": one.least, "most": one.most} for one in bounded]
        event.updated_at = now
        tx.flush()
        tx.add(note(event, "seats_changed", actor, now, old=old, new=wish.capacity, **rooms_told))
        return len(seats.fill(tx, event, now))


def _turn(tx: Session, slug: str, registration_id: int, actor: Actor) -> tuple[Event, Registration]:
    event = turn_for(tx, slug, actor)
    registration = tx.get(Registration, registration_id)
    if registration is None or registration.event_id != event.id:
        raise NotFound
    return event, registration


def _check_live(event: Event) -> None:
    if event.status not in LIVE_STATUSES:
        raise EventOver


def _check_wish(wish: SeatsWish) -> None:
    if any(one is not None and not 1 <= one <= LARGEST for one in (wish.capacity, wish.digital_capacity)):
        raise WrongCapacity
    if not 1 <= wish.offer_hours <= 336:
        raise WrongOfferHours
    if not 0 <= wish.fill_stops_days <= 365:
        raise WrongFillStop
    for one in wish.role_shares:
        least = one.least or 0
        if least < 0 or (one.most is not None and one.most < least):
            raise WrongShares
    if len({one.role for one in wish.role_shares}) < len(wish.role_shares):
        raise WrongShares
    if wish.capacity is not None and sum(one.least or 0 for one in wish.role_shares) > wish.capacity:
        raise SharesExceedSeats


def _copy(old: Registration, event: Event, now: datetime, *, status: Status, mode: Mode | None) -> Registration:
    """The same person anew. What she eats comes along, if it is still kept, with the consent she gave then."""
    new = enrolment.new(event, replace(details(old), dietary_needs=""), status, Source.ORGANIZER, now, mode=mode)
    if (kept := old.dietary) is not None:
        new.dietary = DietaryNeed(
            needs=kept.needs, consented_at=kept.consented_at, consent_version=kept.consent_version
        )
    return new


def _entry(
    registration: Registration, event: Event, verb: str, actor: Actor, now: datetime, **details: int | str | None
) -> AuditEntry:
    made = note(event, verb, actor, now, **details)
    made.registration_id = registration.id
    return made
