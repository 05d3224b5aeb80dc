"""Series at the desk: what can be made again, and the page of one series with its counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from courseapp import when
from courseapp.db import db
from courseapp.domain import yearly
from courseapp.domain.access import Actor, check, may_decide, may_see_persons
from courseapp.domain.errors import NotFound
from courseapp.domain.event import WITH_SIGN_UP, EventStatus
from courseapp.domain.planning import gaps
from courseapp.domain.report_heads import ReportColumn, heads_of
from courseapp.domain.series import Counted, Series
from courseapp.domain.yearly import Facts
from courseapp.models.event import Event
from courseapp.models.series import EventSeries
from courseapp.queries import series_facts, yearly_facts
from courseapp.queries.events import whole
from courseapp.queries.plans import wish_of
from courseapp.queries.series_facts import Overrides


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatSource:
    """What shall be made again. `first`: its first day, None for an activity without one; `taken`: days that are there.

    `may_publish`: nothing is missing but a day to come.
    """

    slug: str
    title: str
    when: str
    typed: bool
    first: date | None
    series: Series | None
    taken: frozenset[date]
    may_publish: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One of a series. `number` as its own row of the report would write it; `counted`: a report has it by now."""

    slug: str
    title: str
    when: str
    place: str
    status: EventStatus
    typed: bool
    number: str
    counted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRow:
    """What the report of a year says about the series: so many meetings, this number."""

    year: int
    meetings: int
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesPage:
    """The page. `latest`: the slug to count on from; `drafts`: how many could be thrown away together."""

    series: Series
    office: str
    members: tuple[Member, ...]
    years: tuple[YearRow, ...]
    latest: str
    latest_typed: bool
    drafts: int
    decides: bool


def source(actor: Actor, slug: str, *, typed: bool) -> RepeatSource:
    """An event, or a typed activity, to make again. Raises NotFound for what cannot be, and who does not decide."""
    event = whole(slug)
    if event is None or event.typed is not typed or event.status is EventStatus.CANCELLED:
        raise NotFound
    check(may_decide(actor, event.office_id))
    first = None if event.starts_at is None else when.local(event.starts_at).date()
    if not typed and (first is None or event.kind not in WITH_SIGN_UP):
        raise NotFound
    members = _members(event.series_id) if event.series_id else [event]
    starts = [one.starts_at for one in members if one.starts_at and one.status is not EventStatus.CANCELLED]
    return RepeatSource(
        slug=event.slug,
        title=event.title,
        when=when.dates(_days(event)) or event.dates_text,
        typed=typed,
        first=first,
        series=None if event.series is None else series_facts.as_series(event.series),
        taken=frozenset(when.local(start).date() for start in starts),
        may_publish=not typed and _is_whole(event),
    )


def page(actor: Actor, series_id: int, now: datetime) -> SeriesPage:
    """One series, for members of its office and of those that share any of its events. Raises NotFound."""
    kept = db.session.get(EventSeries, series_id)
    if kept is None:
        raise NotFound
    events = _members(series_id)
    check(may_see_persons(actor, {kept.office_id, *(other.id for one in events for other in one.partners)}))
    people = yearly_facts.people_of(one.id for one in events)
    facts = {one.id: yearly_facts.facts(one, people[one.id], kept.office_id) for one in events}
    held = [one for one in events if yearly_facts.is_counted(one, now) and one.status is not EventStatus.CANCELLED]
    latest = events[-1] if events else None
    return SeriesPage(
        series=series_facts.as_series(kept),
        office=kept.office.name,
        members=tuple(_member(one, facts[one.id], counted=one in held) for one in events),
        years=_years(kept, held),
        latest=latest.slug if latest else "",
        latest_typed=latest is not None and latest.typed,
        drafts=sum(one.status is EventStatus.DRAFT for one in events),
        decides=may_decide(actor, kept.office_id),
    )


def _member(event: Event, facts: Facts, *, counted: bool) -> Member:
    return Member(
        slug=event.slug,
        title=event.title,
        when=facts.when,
        place=facts.place,
        status=event.status,
        typed=event.typed,
        number=yearly.count(facts).text,
        counted=counted,
    )


def _years(kept: EventSeries, held: Sequence[Event]) -> tuple[YearRow, ...]:
    """Each year's row, where the series is one row of the report; what somebody wrote over it counts."""
    if kept.counted is Counted.EACH:
        return ()
    by_year: dict[int, list[Event]] = {}
    for one in held:
        by_year.setdefault(yearly_facts.year_of(one) or 0, []).append(one)
    people = yearly_facts.people_of(one.id for one in held)
    written = series_facts.overrides_of(kept.office_id)
    return tuple(
        YearRow(
            year=year,
            meetings=len(mine),
            number=" + ".join(
                yearly.row(row, heads_of("", {})[row.table], written.get(row.event_id, {}))
                .cells[ReportColumn.NUMBER]
                .text
                for row in series_facts.rows(mine, people, kept.office_id)
            ),
        )
        for year, mine in sorted(by_year.items())
    )


def _number(facts: Facts, written: Overrides) -> str:
    made = yearly.row(facts, heads_of("", {})[facts.table], written.get(facts.event_id, {}))
    return made.cells[ReportColumn.NUMBER].text


def _members(series_id: int) -> list[Event]:
    """The events of a series by their days; what has none comes last."""
    found = db.session.scalars(
        select(Event)
        .where(Event.series_id == series_id)
        .options(selectinload(Event.office), selectinload(Event.partners), selectinload(Event.sessions))
        .order_by(Event.starts_at.is_(None), Event.starts_at, Event.id)
    )
    return list(found)


def _days(event: Event) -> list[date]:
    return [when.local(one.starts_at).date() for one in event.sessions if not one.cancelled]


def _is_whole(event: Event) -> bool:
    """Whether it lacks nothing to be published, looked at before it begins."""
    assert event.starts_at is not None
    before = datetime.min.replace(tzinfo=event.starts_at.tzinfo)
    return not gaps(wish_of(event), before)
