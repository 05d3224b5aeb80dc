"""Figures of an office's year beside the year before, and the six offices side by side. No names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from courseapp.db import db
from courseapp.domain import attendance, figures, yearly
from courseapp.domain.access import Actor, UserRole, check
from courseapp.domain.attendance import Mark
from courseapp.domain.errors import NotFound
from courseapp.domain.event import ReportTable
from courseapp.domain.figures import Held, YearSum
from courseapp.domain.registration import Role, Status
from courseapp.domain.yearly import FIRST_YEAR, LAST_YEAR
from courseapp.models.attendance import Attendance, HoursGrant
from courseapp.models.event import Event, EventLeader
from courseapp.models.office import Office
from courseapp.models.person import CourseLeader
from courseapp.models.registration import Registration
from courseapp.queries import series_facts, yearly_facts
from courseapp.queries.hours import meetings_of
from courseapp.queries.series_facts import Overrides, overrides
from courseapp.queries.yearly import OfficeName, name_of, office_of
from courseapp.queries.yearly_facts import People


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresPage:
    """The page: this year and the one before. `hush`: small counts of people are not for this reader."""

    office: OfficeName
    offices: tuple[OfficeName, ...]
    year: int
    years: tuple[int, ...]
    this: YearSum
    last: YearSum
    hush: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCount:
    """What one office did under one table: activities, people (None: too few to tell), rows without a number."""

    held: int
    people: int | None
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeYear:
    """One office: what it was responsible for by table, how much of it was joint, and the hours it gave in minutes."""

    office: OfficeName
    tables: dict[ReportTable, TableCount]
    joint: int
    joined: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubled:
    """What looks like one activity, and stands with several offices as their own."""

    title: str
    when: str
    offices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """Six offices side by side. `doubled`: the responsible office should share it with the others."""

    year: int
    years: tuple[int, ...]
    offices: tuple[OfficeYear, ...]
    doubled: tuple[Doubled, ...]
    hush: bool

    def total(self, table: ReportTable) -> TableCount:
        """The country under one table; people that are not told are not in the sum either."""
        found = [one.tables[table] for one in self.offices]
        return TableCount(
            held=sum(one.held for one in found),
            people=sum(one.people or 0 for one in found),
            unknown=sum(one.unknown for one in found),
        )

    def untold(self, table: ReportTable) -> bool:
        """Whether the country's sum under a table leaves out what was too few to tell."""
        return any(one.tables[table].people is None for one in self.offices)


def of_office(actor: Actor, slug: str, year: int, now: datetime) -> FiguresPage:
    """An office's figures. Raises NotFound as the report does."""
    office, offices = office_of(actor, slug, year)
    return FiguresPage(
        office=name_of(office),
        offices=tuple(name_of(one) for one in offices),
        year=year,
        years=tuple(sorted({*yearly_facts.years(), year}, reverse=True)),
        this=_year(office.id, year, now),
        last=_year(office.id, year - 1, now),
        hush=actor.national is UserRole.READER,
    )


def country(actor: Actor, year: int, now: datetime) -> Country:
    """The six side by side: what was joint counts where the responsible office is. For national roles alone."""
    check(actor.national is not None)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound
    events = [one for one in yearly_facts.events_of(year) if yearly_facts.is_counted(one, now)]
    people, minutes = yearly_facts.people_of(one.id for one in events), _minutes(events)
    hush, written = actor.national is UserRole.READER, overrides()
    return Country(
        year=year,
        years=tuple(sorted({*yearly_facts.years(), year}, reverse=True)),
        offices=tuple(
            _office_year(office, events, people, minutes, written.get(office.id, {}), hush=hush)
            for office in db.session.scalars(select(Office).order_by(Office.id))
        ),
        doubled=_doubled(events, people),
        hush=hush,
    )


