"""How the offices write numbers and dates in their yearly reports, read as values.

The forms are those of the reports of 2024 and 2025: «24», «Ca. 40», «Ca 100 fysisk», «22.02 og 21.03 2024»,
«18-19.mars», «25.-26. november», «Vår og høst». A blank is not zero, and a vague date is not a date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from courseapp.domain.errors import DomainError
from courseapp.domain.marking import N_

LONGEST_SPAN = timedelta(days=31)
MONTHS = ("jan", "feb", "mar", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "des")

_MONTH = (
    r"(?P<name>jan(?:uar)?|feb(?:ruar)?|mars?|apr(?:il)?|mai|juni?|juli?|aug(?:ust)?"
    r"|sept?(?:ember)?|okt(?:ober)?|nov(?:ember)?|des(?:ember)?)\b\.?"
)
_YEAR = r"(?:19|20)\d\d"
_DAY = re.compile(
    rf"(?P<day>\d{{1,2}})(?!\d)(?:[./]\s?(?P<month>\d{{1,2}})(?!\d)\.?(?:\s*(?P<year>{_YEAR})(?!\d)|(?<=\.)(?P<short>\d\d)(?!\d))?"
    rf"|\.?\s*{_MONTH}(?:\s*(?P<named_year>{_YEAR})(?!\d))?|\.?)"
)
_ISO = re.compile(rf"(?P<year>{_YEAR})-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)")
_BETWEEN = re.compile(r"\s*(?:(?P<span>[-–—]|til\b)|(?:,\s*og\b|,|og\b|&|\+|/))\s*")
_WEEKDAYS = re.compile(r"\b(?:man|tirs|ons|tors|fre|lør|søn)dag(?:en)?\b\.?\s*")
_LOOKS_LIKE_A_DATE = re.compile(rf"\d{{1,2}}[./]\s?\d|\d{{4}}-\d|\d\.?\s*{_MONTH}")
_NUMBER = re.compile(r"(?<![\d.,])-?\d{1,3}(?:[ \u00a0]\d{3})+(?!\d)|-?\d+")
_ABOUT = re.compile(r"\b(?:ca|cirka|circa|omtrent|rundt|omlag|om lag|over|nesten|minst)\b\.?|~")
_MODE = re.compile(r"\b(?:fysiske?|digitale?|digitalt|på nett|på teams|på zoom)\b")


class NotADate(DomainError):
    """The text looks like a date and is none."""

    message = N_("Datoen finnes ikke eller kan ikke leses.")


class NotANumber(DomainError):
    """The text has a number that cannot be a number of participants."""

    message = N_("Antallet kan ikke leses.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Participants:
    """A number as written: None when none is given; `mode` when it counts only one way of taking part («fysisk»)."""

    number: int | None
    approximate: bool
    mode: str


def participants(text: str) -> Participants:
    """Read a number of participants; a text without any number is None, never zero. Raises NotANumber."""
    lowered = text.casefold()
    found = _NUMBER.findall(lowered)
    mode = _MODE.search(lowered)
    if len(found) > 1:
        raise NotANumber(N_("«%(text)s» har flere tall. Skriv ett antall."), text=text)
    number = int(re.sub(r"\s", "", found[0])) if found else None
    if number is not None and not 0 <= number < 1_000_000:
        raise NotANumber(N_("«%(text)s» kan ikke være et antall deltakere."), text=text)
    return Participants(
        number=number,
        approximate=number is not None and _ABOUT.search(lowered) is not None,
        mode=mode.group() if mode and number is not None else "",
    )


def dates(text: str, *, year: int) -> list[date] | None:
    """Every day a text names, in order, in `year` where it gives none; None for a blank or vague text.

    «18-19.mars» is two days, «12.–14. juni» three, «22.02 og 21.03 2024» two. Raises NotADate, with the reason.
    """
    lowered = _WEEKDAYS.sub("", " ".join(text.casefold().split())).rstrip(" .")
    written = _scan(lowered)
    if written is None or not any(one.month for one in written):
        if _LOOKS_LIKE_A_DATE.search(lowered):
            raise NotADate(N_("«%(text)s» ser ut som en dato, men kan ikke leses."), text=text)
        return None
    days = _days(text, _filled_in(written, year))
    return sorted(set(days))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """A day as written: parts may be missing; `span` when a dash ties it to the day before."""

    day: int
    month: int | None
    year: int | None
    span: bool


def _scan(text: str) -> list[_Written] | None:
    """The days of a text that is nothing but days and what stands between them, else None."""
    found: list[_Written] = []
    at, span = 0, False
    while True:
        match = _ISO.match(text, at) or _DAY.match(text, at)
        if match is None:
            return None
        found.append(_written(match, span=span))
        at = match.end()
        if at == len(text):
            return found
        between = _BETWEEN.match(text, at)
        if between is None:
            return None
        at, span = between.end(), between["span"] is not None


def _written(match: re.Match[str], *, span: bool) -> _Written:
    part = match.groupdict().get
    name, short, year = part("name"), part("short"), part("year") or part("named_year")
    month = MONTHS.index(name[:3]) + 1 if name else part("month") and int(match["month"])
    if short:
        year = f"20{short}"
    return _Written(day=int(match["day"]), month=month or None, year=int(year) if year else None, span=span)


def _filled_in(written: list[_Written], year: int) -> list[_Written]:
    """A missing month or year is that of the day after it: «25.-26. november», «22.02 og 21.03 2024»."""
    filled: list[_Written] = []
    month: int | None = None
    for one in reversed(written):
        month, year = one.month or month, one.year or year
        filled.append(_Written(day=one.day, month=month, year=year, span=one.span))
    return filled[::-1]


def _days(text: str, written: list[_Written]) -> list[date]:
    days: list[date] = []
    for one in written:
        day = _real(text, one)
        if one.span:
            first = days[-1]
            if not first < day <= first + LONGEST_SPAN:
                raise NotADate(N_("«%(text)s» slutter før det begynner, eller varer i over en måned."), text=text)
            days.extend(map(partial(_later, first), range(1, (day - first).days)))
        days.append(day)
    return days


def _later(first: date, days: int) -> date:
    return first + timedelta(days=days)


def _real(text: str, one: _Written) -> date:
    if one.month is None or one.year is None:
        raise NotADate(N_("«%(text)s» mangler måned."), text=text)
    try:
        return date(one.year, one.month, one.day)
    except ValueError:
        raise NotADate(N_("«%(text)s» er ikke en dato som finnes."), text=text) from None
