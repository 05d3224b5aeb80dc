"""Which events are an office's, so asked that they are found in indexes however many there have been."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, or_, select, union, union_all
from sqlalchemy.orm import InstrumentedAttribute

from courseapp.models.event import Event, EventPartner


def of_offices(offices: Collection[int] | None, *ways: ColumnElement[bool]) -> ColumnElement[bool]:
    """Own events and joint ones that are so in one of these ways; of all offices where `offices` is None.

    Each way is a question of its own with the office in it, and has an index of its own: a database that is asked for
    «own or joint» and then for «so or so» reads everything the office ever held.
    """
    return Event.id.in_(union_all(*_parts(offices, ways, Event.id)))


def facts(
    offices: Collection[int] | None, *ways: ColumnElement[bool], columns: Sequence[InstrumentedAttribute[Any]]
) -> Subquery:
    """Those columns of the same events, no two rows alike; what indexes hold of them is not read from the events."""
    parts = _parts(offices, ways, *columns)
    return (union(*parts) if len(parts) > 1 else parts[0].distinct()).subquery()


def _parts(
    offices: Collection[int] | None, ways: Sequence[ColumnElement[bool]], *columns: InstrumentedAttribute[Any]
) -> list[Select[Any]]:
    mine = () if offices is None else (Event.office_id.in_(offices),)
    parts = [select(*columns).where(*mine, way).correlate(None) for way in ways]
    if offices is not None:
        joint = select(EventPartner.event_id).where(EventPartner.office_id.in_(offices))
        so = case((or_(*ways), 1), else_=0) == 1  # no index answers that, so the joint ones are what is read
        parts.append(select(*columns).where(Event.id.in_(joint), so).correlate(None))
    return parts
