"""Dates and times as people say them, in the reader's language and on a Norwegian clock.

Norwegian follows Språkrådet: a full stop after the day, «3.–6. juni» with an en dash and no spaces, lower-case
weekdays, «kl. 09.00–16.00». English writes «3–6 June» and «09:00–16:00». Times are shown in Europe/Oslo.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby, zip_longest
from typing import Protocol
from zoneinfo import ZoneInfo

from courseapp.domain.marking import N_
from courseapp.speech import said as _
from courseapp.wording import HARD_SPACE, listed


class HasTimes(Protocol):
    """Anything with a start and an end."""

    @property
    def starts_at(self) -> datetime:
        """Aware start."""

    @property
    def ends_at(self) -> datetime:
        """Aware end."""


OSLO = ZoneInfo("Europe/Oslo")

MONTHS = (
    N_("januar"),
    N_("februar"),
    N_("mars"),
    N_("april"),
    N_("mai"),
    N_("juni"),
    N_("juli"),
    N_("august"),
    N_("september"),
    N_("oktober"),
    N_("november"),
    N_("desember"),
)
"""In bokmål; `month` says them in the reader's language."""

WEEKDAYS = (
    N_("mandag"),
    N_("tirsdag"),
    N_("onsdag"),
    N_("torsdag"),
    N_("fredag"),
    N_("lørdag"),
    N_("søndag"),
)


def local(moment: datetime) -> datetime:
    """The moment on a Norwegian clock."""
    return moment.astimezone(OSLO)


def month(number: int) -> str:
    """What month 1 to 12 is called."""
    return str(_(MONTHS[number - 1]))


def weekday(number: int) -> str:
    """What day 0 (Monday) to 6 is called."""
    return str(_(WEEKDAYS[number]))


def in_month(number: int) -> str:
    """A day within its month: «18.», in English «18»."""
    return str(_("%(day)s.", day=number))


def _spans(days: Sequence[date]) -> list[tuple[date, date]]:
    """Sorted days as runs of consecutive days."""
    ordered = sorted(set(days))
    runs = groupby(enumerate(ordered), key=lambda pair: pair[1].toordinal() - pair[0])
    return [(run[0][1], run[-1][1]) for run in (list(members) for _place, members in runs)]


def _span_text(first: date, last: date, *, with_year: bool, with_month: bool) -> str:
    tail = (f" {month(last.month)}" if with_month else "") + (f" {last.year}" if with_year else "")
    ending = f"{in_month(last.day)}{tail}"
    if first == last:
        return ending
    if first.year != last.year:
        return f"{in_month(first.day)} {month(first.month)} {first.year}–{ending}"
    if first.month != last.month:
        return f"{in_month(first.day)} {month(first.month)}–{ending}"
    return f"{in_month(first.day)}–{ending}"


def dates(days: Sequence[date]) -> str:
    """Days as the offices write them: «18.–19. mars 2025», «22. februar og 21. mars 2024»."""
    spans = _spans(days)
    texts = []
    for here, following in zip_longest(spans, spans[1:]):
        year = following is None or following[1].year != here[1].year
        texts.append(_span_text(*here, with_year=year, with_month=year or following[1].month != here[1].month))
    return listed(texts)


def weekday_dates(days: Sequence[date]) -> str:
    """Days as people say them: «tirsdag 18. og onsdag 19. mars 2025»."""
    ordered = sorted(set(days))
    texts = []
    for here, following in zip_longest(ordered, ordered[1:]):
        year = following is None or following.year != here.year
        text = _span_text(here, here, with_year=year, with_month=year or following.month != here.month)
        texts.append(f"{weekday(here.weekday())} {text}")
    return listed(texts)


def day(moment: datetime) -> str:
    """«tirsdag 18. mars 2025»."""
    return weekday_dates([local(moment).date()])


def short_day(moment: datetime) -> str:
    """«18. mars 2025»."""
    return dates([local(moment).date()])


def clock_time(moment: datetime) -> str:
    """«09.00»."""
    here = local(moment)
    return str(_("%(hour)s.%(minute)s", hour=f"{here:%H}", minute=f"{here:%M}"))


def time_span(starts_at: datetime, ends_at: datetime) -> str:
    """«kl. 09.00–16.00»."""
    times = _("kl. %(times)s", times=f"{clock_time(starts_at)}–{clock_time(ends_at)}")
    return str(times).replace(" ", HARD_SPACE)


def moment(value: datetime) -> str:
    """«3. mars 2025 kl. 12.00»."""
    at = _("%(day)s kl. %(time)s", day=short_day(value), time=clock_time(value))
    return str(at).replace("kl. ", f"kl.{HARD_SPACE}")


def sessions_dates(sessions: Sequence[HasTimes]) -> str:
    """The days of sessions, as the offices write them."""
    return dates([local(one.starts_at).date() for one in sessions])


def sessions_weekday_dates(sessions: Sequence[HasTimes]) -> str:
    """The days of sessions, as people say them."""
    return weekday_dates([local(one.starts_at).date() for one in sessions])


def session_times(session: HasTimes) -> str:
    """«kl. 09.00–16.00» of one session."""
    return time_span(session.starts_at, session.ends_at)
