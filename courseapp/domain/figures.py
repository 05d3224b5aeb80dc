"""Figures of a year: what was held, per kind, and how sure each number is. Minutes are course minutes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from courseapp.domain.evaluation import LEAST
from courseapp.domain.event import EventKind
from courseapp.domain.registration import Role


class Measure(StrEnum):
    """What is counted, in the order of the pages."""

    HELD = "held"
    PEOPLE = "people"
    UNTOLD = "untold"
    SIGN_UPS = "sign_ups"
    SEATS = "seats"
    FILLED = "filled"
    RATE = "rate"
    ATTENDED = "attended"
    ABSENT = "absent"
    QUEUED = "queued"
    UNSEATED = "unseated"
    MINUTES = "minutes"
    ANSWERS = "answers"
    MEAN = "mean"


class Known(StrEnum):
    """How sure a number is. `nothing`: there was nothing to count; `few`: people too few to tell this reader.

    `no_sign_up`: what was held was only typed in, so nobody could sign up for it here.
    """

    EXACT = "exact"
    AT_LEAST = "at_least"
    UNKNOWN = "unknown"
    FEW = "few"
    NOTHING = "nothing"
    NO_LIMIT = "no_limit"
    NO_SIGN_UP = "no_sign_up"


BESIDE_SUMS = frozenset({Known.NOTHING, Known.NO_LIMIT, Known.NO_SIGN_UP})
"""What a sum does not lack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number, or why there is none. `of` are the seats it is a part of."""

    known: Known
    value: float | None = None
    of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One event that was held. None is not known, which is not zero.

    `people` is the report's number. `seats` is None without a limit. `sign_ups` is None where nobody could
    sign up here; then nothing about seats is known either. `seated` have a seat; `attended` were there, `absent` were
    marked and never there, both None where nobody was marked. `queued` were ever in line; `unseated` waited, applied or
    were refused, and got no seat. `minutes` went to `earners`; None where nobody was marked, though it `gives_hours`.
    Of its evaluation there are `answers`, with `scores` scores that sum to `score_sum`.
    """

    kind: EventKind
    people: int | None
    seats: int | None
    sign_ups: int | None
    seated: int
    attended: int | None
    absent: int | None
    queued: int
    unseated: int
    gives_hours: bool
    minutes: int | None
    earners: int
    answers: int = 0
    scores: int = 0
    score_sum: int = 0


