"""The yearly report: what is counted, how a row is written, and what is worth a second look.

The tables and their columns are those of the offices' reports of 2024 and 2025.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from courseapp.domain import role_line
from courseapp.domain.event import LIVE_STATUSES, EventKind, EventStatus, ReportTable
from courseapp.domain.modes import Mode, counts_line
from courseapp.domain.planning import COURSE_TITLE
from courseapp.domain.registration import Role
from courseapp.domain.report import NotANumber, participants
from courseapp.domain.report_heads import COLUMNS, ReportColumn

FIRST_YEAR, LAST_YEAR = 2000, 2100
HYBRID = "Fysisk og digital deltakelse"
"""As the offices write it."""


class Source(StrEnum):
    """Where a number of participants comes from."""

    TYPED = "typed"
    ATTENDED = "attended"
    SEATS = "seats"
    SUMMED = "summed"
    BLANK = "blank"


FROM_MARKS = frozenset({Source.ATTENDED, Source.SUMMED})
"""Where somebody without a mark is missing from the number."""


class Flag(StrEnum):
    """What is worth a second look in a row."""

    ROLES_OVER = "roles_over"
    UNMARKED = "unmarked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known about one activity. `when` is its dates in the offices' notation, or the words typed for them.

    `seats` have a seat, `known` are all who ever signed up, `attended` were there at least once (None where nobody was
    marked), `unmarked` have a seat and no mark. `roles` are those of the people that are counted, `modes` how they took
    part in a hybrid event, and `reported_digital` how many of a typed number called in. `series_id`: several meetings
    of a series in one, its number in `reported_number`.
    """

    event_id: int
    slug: str
    kind: EventKind
    table: ReportTable
    title: str
    topic: str
    place: str
    when: str
    days: tuple[date, ...]
    office: str
    own: bool
    joint_with: tuple[str, ...]
    external_organizer: str
    target_group: str
    comment: str
    reported_number: int | None
    reported_approximate: bool
    reported_text: str
    reported_roles: str
    seats: int
    known: int
    attended: int | None
    unmarked: int
    roles: Mapping[Role, int]
    typed: bool
    series_id: int | None = None
    hybrid: bool = False
    modes: Mapping[Mode, int] = field(default_factory=dict)
    reported_digital: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many took part: None is not known, which is not zero. `text` is how the report writes it."""

    number: int | None
    approximate: bool
    text: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What somebody wrote over a cell, why, who and when."""

    value: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCell:
    """What a cell says, and what it would say by itself where somebody wrote over it."""

    text: str
    computed: str
    written: Written | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """One row. `number` is what sums use; `over` is by how many its roles are more than its people.

    `few`: the number is known, and too small to be told this reader; then `number` is None.
    """

    event_id: int
    slug: str
    cells: Mapping[ReportColumn, ReportCell]
    number: int | None
    approximate: bool
    source: Source
    flags: tuple[Flag, ...]
    over: int
    roles_total: int
    unmarked: int
    opens: bool = field(default=False)
    series_id: int | None = None
    few: bool = field(default=False)


def is_counted(status: EventStatus, starts_at: datetime | None, ends_at: datetime | None, now: datetime) -> bool:
    """Whether an event belongs in a report: it was held, or its time has passed without anybody calling it off."""
    if starts_at is not None and starts_at > now:
        return False
    return status is EventStatus.HELD or (status in LIVE_STATUSES and ends_at is not None and ends_at <= now)


def year_of(*, typed: bool, report_year: int | None, first_day: date | None) -> int | None:
    """The year an activity is reported in: the one that was typed, otherwise that of its first day."""
    if typed or first_day is None:
        return report_year or (first_day.year if first_day else None)
    return first_day.year


def count(facts: Facts) -> Count:
    """A typed number wins; else those who were there, where attendance was marked; else those with a seat."""
    if facts.reported_number is not None or facts.reported_text:
        text, source = _as_written(facts), Source.TYPED if facts.series_id is None else Source.SUMMED
        return Count(number=facts.reported_number, approximate=facts.reported_approximate, text=text, source=source)
    if facts.attended is not None:
        return Count(number=facts.attended, approximate=False, text=str(facts.attended), source=Source.ATTENDED)
    if facts.known:
        return Count(number=facts.seats, approximate=False, text=str(facts.seats), source=Source.SEATS)
    return Count(number=None, approximate=False, text="", source=Source.BLANK)


def number(facts: Facts, written: Mapping[ReportColumn, Written]) -> int | None:
    """How many took part, for sums: what somebody wrote over it, else what is counted; None is not known."""
    if ReportColumn.NUMBER in written:
        return _number_in(written[ReportColumn.NUMBER].value)[0]
    return count(facts).number


