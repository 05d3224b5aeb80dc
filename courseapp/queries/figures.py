"""Figures of an office's year beside the two before, and the events behind a number. No names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from courseapp.db import db
from courseapp.domain import figures, hushed_figures, hushed_report, small_numbers, yearly
from courseapp.domain.access import Actor, UserRole, check, may_see_persons
from courseapp.domain.event import EventKind
from courseapp.domain.figures import Figure, Held, KindSum, YearSum
from courseapp.domain.registration import Role, Status
from courseapp.domain.report_heads import ReportColumn
from courseapp.domain.yearly import FIRST_YEAR, Facts, Written
from courseapp.models.event import Event, EventLeader
from courseapp.models.person import CourseLeader
from courseapp.models.registration import Registration
from courseapp.queries import figure_facts, series_facts, yearly_facts
from courseapp.queries.series_facts import overrides
from courseapp.queries.yearly import OfficeName, name_of, office_of

YEARS = 3
"""So many years stand side by side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresPage:
    """The page: `sides` are the years side by side, latest first. `hush`: small counts are not for this reader.

    `opens`: this reader may see the events behind a number.
    """

    office: OfficeName
    offices: tuple[OfficeName, ...]
    year: int
    years: tuple[int, ...]
    sides: tuple[YearSum, ...]
    hush: bool
    opens: bool

    @property
    def kinds(self) -> list[EventKind]:
        """The kinds there was anything of in any of the years."""
        there = {one.kind for side in self.sides for one in side.kinds}
        return [kind for kind in EventKind if kind in there]


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """One event behind a number: the figures of it alone, and whether its list may be opened."""

    slug: str
    title: str
    place: str
    when: str
    joint_with: tuple[str, ...]
    sums: KindSum
    opens: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BehindPage:
    """What was held of one kind in a year, in order of time, and all of it together."""

    office: OfficeName
    year: int
    kind: EventKind
    rows: tuple[Behind, ...]
    sums: KindSum


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """An event with what is known of it: its report facts and its figures.

    `row` is the row of the report that goes by it: its own facts, those of its series where that is one row, or None
    for the other events of such a series.
    """

    event: Event
    facts: Facts
    row: Facts | None
    written: Mapping[ReportColumn, Written]
    held: Held

    @property
    def kind(self) -> EventKind:
        """What it is."""
        return self.event.kind


def of_office(actor: Actor, slug: str, year: int, now: datetime) -> FiguresPage:
    """An office's figures. Raises NotFound as the report does.

    A reader outside the office sees what the office is responsible for: what is joint would stand in two offices' sums,
    and the difference of the two would tell about others.
    """
    office, offices = office_of(actor, slug, year)
    hush = actor.national is UserRole.READER
    years = [one for one in range(year, year - YEARS, -1) if one >= FIRST_YEAR]
    by_year = {one: yearly_facts.events_of(one, office.id) for one in years}
    found = counted([one for events in by_year.values() for one in events], now, office.id)
    if hush:
        found = [one for one in found if one.event.office_id == office.id]
    return FiguresPage(
        office=name_of(office),
        offices=tuple(name_of(one) for one in offices),
        year=year,
        years=tuple(sorted({*yearly_facts.years(), year}, reverse=True)),
        sides=tuple(
            _year(one, [each for each in found if yearly_facts.year_of(each.event) == one], hush=hush)
            for one in by_year
        ),
        hush=hush,
        opens=may_see_persons(actor, [office.id]),
    )


def behind(actor: Actor, slug: str, year: int, kind: EventKind, now: datetime) -> BehindPage:
    """The events behind a kind's numbers, for members of the office. Raises NotFound for everybody else."""
    office, _offices = office_of(actor, slug, year)
    check(may_see_persons(actor, [office.id]))
    events = [one for one in yearly_facts.events_of(year, office.id) if one.kind is kind]
    found = {one.event.id: one for one in counted(events, now, office.id)}
    return BehindPage(
        office=name_of(office),
        year=year,
        kind=kind,
        rows=tuple(
            _behind(actor, found[one.event_id]) for one in yearly.in_order([each.facts for each in found.values()])
        ),
        sums=figures.by_kind(kind, [one.held for one in found.values()]),
    )


