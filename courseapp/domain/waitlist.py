"""The line: who is next when seats come free, who is passed over and why, and how long an offer stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from courseapp.domain.event import LIVE_STATUSES, EventStatus, FillMode, SeatRule
from courseapp.domain.registration import Role

ENOUGH = 1_000_000
"""More seats than any share asks for."""


class PassedReason(StrEnum):
    """Why somebody in line was passed over by a seat that came free."""

    ROLE_FULL = "role_full"
    RESERVED = "reserved"


@dataclass(frozen=True, slots=True, kw_only=True)
class FillPlan:
    """What decides whether seats that come free are given without anybody's hand. Times are aware."""

    status: EventStatus
    seat_rule: SeatRule
    mode: FillMode
    decided_at: datetime | None
    starts_at: datetime | None
    stops_days: int
    offer_hours: int

    def works(self, now: datetime) -> bool:
        """Not in a cancelled event, not before applications are decided, not from `stops_days` before the start on."""
        undecided = self.seat_rule is SeatRule.APPLICATION and self.decided_at is None
        stops_at = self.stops_at
        return self.status in LIVE_STATUSES and not undecided and stops_at is not None and now < stops_at

    @property
    def stops_at(self) -> datetime | None:
        """From this moment on nothing is filled by itself."""
        return None if self.starts_at is None else self.starts_at - timedelta(days=self.stops_days)

    def offer_deadline(self, now: datetime) -> datetime | None:
        """When an offer made now ends, never past the cut-off; None when seats are not offered."""
        stops_at = self.stops_at
        if self.mode is not FillMode.OFFER or stops_at is None or stops_at <= now:
            return None
        return min(now + timedelta(hours=self.offer_hours), stops_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many seats a role has at least, and at most; None where there is no such bound."""

    role: Role
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One in line, as the rule sees it."""

    id: int
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """One who was passed over, and why. `role` is the role whose seats are full, or that seats are kept for."""

    id: int
    reason: PassedReason
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Whose turn it is, in order, and who before the last of them was passed over."""

    lucky: tuple[int, ...]
    passed: tuple[Passed, ...]


def obstacle(
    role: Role, *, free: int, shares: Iterable[Share], taken_by_role: Mapping[Role, int]
) -> tuple[PassedReason, Role] | None:
    """What keeps a role from one of `free` seats (at least one): its own bound, or seats kept for another role."""
    bounds = {share.role: share for share in shares}
    own = bounds.get(role)
    if own is not None and own.most is not None and taken_by_role.get(role, 0) >= own.most:
        return PassedReason.ROLE_FULL, role
    kept = {
        other: max(0, (share.least or 0) - taken_by_role.get(other, 0) - (other is role))
        for other, share in bounds.items()
    }
    if free - 1 >= sum(kept.values()):
        return None
    return PassedReason.RESERVED, max(kept, key=lambda other: kept[other])


def choose(line: Sequence[Waiting], *, free: int, shares: Sequence[Share], taken_by_role: Mapping[Role, int]) -> Choice:
    """Go down the line in order and give each free seat to the first who may have it."""
    counts = Counter(taken_by_role)
    lucky: list[int] = []
    passed: list[Passed] = []
    behind: list[Passed] = []
    for one in line:
        if free <= 0:
            break
        hindered = obstacle(one.role, free=free, shares=shares, taken_by_role=counts)
        if hindered is not None:
            behind.append(Passed(id=one.id, reason=hindered[0], role=hindered[1]))
            continue
        passed, free = [*passed, *behind], free - 1
        behind = []
        counts[one.role] += 1
        lucky.append(one.id)
    return Choice(lucky=tuple(lucky), passed=tuple(passed))


def must_wait(
    role: Role, *, free: int | None, line: Iterable[Waiting], shares: Sequence[Share], taken_by_role: Mapping[Role, int]
) -> bool:
    """Whether a newcomer joins the line: no seat she may have, or somebody before her who may have it.

    `free` None is a seat for everybody; shares bound even that, and nobody passes those who wait.
    """
    if free is not None and free <= 0:
        return True
    free = ENOUGH if free is None else free
    mine, *others = (
        obstacle(one, free=free, shares=shares, taken_by_role=taken_by_role)
        for one in (role, *(each.role for each in line))
    )
    return mine is not None or None in others


def reminder_at(offered_at: datetime, expires_at: datetime) -> datetime:
    """One reminder, twelve hours before the end, or half-way for shorter offers."""
    return expires_at - min(timedelta(hours=12), (expires_at - offered_at) / 2)