def _year(office_id: int, year: int, now: datetime) -> YearSum:
    events = [one for one in yearly_facts.events_of(year, office_id) if yearly_facts.is_counted(one, now)]
    people, minutes = yearly_facts.people_of(one.id for one in events), _minutes(events)
    ids, written = [one.id for one in events], overrides().get(office_id, {})
    rows = series_facts.rows(events, people, office_id)
    numbers = series_facts.numbers(events, rows, written)
    roles: dict[Role, int] = defaultdict(int)
    for row in rows:
        for role, count in row.roles.items():
            roles[role] += count
    seated = (Registration.event_id.in_(ids), Registration.status == Status.REGISTERED)
    places = select(func.count(Registration.municipality.distinct())).where(*seated, Registration.municipality != "")
    leaders = (
        select(func.count(func.lower(CourseLeader.email).distinct()))
        .join(EventLeader, EventLeader.leader_id == CourseLeader.id)
        .where(EventLeader.event_id.in_(ids))
    )
    return YearSum(
        year=year,
        kinds=figures.sums([_held(one, people[one.id], minutes[one.id], numbers[one.id]) for one in events]),
        roles=tuple((role, roles[role]) for role in Role if roles[role]),
        municipalities=db.session.scalar(places) or 0,
        leaders=db.session.scalar(leaders) or 0,
    )


def _held(event: Event, people: People, minutes: int, number: int | None) -> Held:
    return Held(
        kind=event.kind,
        people=number,
        seats=event.capacity,
        seated=people.seats,
        sign_ups=sum(people.by_status.values()),
        attended=people.attended,
        absent=people.marked - (people.attended or 0),
        waiting=people.by_status.get(Status.WAITLISTED, 0),
        minutes=minutes,
    )


def _minutes(events: Sequence[Event]) -> dict[int, int]:
    """Course hours given at each event, in minutes, in two questions however many there are."""
    ids = [one.id for one in events]
    marks: dict[int, dict[int, dict[int, Mark]]] = {one: defaultdict(dict) for one in ids}
    seated = (Registration.event_id.in_(ids), Registration.status == Status.REGISTERED)
    found = select(Registration.event_id, Attendance).join(Attendance, Attendance.registration_id == Registration.id)
    for event_id, one in db.session.execute(found.where(*seated)):
        marks[event_id][one.registration_id][one.session_id] = Mark(state=one.state, minutes=one.minutes)
    asked = select(Registration.event_id, Registration.id, HoursGrant.minutes).join(
        HoursGrant, HoursGrant.registration_id == Registration.id
    )
    granted: dict[int, int] = {}
    for event_id, registration_id, minutes in db.session.execute(asked.where(*seated)):
        granted[registration_id] = minutes
        marks[event_id].setdefault(registration_id, {})
    return {
        event.id: sum(
            attendance.hours(meetings_of(event), mine, rule=event.hours_rule, granted=granted.get(person)).given
            for person, mine in marks[event.id].items()
        )
        for event in events
    }


def _office_year(
    office: Office,
    events: Sequence[Event],
    people: dict[int, People],
    minutes: dict[int, int],
    written: Overrides,
    *,
    hush: bool,
) -> OfficeYear:
    own = [one for one in events if one.office_id == office.id]
    rows = series_facts.rows(own, people, office.id)
    held = {table: [one for one in rows if one.table is table] for table in ReportTable}
    known = {table: [yearly.number(one, written.get(one.event_id, {})) for one in mine] for table, mine in held.items()}
    counts = [sum(number or 0 for number in numbers) for numbers in known.values()]
    told = figures.hushed(counts) if hush else counts
    return OfficeYear(
        office=name_of(office),
        tables={
            table: TableCount(held=len(held[table]), people=shown, unknown=known[table].count(None))
            for table, shown in zip(ReportTable, told, strict=True)
        },
        joint=sum(bool(one.partners) for one in own),
        joined=sum(office.id in {other.id for other in one.partners} for one in events),
        minutes=sum(minutes[one.id] for one in own),
    )


def _doubled(events: Sequence[Event], people: dict[int, People]) -> tuple[Doubled, ...]:
    """The same title on the same days at the same place, with several offices as their own."""
    same: dict[tuple[str, str, str], dict[int, str]] = defaultdict(dict)
    for one in events:
        facts = yearly_facts.facts(one, people[one.id], one.office_id)
        if facts.days:
            same[one.title.casefold(), facts.when, facts.place.casefold()][one.office_id] = one.office.short_name
    titles = {one.title.casefold(): one.title for one in events}
    return tuple(
        Doubled(title=titles[title], when=when, offices=tuple(names.values()))
        for (title, when, _place), names in same.items()
        if len(names) > 1
    )