def counted(events: Sequence[Event], now: datetime, office_id: int | None = None) -> list[Counted]:
    """Those of the events that count by now, as that office reports them, or each as its own; for other queries."""
    held = [one for one in events if yearly_facts.is_counted(one, now)]
    people, more, written = yearly_facts.people_of(one.id for one in held), figure_facts.more_of(held), overrides()
    reports: dict[tuple[int, int | None], list[Event]] = defaultdict(list)
    for one in held:
        reports[one.office_id if office_id is None else office_id, yearly_facts.year_of(one)].append(one)
    found: dict[int, Counted] = {}
    for (owner, _year_of), mine in reports.items():
        over = written.get(owner, {})
        rows = {row.event_id: row for row in series_facts.rows(mine, people, owner)}
        numbers = series_facts.numbers(mine, list(rows.values()), over)
        for one in mine:
            found[one.id] = Counted(
                event=one,
                facts=yearly_facts.facts(one, people[one.id], owner),
                row=rows.get(one.id),
                written=over.get(one.id, {}),
                held=figure_facts.held(one, people[one.id], more, numbers[one.id]),
            )
    return [found[one.id] for one in held]


def sums(found: Iterable[Counted], *, hush: bool) -> tuple[KindSum, ...]:
    """Figures per kind, as the reader may see them; for other queries."""
    held = [one.held for one in found]
    return hushed_figures.sums(held) if hush else figures.sums(held)


def municipalities(events: Sequence[Event]) -> Figure:
    """Where those with a seat come from, each municipality once; unknown where nobody told."""
    seated = (Registration.event_id.in_([one.id for one in events]), Registration.status == Status.REGISTERED)
    places = select(func.count(Registration.municipality.distinct())).where(*seated, Registration.municipality != "")
    return _distinct(events, db.session.scalar(places) or 0)


def leaders(events: Sequence[Event]) -> Figure:
    """Who led, each once by her address; unknown where nobody is written down."""
    led = (
        select(func.count(func.lower(CourseLeader.email).distinct()))
        .join(EventLeader, EventLeader.leader_id == CourseLeader.id)
        .where(EventLeader.event_id.in_([one.id for one in events]))
    )
    return _distinct(events, db.session.scalar(led) or 0)


def _distinct(events: Sequence[Event], count: int) -> Figure:
    if count:
        return figures.exact(count)
    return figures.UNKNOWN if events else figures.NOTHING


def _year(year: int, found: Sequence[Counted], *, hush: bool) -> YearSum:
    events = [one.event for one in found]
    return YearSum(
        year=year,
        kinds=sums(found, hush=hush),
        roles=_roles(found, hush=hush),
        municipalities=municipalities(events),
        leaders=leaders(events),
    )


def _roles(found: Sequence[Counted], *, hush: bool) -> tuple[tuple[Role, int | None], ...]:
    """How many of each role; readers know some of them from the rows of the report already."""
    every: dict[Role, int] = defaultdict(int)
    told: dict[Role, int] = defaultdict(int)
    for one in found:
        if one.row is None:
            continue
        made = yearly.row(one.row, _HEADS, one.written)
        tells = hushed_report.tells_roles(made, one.row)
        for role, count in one.row.roles.items():
            every[role] += count
            told[role] += count if tells else 0
    there = [role for role in Role if every[role]]
    counts = [every[role] for role in there]
    shown = small_numbers.beside(counts, [told[role] for role in there]) if hush else counts
    return tuple(zip(there, shown, strict=True))


def _behind(actor: Actor, one: Counted) -> Behind:
    offices = [one.event.office_id, *(other.id for other in one.event.partners)]
    return Behind(
        slug=one.event.slug,
        title=one.facts.title,
        place=one.facts.place,
        when=one.facts.when,
        joint_with=one.facts.joint_with,
        sums=figures.by_kind(one.kind, [one.held]),
        opens=may_see_persons(actor, offices) and one.facts.known > 0,
    )


_HEADS = dict.fromkeys(ReportColumn, "")
