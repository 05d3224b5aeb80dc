"""The year so far by kind, remembered by each process for as long as the stamps of the year's events stay the same."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, ScalarSelect, and_, case, func, or_, select

from courseapp.db import db
from courseapp.domain.event import WITH_SIGN_UP, EventKind, EventStatus
from courseapp.domain.registration import TAKES_SEAT, Status
from courseapp.models.event import Event
from courseapp.models.registration import Registration
from courseapp.queries.belonging import of_offices
from courseapp.queries.shown import LIFE, MOST


@dataclass(frozen=True, slots=True, kw_only=True)
class KindFigures:
    """One kind of event in one year. `seats` is None where none of them has a bound; `people` have or had a seat."""

    kind: EventKind
    held: int
    coming: int
    cancelled: int
    seats: int | None
    people: int
    waiting: int


@dataclass(frozen=True, slots=True)
class _Known:
    """What was counted: under which mark, and from when until when it is believed."""

    mark: tuple[int, ...]
    since: datetime
    until: datetime
    figures: tuple[KindFigures, ...]


_known: WeakKeyDictionary[Engine, dict[Hashable, _Known]] = WeakKeyDictionary()


def by_kind(offices: Collection[int] | None, year: int, now: datetime) -> tuple[KindFigures, ...]:
    """The kinds with sign-up that the offices have in a year, drafts left out, in the order of the kinds.

    All offices where `offices` is None. People are counted anew only where a stamp says that somebody came or went.
    """
    chosen = (
        of_offices(offices, Event.report_year == year),
        Event.kind.in_(WITH_SIGN_UP),
        Event.status != EventStatus.DRAFT,
    )
    remembered = _known.setdefault(db.engine, {})
    key = (year, None if offices is None else frozenset(offices))
    next_end = func.min(case((Event.ends_at > now, Event.ends_at)))
    count, stamps, ends = db.session.execute(select(func.count(), func.sum(Event.stamp), next_end).where(*chosen)).one()
    mark = (count, int(stamps or 0))
    known = remembered.get(key)
    if known is None or known.mark != mark or not known.since <= now < known.until:
        if len(remembered) >= MOST:
            remembered.clear()
        until = min(now + LIFE, ends or now + LIFE)
        known = remembered[key] = _Known(mark=mark, since=now, until=until, figures=_counted(chosen, now))
    return known.figures


def _counted(chosen: tuple[ColumnElement[bool], ...], now: datetime) -> tuple[KindFigures, ...]:
    there = Event.status != EventStatus.CANCELLED
    over = and_(there, or_(Event.status == EventStatus.HELD, Event.ends_at <= now))
    seated, waiting = _people(Registration.status.in_(TAKES_SEAT)), _people(Registration.status == Status.WAITLISTED)
    summed = [func.sum(case((there, one))) for one in (Event.capacity, seated, waiting)]
    rows = db.session.execute(
        select(Event.kind, func.count(case((over, 1))), func.count(case((there, 1))), func.count(), *summed)
        .where(*chosen)
        .group_by(Event.kind)
    )
    found = {kind: counted for kind, *counted in rows}
    return tuple(_of_kind(kind, *found[kind]) for kind in EventKind if kind in found)


def _people(which: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many of an event, counted event by event in the index that has its statuses."""
    return select(func.count()).where(Registration.event_id == Event.id, which).scalar_subquery()


def _of_kind(
    kind: EventKind, over: int, there: int, known: int, seats: int | None, people: int | None, waiting: int | None
) -> KindFigures:
    return KindFigures(
        kind=kind,
        held=over,
        coming=there - over,
        cancelled=known - there,
        seats=seats,
        people=int(people or 0),
        waiting=int(waiting or 0),
    )
