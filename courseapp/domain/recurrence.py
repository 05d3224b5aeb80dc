"""When something happens again: every so many weeks, monthly by weekday or by date, or on days from a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import count, islice, pairwise, takewhile

from courseapp.domain import report
from courseapp.domain.errors import DomainError
from courseapp.domain.marking import N_

MOST = 60
"""Dates in one go."""

MOST_BETWEEN = 52
LAST_YEAR = 2100
ORDINALS = (N_("første"), N_("andre"), N_("tredje"), N_("fjerde"), N_("siste"))


class Rhythm(StrEnum):
    """How it comes again. WEEKDAY: «første tirsdag» of the month; DATE: the same date; LIST: days somebody wrote."""

    WEEKS = "weeks"
    WEEKDAY = "weekday"
    DATE = "date"
    LIST = "list"


class NoEnd(DomainError):
    """Neither how many nor until when."""

    message = N_("Skriv hvor mange nye datoer det skal bli, eller til og med hvilken dag.")


class TooMany(DomainError):
    """More than anybody looks through."""

    message = N_("Det blir flere enn 60 datoer. Lag dem i flere omganger.")


class NoDays(DomainError):
    """The pattern names no day after the first."""

    message = N_("Det blir ingen datoer av dette.")


class WrongGap(DomainError):
    """Less than one, or more than a year's weeks."""

    message = N_("Mellomrommet må være et tall fra 1 til 52.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """`first` happens already, what is wished for comes after it. `every`: so many weeks or months apart.

    `number` of new days or `until` a last one, or both; a list has its own end.
    """

    rhythm: Rhythm
    first: date
    every: int = 1
    number: int | None = None
    until: date | None = None
    listed: str = ""


def proposed(pattern: Pattern) -> list[date]:
    """The new days, in order. Raises WrongGap, NoEnd, TooMany, NoDays, or NotADate of `report` for a list."""
    if pattern.rhythm is Rhythm.LIST:
        return _bounded(_listed(pattern.listed, pattern.first))
    if not 1 <= pattern.every <= MOST_BETWEEN:
        raise WrongGap
    if pattern.number is None and pattern.until is None:
        raise NoEnd
    if pattern.number is not None and pattern.number > MOST:
        raise TooMany
    until = pattern.until or date.max
    days = takewhile(lambda day: day <= until and day.year <= LAST_YEAR, _following(pattern))
    return _bounded(list(islice(days, MOST + 1 if pattern.number is None else max(0, pattern.number))))


def place_in_month(day: date) -> int:
    """Which of its weekday in its month: 0 for the first, and 4 for the fifth, which is the last."""
    return (day.day - 1) // 7


def rhythm_of(days: Sequence[date]) -> str:
    """«månedlig», «hver uke», «annenhver uke», or nothing where the days follow no such rhythm.

    A month or a week that was left out does not break it, as long as most are there.
    """
    ordered = sorted(set(days))
    if len(ordered) < 3:
        return ""
    gaps = [(later - earlier).days for earlier, later in pairwise(ordered)]
    usual = sorted(gaps)[len(gaps) // 2]
    if all(gap % 7 == 0 for gap in gaps) and usual in {7, 14}:
        return N_("hver uke") if usual == 7 else N_("annenhver uke")
    months = {(day.year, day.month) for day in ordered}
    span = (ordered[-1].year - ordered[0].year) * 12 + ordered[-1].month - ordered[0].month + 1
    return N_("månedlig") if len(months) == len(ordered) and 3 * len(months) >= 2 * span else ""


def _bounded(days: list[date]) -> list[date]:
    if len(days) > MOST:
        raise TooMany
    if not days:
        raise NoDays
    return days


def _following(pattern: Pattern) -> Iterator[date]:
    """The days of a rhythm after the first, without an end but that of the calendar."""
    for step in count(pattern.every, pattern.every):
        if pattern.rhythm is Rhythm.WEEKS:
            yield pattern.first + timedelta(weeks=step)
        else:
            yield _in_month(pattern.first, step, by_date=pattern.rhythm is Rhythm.DATE)


def _in_month(first: date, months: int, *, by_date: bool) -> date:
    """So many months later: the same date, or the month's last day where there is none; else the same weekday."""
    years, month = divmod(first.month - 1 + months, 12)
    start = date(first.year + years, month + 1, 1)
    last = (start.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    if by_date:
        return start.replace(day=min(first.day, last.day))
    earliest = start + timedelta(days=(first.weekday() - start.weekday()) % 7)
    which = place_in_month(first)
    found = earliest + timedelta(weeks=which)
    return found if found <= last else found - timedelta(weeks=1)


def _listed(text: str, first: date) -> list[date]:
    """One or several days a line; one without a year is the next after the first, which is no new one itself."""
    found: set[date] = set()
    for line in filter(None, map(str.strip, text.replace(";", "\n").splitlines())):
        days = report.dates(line, year=first.year)
        if days is None:
            raise report.NotADate(f"«{line[:60]}» er ikke en dato som kan leses.")
        year_given = days == report.dates(line, year=first.year + 4)  # four years on, 29 February is there again
        found |= {day if year_given or day >= first else _next_year(day) for day in days}
        if len(found) > MOST + 1:
            raise TooMany
    return sorted(day for day in found if day != first)


def _next_year(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        raise report.NotADate(f"29. februar finnes ikke i {day.year + 1}.") from None