def row(facts: Facts, heads: Mapping[ReportColumn, str], written: Mapping[ReportColumn, Written]) -> ReportRow:
    """A row as the report writes it, with what somebody wrote over it on top."""
    own = count(facts)
    number, approximate, source = own.number, own.approximate, own.source
    if ReportColumn.NUMBER in written:
        (number, approximate), source = _number_in(written[ReportColumn.NUMBER].value), Source.TYPED
    parts = role_line.said(facts.reported_roles) or role_line.counted(facts.roles)
    roles = role_line.line(parts, None if approximate else number)
    computed = _computed(facts, heads, own.text, roles.text)
    marks = {Flag.ROLES_OVER: roles.over > 0, Flag.UNMARKED: source in FROM_MARKS and facts.unmarked > 0}
    return ReportRow(
        event_id=facts.event_id,
        slug=facts.slug,
        cells={column: _cell(computed[column], written.get(column)) for column in COLUMNS[facts.table]},
        number=number,
        approximate=approximate,
        source=source,
        flags=tuple(flag for flag, there in marks.items() if there),
        over=roles.over,
        roles_total=roles.total,
        unmarked=facts.unmarked,
        series_id=facts.series_id,
    )


def in_order(facts: Sequence[Facts]) -> list[Facts]:
    """By first day; what has none comes last, in the order it was typed in."""
    return sorted(facts, key=lambda one: (one.days[0] if one.days else date.max, one.event_id))


def modes_of(facts: Facts) -> Mapping[Mode, int]:
    """How many came and how many called in, of those that are counted; nothing where that is not known."""
    if not facts.hybrid:
        return {}
    own = count(facts)
    if own.source is not Source.TYPED:
        return facts.modes
    number, digital = facts.reported_number, facts.reported_digital
    if number is None or digital is None or digital > number:
        return {}
    return {Mode.PHYSICAL: number - digital, Mode.DIGITAL: digital}


def sentence(text: str) -> str:
    """The text with a capital first letter; the rest as it is."""
    return text[:1].upper() + text[1:]


def _computed(facts: Facts, heads: Mapping[ReportColumn, str], number: str, roles: str) -> dict[ReportColumn, str]:
    """What each cell says by itself."""
    return {
        ReportColumn.PLACE: _place(facts, heads),
        ReportColumn.ACTIVITY: facts.title,
        ReportColumn.TOPIC: facts.topic,
        ReportColumn.NUMBER: number,
        ReportColumn.COMMENT: _comment(facts, roles),
    }


def _cell(computed: str, written: Written | None) -> ReportCell:
    return ReportCell(text=computed if written is None else written.value, computed=computed, written=written)


def _as_written(facts: Facts) -> str:
    """The words that were typed, as long as they still tell the number that counts."""
    try:
        words = participants(facts.reported_text)
    except NotANumber:
        return facts.reported_text
    if (words.number, words.approximate) == (facts.reported_number, facts.reported_approximate):
        return facts.reported_text or _number_text(facts.reported_number, facts.reported_approximate)
    return _number_text(facts.reported_number, facts.reported_approximate) or facts.reported_text


def _number_text(number: int | None, approximate: bool) -> str:  # noqa: FBT001 - one of the two parts of a number
    return "" if number is None else f"{'Ca. ' if approximate else ''}{number}"


def _number_in(text: str) -> tuple[int | None, bool]:
    try:
        read = participants(text)
    except NotANumber:
        return None, False
    return read.number, read.approximate


def _place(facts: Facts, heads: Mapping[ReportColumn, str]) -> str:
    """«Kragerø 18.–19. mars 2025», with what the comment would have told where the office has no such column."""
    title = facts.title if facts.table is ReportTable.COURSES and not facts.title.startswith(COURSE_TITLE) else ""
    named = title if title and facts.kind is not EventKind.VEILEDERKURS else ""
    text = " ".join(filter(None, [f"{named}:" if named else "", facts.place, facts.when]))
    marks = "" if heads[ReportColumn.COMMENT] else ", ".join(_marks(facts))
    return f"{text} ({marks})" if marks else text


def _comment(facts: Facts, roles: str) -> str:
    own = "" if facts.comment == facts.reported_roles else facts.comment
    target = facts.target_group if facts.typed else ""
    parts = [one.strip() for one in (roles, _modes(facts), target, own, *_marks(facts)) if one.strip()]
    if len(parts) < 2 and roles + target + own:
        return parts[0]
    return ". ".join([*(sentence(part.rstrip(".")) for part in parts[:-1]), *map(sentence, parts[-1:])])


def _modes(facts: Facts) -> str:
    """«Fysisk og digital deltakelse: 31 fysisk, 124 digitalt», unless the comment says so already."""
    if not facts.hybrid or HYBRID.casefold() in facts.comment.casefold():
        return ""
    known = modes_of(facts)
    return f"{HYBRID}: {counts_line(known)}" if any(known.values()) else HYBRID


def _marks(facts: Facts) -> list[str]:
    """«felles med Øst», «i regi av Legeforeningen», unless the comment says so already."""
    found = []
    if facts.joint_with:
        *first, last = facts.joint_with
        found.append(f"felles med {' og '.join(filter(None, [', '.join(first), last]))}")
    if facts.external_organizer and facts.external_organizer.casefold() not in facts.comment.casefold():
        found.append(f"i regi av {facts.external_organizer}")
    return found
