"""Days on which few people come: Norwegian public holidays, their eves, July."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from courseapp.domain.marking import N_

JULY = 7
WEEKEND = N_("Helg")
FIXED: dict[tuple[int, int], str] = {
    (1, 1): N_("Første nyttårsdag"),
    (5, 1): N_("1. mai"),
    (5, 17): N_("17. mai"),
    (12, 25): N_("Første juledag"),
    (12, 26): N_("Andre juledag"),
}
"""The same every year (lov om helligdager og helligdagsfred § 2, lov om 1 og 17 mai)."""

AFTER_EASTER: dict[int, str] = {
    -3: N_("Skjærtorsdag"),
    -2: N_("Langfredag"),
    0: N_("Første påskedag"),
    1: N_("Andre påskedag"),
    39: N_("Kristi himmelfartsdag"),
    49: N_("Første pinsedag"),
    50: N_("Andre pinsedag"),
}
"""Days from Easter Sunday."""

EVES: dict[tuple[int, int], str] = {(12, 24): N_("Julaften"), (12, 31): N_("Nyttårsaften")}
"""No public holidays, but nobody meets."""


def easter(year: int) -> date:
    """Easter Sunday of a Gregorian year (the algorithm of 1876; Meeus, Astronomical Algorithms, ch. 8)."""
    golden, century, rest = year % 19, year // 100, year % 100
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> dict[date, str]:
    """Every public holiday of a year with its name; where two fall on one day, both names."""
    sunday = easter(year)
    named = [(date(year, month, day), name) for (month, day), name in FIXED.items()]
    named += [(sunday + timedelta(days=days), name) for days, name in AFTER_EASTER.items()]
    found: dict[date, str] = {}
    for day, name in sorted(named):
        found[day] = f"{found[day]}, {name}" if day in found else name
    return found


def remark(day: date) -> str:
    """Why few will come that day, in a word or two; empty for a day like any other."""
    named = holidays(day.year).get(day) or EVES.get((day.month, day.day))
    if named:
        return named
    if day.month == JULY:
        return N_("Juli")
    return WEEKEND if day.isoweekday() > 5 else ""
