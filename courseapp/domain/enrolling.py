"""Who of a whole list gets a seat, in the order of the list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from courseapp.domain import registration, waitlist
from courseapp.domain.registration import Role, Status
from courseapp.domain.waitlist import Share, Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How an event stands: its seats and line. `line` holds the roles of those who wait, `applies` that all apply."""

    applies: bool
    capacity: int | None
    taken: int
    line: tuple[Role, ...]
    shares: tuple[Share, ...]
    taken_by_role: Mapping[Role, int]


def statuses(roles: Iterable[Role], room: Room) -> list[Status]:
    """What each newcomer gets, one after the other: as if they signed up in this order."""
    if room.applies:
        return [Status.APPLIED for _role in roles]
    taken, line, by_role = room.taken, list(room.line), Counter(room.taken_by_role)
    given = []
    for role in roles:
        status = _next(role, room, taken, line, by_role)
        if status is Status.REGISTERED:
            taken += 1
            by_role[role] += 1
        else:
            line.append(role)
        given.append(status)
    return given


def _next(role: Role, room: Room, taken: int, line: Sequence[Role], by_role: Mapping[Role, int]) -> Status:
    if not room.shares:
        return registration.first_status(capacity=room.capacity, taken=taken, waiting=len(line))
    waits = waitlist.must_wait(
        role,
        free=None if room.capacity is None else room.capacity - taken,
        line=[Waiting(id=number, role=one) for number, one in enumerate(dict.fromkeys(line))],  # roles decide alone
        shares=room.shares,
        taken_by_role=by_role,
    )
    return Status.WAITLISTED if waits else Status.REGISTERED
