"""When a session is reminded of: a week and a day before the first, and a day before a later one that stands apart."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

FIRST_DAYS = 7
APART_DAYS = 2
"""A later session at least so many days after the first is one people must remember anew."""


class Kind(StrEnum):
    """Which reminder it is."""

    WEEK = "week"
    DAY = "day"


BEFORE = {Kind.WEEK: timedelta(days=FIRST_DAYS), Kind.DAY: timedelta(days=1)}


def due(starts_at: datetime, *, now: datetime, first: bool, days_after_first: int) -> Kind | None:
    """The reminder whose moment has come and whose session has not. The later one wins: nobody gets two at once."""
    if now >= starts_at or not (first or days_after_first >= APART_DAYS):
        return None
    if now >= starts_at - BEFORE[Kind.DAY]:
        return Kind.DAY
    return Kind.WEEK if first and now >= starts_at - BEFORE[Kind.WEEK] else None
