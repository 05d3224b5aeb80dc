"""Figures of a year: sums per kind, and what of them readers outside an office may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from courseapp.domain.event import EventKind
from courseapp.domain.registration import Role
from courseapp.domain.yearly import HUSHED_BELOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One event that was held. `people` None is not known; `absent` were marked and never there; `minutes` were given.

    `seats` is its capacity (None without a limit), `seated` how many have one, `waiting` how many got none.
    """

    kind: EventKind
    people: int | None
    seats: int | None
    seated: int
    sign_ups: int
    attended: int | None
    absent: int
    waiting: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KindSum:
    """A kind's year. `filled` of `seats` are taken, where there was a limit; `attended` is None where nobody marked."""

    kind: EventKind
    held: int
    people: int
    unknown: int
    seats: int
    filled: int
    sign_ups: int
    attended: int | None
    absent: int
    waiting: int
    minutes: int

    @property
    def fill_rate(self) -> int | None:
        """Per cent of the seats that were taken, in whole numbers; None where there was no limit."""
        return round(100 * self.filled / self.seats) if self.seats else None


@dataclass(frozen=True, slots=True, kw_only=True)
class YearSum:
    """All of a year. `municipalities` and `leaders` are counted once each, however often they came."""

    year: int
    kinds: tuple[KindSum, ...]
    roles: tuple[tuple[Role, int], ...]
    municipalities: int
    leaders: int

    def of(self, kind: EventKind) -> KindSum:
        """One kind, also where there was nothing of it."""
        return next((one for one in self.kinds if one.kind is kind), by_kind(kind, ()))

    def with_role(self, role: Role) -> int:
        """How many had that role."""
        return dict(self.roles).get(role, 0)


def by_kind(kind: EventKind, events: Iterable[Held]) -> KindSum:
    """The sums of one kind."""
    mine = [one for one in events if one.kind is kind]
    limited = [one for one in mine if one.seats is not None]
    marked = [one.attended for one in mine if one.attended is not None]
    return KindSum(
        kind=kind,
        held=len(mine),
        people=sum(one.people or 0 for one in mine),
        unknown=sum(one.people is None for one in mine),
        seats=sum(one.seats or 0 for one in limited),
        filled=sum(one.seated for one in limited),
        sign_ups=sum(one.sign_ups for one in mine),
        attended=sum(marked) if marked else None,
        absent=sum(one.absent for one in mine),
        waiting=sum(one.waiting for one in mine),
        minutes=sum(one.minutes for one in mine),
    )


def sums(events: Sequence[Held]) -> tuple[KindSum, ...]:
    """The kinds there was anything of, in their usual order."""
    there = {one.kind for one in events}
    return tuple(by_kind(kind, events) for kind in EventKind if kind in there)


def hushed(counts: Sequence[int]) -> list[int | None]:
    """Counts of people as readers outside may see them: small ones are None, and so is one more where only one was.

    Without that one, a sum that stands elsewhere would tell the small one. Zero tells nothing about anybody.
    """
    shown: list[int | None] = [None if 0 < one < HUSHED_BELOW else one for one in counts]
    if shown.count(None) == 1:
        rest = [one for one in shown if one]
        if rest:
            shown[shown.index(min(rest))] = None
    return shown
