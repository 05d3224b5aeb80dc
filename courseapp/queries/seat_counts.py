"""How many seats of an event are taken, left and waited for: counted, never kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from courseapp.domain.event import seats_left
from courseapp.domain.modes import Mode
from courseapp.domain.registration import TAKES_SEAT, Status
from courseapp.domain.rows import EventPage, Seats
from courseapp.models.event import Event
from courseapp.models.registration import Registration

Room = tuple[Mode | None, int | None]
"""A room of an event, and how many seats it has."""

Counts = dict[tuple[int, Mode | None], dict[Status, int]]
"""By event and room, how many have each status that takes a seat or waits for one."""


def of(session: Session, events: Sequence[Event]) -> dict[int, Seats]:
    """Seats of each event, by its id, in one query; one more where any of them is hybrid."""
    return _of(session, {event.id: [(mode, event.capacity_of(mode)) for mode in event.rooms] for event in events})


def again(session: Session, known: EventPage) -> Seats:
    """The same for an event whose facts are known: one short query."""
    rooms: list[Room] = [(mode, one.capacity) for mode, one in known.seats.rooms]
    return _of(session, {known.id: rooms or [(None, known.seats.capacity)]})[known.id]


def with_one_more(known: Seats, status: Status, mode: Mode | None) -> Seats:
    """What is counted once somebody new has that status, in that room where there are two."""
    if known.rooms:
        return _together([(room, _and_one(one, status) if room is mode else one) for room, one in known.rooms])
    return _and_one(known, status)


def _and_one(known: Seats, status: Status) -> Seats:
    taken, waiting = known.taken + (status in TAKES_SEAT), known.waiting + (status is Status.WAITLISTED)
    return _seats(known.capacity, taken, waiting)


def _of(session: Session, rooms: Mapping[int, Sequence[Room]]) -> dict[int, Seats]:
    plain = [event_id for event_id, each in rooms.items() if len(each) == 1]
    hybrid = [event_id for event_id, each in rooms.items() if len(each) > 1]
    counts = (_counted(session, plain) if plain else {}) | (_counted_by_room(session, hybrid) if hybrid else {})
    found = {}
    for event_id, each in rooms.items():
        told = [(mode, seats(capacity, counts.get((event_id, mode), {}))) for mode, capacity in each]
        found[event_id] = told[0][1] if len(told) == 1 else _together(told)
    return found


def _counted(session: Session, event_ids: Sequence[int]) -> Counts:
    counts: Counts = {}
    for event_id, status, count in session.execute(_PLAIN, {"event_ids": event_ids}):
        counts.setdefault((event_id, None), {})[status] = count
    return counts


def _counted_by_room(session: Session, event_ids: Sequence[int]) -> Counts:
    counts: Counts = {}
    for event_id, mode, status, count in session.execute(_BY_ROOM, {"event_ids": event_ids}):
        counts.setdefault((event_id, mode), {})[status] = count
    return counts


_COUNTED = (
    Registration.event_id.in_(bindparam("event_ids", expanding=True)),
    Registration.status.in_([*TAKES_SEAT, Status.WAITLISTED]),
)
_PLAIN = (
    select(Registration.event_id, Registration.status, func.count())
    .where(*_COUNTED)
    .group_by(Registration.event_id, Registration.status)
)
_BY_ROOM = (
    select(Registration.event_id, Registration.mode, Registration.status, func.count())
    .where(*_COUNTED, Registration.mode.is_not(None))  # what the index of hybrid events holds
    .group_by(Registration.event_id, Registration.mode, Registration.status)
)


def _together(found: Sequence[tuple[Mode | None, Seats]]) -> Seats:
    """Both rooms, and what they come to: without a bound where one of them has none."""
    each = [one for _mode, one in found]
    return Seats(
        capacity=_sum([one.capacity for one in each]),
        taken=sum(one.taken for one in each),
        waiting=sum(one.waiting for one in each),
        left=_sum([one.left for one in each]),
        rooms=tuple((mode, one) for mode, one in found if mode is not None),
    )


def _sum(numbers: list[int | None]) -> int | None:
    known = [one for one in numbers if one is not None]
    return sum(known) if len(known) == len(numbers) else None


def seats(capacity: int | None, counts: dict[Status, int]) -> Seats:
    """Seats of one room, by how many have each status."""
    return _seats(capacity, sum(counts.get(one, 0) for one in TAKES_SEAT), counts.get(Status.WAITLISTED, 0))


def _seats(capacity: int | None, taken: int, waiting: int) -> Seats:
    left = seats_left(capacity=capacity, taken=taken, waiting=waiting)
    return Seats(capacity=capacity, taken=taken, waiting=waiting, left=left)