Figures = Mapping[Measure, Figure]
NOTHING = Figure(known=Known.NOTHING)
UNKNOWN = Figure(known=Known.UNKNOWN)
FEW = Figure(known=Known.FEW)
NO_SIGN_UP = Figure(known=Known.NO_SIGN_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class KindSum:
    """A kind's year; `kind` None is all of them together. `scores`: sum and number of the scores behind the mean."""

    kind: EventKind | None
    figures: Figures
    scores: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearSum:
    """All of a year. Roles are None where too few to tell. `municipalities` and `leaders` are counted once each."""

    year: int
    kinds: tuple[KindSum, ...]
    roles: tuple[tuple[Role, int | None], ...]
    municipalities: Figure
    leaders: Figure

    def of(self, kind: EventKind) -> KindSum:
        """One kind, also where there was nothing of it."""
        return next((one for one in self.kinds if one.kind is kind), by_kind(kind, ()))

    def with_role(self, role: Role) -> int | None:
        """How many had that role."""
        return dict(self.roles).get(role, 0)


def exact(value: float, of: int | None = None) -> Figure:
    """A number that is sure."""
    return Figure(known=Known.EXACT, value=value, of=of)


def added(values: Sequence[int | None]) -> Figure:
    """The sum of what is known; «at least» where something is not."""
    known = [one for one in values if one is not None]
    if not known:
        return UNKNOWN if values else NOTHING
    return Figure(known=Known.EXACT if len(known) == len(values) else Known.AT_LEAST, value=sum(known))


def rate(filled: Figure) -> Figure:
    """Per cent of the seats that were taken, in whole numbers."""
    if filled.value is None or not filled.of:
        return Figure(known=filled.known)
    return exact(round(100 * filled.value / filled.of))


def mean(scores: tuple[int, int], answers: Figure) -> Figure:
    """The mean of all scores, to one decimal; as unknown as the answers where there are none."""
    if not scores[1]:
        return UNKNOWN if answers.value is not None else Figure(known=answers.known)
    return exact((20 * scores[0] + scores[1]) // (2 * scores[1]) / 10)


def by_kind(kind: EventKind, events: Iterable[Held]) -> KindSum:
    """The figures of one kind, all of them told."""
    mine = [one for one in events if one.kind is kind]
    if not mine:
        return KindSum(kind=kind, figures={**dict.fromkeys(Measure, NOTHING), Measure.HELD: exact(0)})
    answers, scores = said(mine, LEAST)
    taken = seats(mine)
    own = [one for one in mine if one.sign_ups is not None]
    found = {
        Measure.HELD: exact(len(mine)),
        Measure.PEOPLE: added([one.people for one in mine]),
        Measure.UNTOLD: exact(sum(one.people is None for one in mine)),
        Measure.SIGN_UPS: signed([one.sign_ups for one in own]),
        Measure.SEATS: Figure(known=taken.known, value=taken.of),
        Measure.FILLED: taken,
        Measure.RATE: rate(taken),
        Measure.ATTENDED: signed([one.attended for one in own]),
        Measure.ABSENT: signed([one.absent for one in own]),
        Measure.QUEUED: signed([one.queued for one in own]),
        Measure.UNSEATED: signed([one.unseated for one in own]),
        Measure.MINUTES: added([one.minutes for one in own if one.gives_hours]) if own else NO_SIGN_UP,
        Measure.ANSWERS: answers,
        Measure.MEAN: mean(scores, answers),
    }
    return KindSum(kind=kind, figures=found, scores=scores)


def signed(values: Sequence[int | None]) -> Figure:
    """A sum over what people could sign up for here."""
    return added(values) if values else NO_SIGN_UP


def seats(events: Sequence[Held]) -> Figure:
    """Seats taken, of those there were, at what people could sign up for and had a limit."""
    own = [one for one in events if one.sign_ups is not None]
    limited = [one for one in own if one.seats is not None]
    if not limited:
        return Figure(known=Known.NO_LIMIT) if own else NO_SIGN_UP
    return exact(sum(one.seated for one in limited), sum(one.seats or 0 for one in limited))


def said(events: Sequence[Held], least: int) -> tuple[Figure, tuple[int, int]]:
    """Answers at events with at least so many of them, and the sum and number of their scores."""
    asked = [one for one in events if one.answers]
    heard = [one for one in asked if one.answers >= least]
    scores = (sum(one.score_sum for one in heard), sum(one.scores for one in heard))
    if not heard:
        nobody = NO_SIGN_UP if all(one.sign_ups is None for one in events) else UNKNOWN
        return (FEW if asked else nobody), scores
    known = Known.EXACT if len(heard) == len(asked) else Known.AT_LEAST
    return Figure(known=known, value=sum(one.answers for one in heard)), scores


def sums(events: Sequence[Held]) -> tuple[KindSum, ...]:
    """The kinds there was anything of, in their usual order."""
    there = {one.kind for one in events}
    return tuple(by_kind(kind, events) for kind in EventKind if kind in there)


def total(kinds: Sequence[KindSum]) -> KindSum:
    """All kinds together, made of nothing but what each of them tells."""
    there = [one for one in kinds if one.figures[Measure.HELD].value]
    found = {measure: together([one.figures[measure] for one in there]) for measure in Measure}
    scores = (sum(one.scores[0] for one in there), sum(one.scores[1] for one in there))
    found[Measure.RATE], found[Measure.MEAN] = rate(found[Measure.FILLED]), mean(scores, found[Measure.ANSWERS])
    if not there:
        found[Measure.HELD] = exact(0)
    return KindSum(kind=None, figures=found, scores=scores)


def together(parts: Sequence[Figure]) -> Figure:
    """The sum of figures; where a part is not told, the sum is «at least», and where none is, it is not told either."""
    counted = [one for one in parts if one.known not in BESIDE_SUMS]
    told = [one for one in counted if one.value is not None]
    value, of = sum(one.value or 0 for one in told), [one.of for one in told if one.of is not None]
    if not value and FEW in counted:
        return FEW
    if not told:
        return next(iter([*counted, *parts]), NOTHING)
    sure = len(told) == len(counted) and all(one.known is Known.EXACT for one in told)
    return Figure(known=Known.EXACT if sure else Known.AT_LEAST, value=value, of=sum(of) if of else None)
