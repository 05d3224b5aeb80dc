"""Labels, dates, hours and counts in Norwegian; used by pages, letters and documents.

Dates follow Språkrådet: a full stop after the day, «3.–6. juni» with an en dash and no spaces, lower-case weekdays,
«kl. 09.00–16.00». Times are shown in Europe/Oslo.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby, pairwise, zip_longest
from typing import Protocol
from zoneinfo import ZoneInfo

from courseapp.domain.changes import Change, ChangeKind
from courseapp.domain.marking import N_
from courseapp.labels import FIELDS, HISTORY, LABELS, PERSON_FIELDS, SHORT_LABELS


class HasPlace(Protocol):
    """Anything that happens somewhere."""

    @property
    def place(self) -> str:
        """What the place is called, or nothing."""

    @property
    def digital(self) -> bool:
        """Whether there is a video meeting."""

    @property
    def cancelled(self) -> bool:
        """Whether it is called off."""


class HasTimes(Protocol):
    """Anything with a start and an end."""

    @property
    def starts_at(self) -> datetime:
        """Aware start."""

    @property
    def ends_at(self) -> datetime:
        """Aware end."""


OSLO = ZoneInfo("Europe/Oslo")
HARD_SPACE = "\N{NO-BREAK SPACE}"

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
WEEKDAYS = (
    N_("mandag"),
    N_("tirsdag"),
    N_("onsdag"),
    N_("torsdag"),
    N_("fredag"),
    N_("lørdag"),
    N_("søndag"),
)


def label(value: StrEnum) -> str:
    """The bokmål label of an enum member."""
    return LABELS[type(value), str(value)]


def short_label(value: StrEnum) -> str:
    """A label for narrow places: the abbreviation where everybody knows it."""
    return SHORT_LABELS.get((type(value), str(value))) or label(value)


def history(verb: str) -> str:
    """What an audit verb is called; one that has no words yet is shown as it is."""
    return HISTORY.get(verb, verb)


def field_name(field: str) -> str:
    """What a field of an event is called."""
    return FIELDS.get(field, field)


def person_field(field: str) -> str:
    """What a field of a participant is called."""
    return PERSON_FIELDS.get(field, field)


def local(moment: datetime) -> datetime:
    """The moment on a Norwegian clock."""
    return moment.astimezone(OSLO)


def _spans(days: Sequence[date]) -> list[tuple[date, date]]:
    """Sorted days as runs of consecutive days."""
    ordered = sorted(set(days))
    runs = groupby(enumerate(ordered), key=lambda pair: pair[1].toordinal() - pair[0])
    return [(run[0][1], run[-1][1]) for run in (list(members) for _, members in runs)]


def _span_text(first: date, last: date, *, year: bool, month: bool) -> str:
    tail = (f" {MONTHS[last.month - 1]}" if month else "") + (f" {last.year}" if year else "")
    if first == last:
        return f"{last.day}.{tail}"
    if first.year != last.year:
        return f"{first.day}. {MONTHS[first.month - 1]} {first.year}–{last.day}.{tail}"
    if first.month != last.month:
        return f"{first.day}. {MONTHS[first.month - 1]}–{last.day}.{tail}"
    return f"{first.day}.–{last.day}.{tail}"


def listed(parts: Sequence[str]) -> str:
    """«a», «a og b», «a, b og c»."""
    return " og ".join(filter(None, [", ".join(parts[:-1]), parts[-1]])) if parts else ""


def dates(days: Sequence[date]) -> str:
    """Days as the offices write them: «18.–19. mars 2025», «22. februar og 21. mars 2024»."""
    spans = _spans(days)
    texts = []
    for here, following in zip_longest(spans, spans[1:]):
        year = following is None or following[1].year != here[1].year
        month = year or following is None or following[1].month != here[1].month
        texts.append(_span_text(*here, year=year, month=month))
    return listed(texts)


def weekday_dates(days: Sequence[date]) -> str:
    """Days as people say them: «tirsdag 18. og onsdag 19. mars 2025»."""
    ordered = sorted(set(days))
    texts = []
    for here, following in zip_longest(ordered, ordered[1:]):
        year = following is None or following.year != here.year
        month = year or following is None or following.month != here.month
        texts.append(f"{WEEKDAYS[here.weekday()]} {_span_text(here, here, year=year, month=month)}")
    return listed(texts)


def day(moment: datetime) -> str:
    """«tirsdag 18. mars 2025»."""
    return weekday_dates([local(moment).date()])


def short_day(moment: datetime) -> str:
    """«18. mars 2025»."""
    return dates([local(moment).date()])


def clock_time(moment: datetime) -> str:
    """«09.00»."""
    return f"{local(moment):%H.%M}"


def time_span(starts_at: datetime, ends_at: datetime) -> str:
    """«kl. 09.00–16.00»."""
    return f"kl.{HARD_SPACE}{clock_time(starts_at)}–{clock_time(ends_at)}"


def moment(value: datetime) -> str:
    """«3. mars 2025 kl. 12.00»."""
    return f"{short_day(value)} kl.{HARD_SPACE}{clock_time(value)}"


def number(value: int) -> str:
    """Thousands with a hard space from five digits: «10 000»."""
    return f"{value:,}".replace(",", HARD_SPACE) if abs(value) >= 10_000 else str(value)


def hours(minutes: int) -> str:
    """Minutes as hours: «18 timer», «1 time», «7,5 timer»."""
    amount = f"{minutes / 60:.2f}".rstrip("0").rstrip(".").replace(".", ",")
    return f"{amount}{HARD_SPACE}{'time' if minutes == 60 else 'timer'}"


def counted(count: int, one: str, many: str) -> str:
    """«1 plass», «12 plasser»."""
    return f"{number(count)}{HARD_SPACE}{one if count == 1 else many}"


def phone(value: str) -> str:
    """Norwegian numbers in pairs, 8xx as 3+2+3 (nummerforskriften § 16); foreign ones as they are."""
    digits = value.removeprefix("+47")
    if not value.startswith("+47") or len(digits) != 8:
        return value
    cuts = (0, 3, 5, 8) if digits[0] == "8" else (0, 2, 4, 6, 8)
    return HARD_SPACE.join(digits[a:b] for a, b in pairwise(cuts))


def sessions_dates(sessions: Sequence[HasTimes]) -> str:
    """The days of sessions, as the offices write them."""
    return dates([local(one.starts_at).date() for one in sessions])


def sessions_weekday_dates(sessions: Sequence[HasTimes]) -> str:
    """The days of sessions, as people say them."""
    return weekday_dates([local(one.starts_at).date() for one in sessions])


def session_times(session: HasTimes) -> str:
    """«kl. 09.00–16.00» of one session."""
    return time_span(session.starts_at, session.ends_at)


def session_title(title: str, session_number: int, sessions_total: int) -> str:
    """An event's title, with the day's number where there are several (calendar entries, subjects)."""
    return f"{title} (dag {session_number} av {sessions_total})" if sessions_total > 1 and session_number else title


def session_location(place: str, address: str) -> str:
    """Place and address as one line."""
    return ", ".join(filter(None, [place, address]))


def places(sessions: Sequence[HasPlace]) -> str:
    """Where it is, each place once: «Bodø», «Bodø og digitalt»; empty where nothing is known."""
    going = [one for one in sessions if not one.cancelled] or sessions
    return listed(list(dict.fromkeys(one.place or "digitalt" for one in going if one.place or one.digital)))


def change_text(change: Change) -> str:
    """One change in one line: what it was, what it is."""
    old, new = change.old, change.new
    match change.kind:
        case ChangeKind.REMOVED if old is not None:
            return f"{day(old.starts_at)} {session_times(old)} utgår"
        case ChangeKind.ADDED if new is not None:
            return f"Ny samling: {day(new.starts_at)} {session_times(new)}{', ' + new.place if new.place else ''}"
        case ChangeKind.TIME if old is not None and new is not None:
            return f"Ny tid: {day(new.starts_at)} {session_times(new)} (før: {day(old.starts_at)} {session_times(old)})"
        case ChangeKind.PLACE if old is not None and new is not None:
            return f"Nytt sted {short_day(new.starts_at)}: {new.place or '–'} (før: {old.place or '–'})"
        case ChangeKind.TITLE:
            return f"Ny tittel: {change.after} (før: {change.before})"
        case _:
            return f"Kursholdere: {change.after or '–'} (før: {change.before or '–'})"


FILTERS = {
    "label": label,
    "short_label": short_label,
    "history": history,
    "field_name": field_name,
    "person_field": person_field,
    "day": day,
    "short_day": short_day,
    "moment": moment,
    "clock_time": clock_time,
    "hours": hours,
    "phone": phone,
    "number": number,
    "listed": listed,
}
"""Template filters of pages and letters."""

GLOBALS = {
    "dates": sessions_dates,
    "weekday_dates": sessions_weekday_dates,
    "weekdays": weekday_dates,
    "time_span": session_times,
    "session_title": session_title,
    "session_location": session_location,
    "local": local,
    "counted": counted,
    "change_text": change_text,
}
"""Template functions of pages and letters."""
