"""Figures for readers outside an office: no small count of people, and nothing it could be reckoned from.

What the report tells about each event (how many were there) is hushed event by event, and every sum is made of what is
told. The other counts are told for a kind's whole year. What is left when all that is told is taken from a count, those
who had a seat and are told nowhere, those who left before, must be nobody or a crowd; otherwise that count is not told.
Sums of kinds, of offices and of the country are made of what is told, so they tell nothing more. Nothing is told twice:
what is joint stands with the responsible office alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from courseapp.domain import figures
from courseapp.domain.event import EventKind
from courseapp.domain.figures import FEW, Figure, Held, KindSum, Known, Measure
from courseapp.domain.small_numbers import HUSHED_BELOW, few


def added(values: Sequence[int | None]) -> Figure:
    """The sum of the counts that may be told one by one; «at least» where one may not, or is not known."""
    found = figures.added([None if one is not None and few(one) else one for one in values])
    return FEW if not found.value and any(one is not None and few(one) for one in values) else found


def by_kind(kind: EventKind, events: Sequence[Held]) -> KindSum:
    """The figures of one kind as such a reader may see them."""
    mine = [one for one in events if one.kind is kind]
    plain = figures.by_kind(kind, mine)
    own = [one for one in mine if one.sign_ups is not None]
    if not own:
        return replace(plain, figures={**plain.figures, Measure.PEOPLE: added([one.people for one in mine])})
    told = {measure: _crowd(plain.figures[measure]) for measure in (Measure.ABSENT, Measure.UNSEATED)}
    filled, seated = _filled(own, plain.figures[Measure.FILLED], told[Measure.ABSENT])
    sign_ups = _unless(plain.figures[Measure.SIGN_UPS], seated, told[Measure.UNSEATED], _hidden(own, *told.values()))
    answers, scores = figures.said(mine, HUSHED_BELOW)
    found = {
        **plain.figures,
        **told,
        Measure.PEOPLE: added([one.people for one in mine]),
        Measure.ATTENDED: added([one.attended for one in own]),
        Measure.FILLED: filled,
        Measure.RATE: figures.rate(filled),
        Measure.SIGN_UPS: sign_ups,
        Measure.QUEUED: _queued(plain.figures[Measure.QUEUED], sign_ups, told[Measure.UNSEATED]),
        Measure.MINUTES: _hours(own),
        Measure.ANSWERS: answers,
        Measure.MEAN: figures.mean(scores, answers),
    }
    return KindSum(kind=kind, figures=found, scores=scores)


def sums(events: Sequence[Held]) -> tuple[KindSum, ...]:
    """The kinds there was anything of, in their usual order."""
    there = {one.kind for one in events}
    return tuple(by_kind(kind, events) for kind in EventKind if kind in there)


def _crowd(figure: Figure) -> Figure:
    return FEW if figure.value is not None and few(int(figure.value)) else figure


def _value(figure: Figure) -> int:
    """What a reader can take away because it is told."""
    return int(figure.value or 0)


def _told_one_by_one(events: Sequence[Held]) -> int:
    """Those with a seat who are told event by event: who was there, or everybody where nobody was marked."""
    counts = [one.seated if one.attended is None else one.attended for one in events]
    return sum(one for one in counts if not few(one))


def _hidden(own: Sequence[Held], *figures_told: Figure) -> int:
    """How many small counts are not told."""
    one_by_one = sum(few(one.seated if one.attended is None else one.attended) for one in own)
    return one_by_one + sum(one == FEW for one in figures_told)


def _tells(left: int, hidden: int) -> bool:
    """Whether what is left is a few, or no more than so many hidden small counts can be at most."""
    return few(left) or 0 < left <= (HUSHED_BELOW - 1) * hidden


def _filled(own: Sequence[Held], filled: Figure, absent: Figure) -> tuple[Figure, int]:
    """Seats that were taken, and how many of those with a seat are told one way or another."""
    limited = [one for one in own if one.seats is not None]
    apart = _told_one_by_one(own) + _value(absent)
    if not limited:
        return filled, apart
    left = _value(filled) - _told_one_by_one(limited) - _value(absent)
    mixed = len(limited) < len(own)
    if few(_value(filled)) or _tells(left, _hidden(own, absent)) or mixed:
        return FEW, apart
    return filled, _value(filled)


def _unless(sign_ups: Figure, seated: int, unseated: Figure, hidden: int) -> Figure:
    """Sign-ups, unless what is left of them without those that are told would be a few."""
    return FEW if few(_value(sign_ups)) or _tells(_value(sign_ups) - seated - _value(unseated), hidden) else sign_ups


def _queued(queued: Figure, sign_ups: Figure, unseated: Figure) -> Figure:
    value = _value(queued)
    near = [value, value - _value(unseated), _value(sign_ups) - value]
    return FEW if any(few(one) for one in near) else queued


def _hours(own: Sequence[Held]) -> Figure:
    """Hours of events where neither those who were there nor those who earned hours are a few: hours can be divided."""
    giving = [one for one in own if one.gives_hours]
    quiet = [few(one.earners) or few(one.attended or 0) for one in giving]
    found = figures.added([None if hush else one.minutes for one, hush in zip(giving, quiet, strict=True)])
    return Figure(known=Known.FEW) if not found.value and any(quiet) else found
