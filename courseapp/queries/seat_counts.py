"""How many seats of an event are taken, left and waited for: counted, never kept."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courseapp.domain.event import seats_left
from courseapp.domain.modes import BOTH, Mode
from courseapp.domain.registration import TAKES_SEAT, Status
from courseapp.domain.rows import Seats
from courseapp.models.event import Event
from courseapp.models.registration import Registration


def of_hybrids(session: Session, events: Sequence[Event]) -> dict[int, Seats]:
    """Seats of each hybrid event, by its id, of both its rooms, in one query."""
    counts: dict[tuple[int, Mode | None], dict[Status, int]] = {}
    rows = session.execute(
        select(Registration.event_id, Registration.mode, Registration.status, func.count())
        .where(
            Registration.event_id.in_([event.id for event in events]),
            Registration.mode.is_not(None),  # what the index of hybrid events holds
            Registration.status.in_([*TAKES_SEAT, Status.WAITLISTED]),
        )
        .group_by(Registration.event_id, Registration.mode, Registration.status)
    )
    for event_id, mode, status, count in rows:
        counts.setdefault((event_id, mode), {})[status] = count
    return {
        event.id: _together([(mode, seats(event.capacity_of(mode), counts.get((event.id, mode), {}))) for mode in BOTH])
        for event in events
    }


def _together(found: list[tuple[Mode, Seats]]) -> Seats:
    """Both rooms, and what they come to: without a bound where one of them has none."""
    each = [one for _mode, one in found]
    return Seats(
        capacity=_sum([one.capacity for one in each]),
        taken=sum(one.taken for one in each),
        waiting=sum(one.waiting for one in each),
        left=_sum([one.left for one in each]),
        rooms=tuple(found),
    )


def _sum(numbers: list[int | None]) -> int | None:
    known = [one for one in numbers if one is not None]
    return sum(known) if len(known) == len(numbers) else None


def seats(capacity: int | None, counts: dict[Status, int]) -> Seats:
    """Seats of one room, by how many have each status."""
    taken = sum(counts.get(status, 0) for status in TAKES_SEAT)
    waiting = counts.get(Status.WAITLISTED, 0)
    left = seats_left(capacity=capacity, taken=taken, waiting=waiting)
    return Seats(capacity=capacity, taken=taken, waiting=waiting, left=left)
