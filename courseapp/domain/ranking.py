"""Applications: the order an event's criteria put them in, and what each would get if it were decided now."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from courseapp.domain.registration import Role, Supervises
from courseapp.domain.waitlist import PassedReason, Share, obstacle


class Criterion(StrEnum):
    """What may rank an application; an event uses some of them, the weightiest first."""

    REGION = "region"
    SUPERVISES = "supervises"
    FIRST_COURSE = "first_course"
    ROLE = "role"
    TIME = "time"


CHOSEN = tuple(one for one in Criterion if one is not Criterion.TIME)
"""What an organizer orders. The time of application always comes last and parts those who are otherwise alike."""


class Outcome(StrEnum):
    """What an application comes to."""

    SEAT = "seat"
    LINE = "line"
    REFUSAL = "refusal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One applicant as the rule sees her. `region`: the office that serves her municipality, where that is known."""

    id: int
    role: Role
    region: str | None
    supervises: frozenset[Supervises]
    been_before: bool
    applied_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What ranks an event's applications: criteria by weight, the regions that are its own, roles first to last."""

    criteria: tuple[Criterion, ...]
    regions: frozenset[str]
    role_order: tuple[Role, ...]

    @property
    def used(self) -> tuple[Criterion, ...]:
        """Every criterion once, and the time of application last."""
        chosen = [one for one in dict.fromkeys(self.criteria) if one is not Criterion.TIME]
        return (*chosen, Criterion.TIME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What one criterion does for one applicant: whether she meets it, and her place where it has places (from 1)."""

    criterion: Criterion
    met: bool
    place: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """An organizer's hand: at this place (from 1), or with this outcome, whatever the criteria say."""

    application: int
    place: int | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seating:
    """How many seats are free (None: no limit), the bounds of roles, and the seats they have now."""

    free: int | None
    shares: tuple[Share, ...] = ()
    taken_by_role: Mapping[Role, int]
    refuses_rest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """One line of the proposal. `hindered`: why she was passed over although a seat was free, and by which role."""

    id: int
    outcome: Outcome
    fixed: bool
    hindered: tuple[PassedReason, Role] | None = None


def effects(one: Application, rules: Rules) -> tuple[Effect, ...]:
    """What each criterion does for an applicant, the weightiest first; time has its place only in a whole list."""
    return tuple(_effect(criterion, one, rules) for criterion in rules.used)


def rank(applications: Iterable[Application], rules: Rules) -> tuple[Application, ...]:
    """All of them in order. It rests on each applicant alone, so nobody's coming or going reorders the others."""
    return tuple(sorted(applications, key=lambda one: _weight(one, rules)))


def adjusted(ranked: Sequence[int], adjustments: Iterable[Adjustment]) -> tuple[int, ...]:
    """The order after the organizers' moves, taken one by one; a place past the end is the end."""
    order = list(ranked)
    for one in adjustments:
        if one.place is not None and one.application in order:
            order.remove(one.application)
            order.insert(one.place - 1, one.application)
    return tuple(order)


def propose(
    order: Sequence[int], roles: Mapping[int, Role], adjustments: Iterable[Adjustment], seating: Seating
) -> tuple[Proposed, ...]:
    """What each would get, in that order, never more seats than are free.

    Seats given by hand come first and may break the bounds of roles; the others get the rest in order, within them.
    """
    fixed = {one.application: one.outcome for one in adjustments if one.outcome is not None}
    free = len(order) if seating.free is None else max(0, seating.free)
    promised = [one for one in order if fixed.get(one) is Outcome.SEAT][:free]
    free -= len(promised)
    counts = Counter(seating.taken_by_role)
    counts.update(roles[one] for one in promised)
    rest = Outcome.REFUSAL if seating.refuses_rest else Outcome.LINE
    proposed: list[Proposed] = []
    for one in order:
        if one in promised or fixed.get(one) in {Outcome.LINE, Outcome.REFUSAL}:
            proposed.append(Proposed(id=one, outcome=fixed[one], fixed=True))
            continue
        hindered = obstacle(roles[one], free=free, shares=seating.shares, taken_by_role=counts) if free > 0 else None
        if free > 0 and hindered is None:
            free -= 1
            counts[roles[one]] += 1
            proposed.append(Proposed(id=one, outcome=Outcome.SEAT, fixed=False))
        else:
            proposed.append(Proposed(id=one, outcome=rest, fixed=False, hindered=hindered))
    return tuple(proposed)


def _effect(criterion: Criterion, one: Application, rules: Rules) -> Effect:
    if criterion is Criterion.ROLE:
        place = rules.role_order.index(one.role) + 1 if one.role in rules.role_order else None
        return Effect(criterion=criterion, met=place is not None, place=place)
    met = {
        Criterion.REGION: one.region in rules.regions,
        Criterion.SUPERVISES: bool(one.supervises - {Supervises.NONE}),
        Criterion.FIRST_COURSE: not one.been_before,
        Criterion.TIME: True,
    }
    return Effect(criterion=criterion, met=met[criterion])


def _weight(one: Application, rules: Rules) -> tuple[tuple[int, ...], datetime, int]:
    """Smaller comes first. Roles that are not in the order are alike, after those that are."""
    last = len(rules.role_order) + 1
    weights = tuple(
        (each.place or last) if each.criterion is Criterion.ROLE else int(not each.met)
        for each in effects(one, rules)
        if each.criterion is not Criterion.TIME
    )
    return weights, one.applied_at, one.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a page showed: the people, the adjustments, the rules and the outcomes, so that a stale one is noticed."""

    people: frozenset[int]
    adjustments: frozenset[int]
    rules: str
    whole: str

    def text(self) -> str:
        """As a form carries it."""
        numbers = (" ".join(map(str, sorted(some))) for some in (self.people, self.adjustments))
        return "/".join((*numbers, self.rules, self.whole))

    @classmethod
    def read(cls, text: str) -> Shown:
        """What a form carried; whatever is none reads as nothing, which equals no list of anybody."""
        parts = text.split("/")
        if len(parts) != 4:
            parts = ["", "", "", ""]
        people, adjustments = (
            frozenset(int(one) for one in part.split() if one.isascii() and one.isdigit() and len(one) <= 10)
            for part in parts[:2]
        )
        return cls(people=people, adjustments=adjustments, rules=parts[2], whole=parts[3])


def mark(*things: object) -> str:
    """A short mark that is the same for the same things."""
    return hashlib.sha256(repr(things).encode()).hexdigest()[:20]
