"""The six offices side by side, and the country: what was joint counts once, where its office is. No names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from courseapp.db import db
from courseapp.domain import figures, hushed_figures
from courseapp.domain.access import Actor, UserRole, check
from courseapp.domain.errors import NotFound
from courseapp.domain.event import ReportTable
from courseapp.domain.figures import Figure, KindSum
from courseapp.domain.yearly import FIRST_YEAR, LAST_YEAR
from courseapp.models.event import Event
from courseapp.models.office import Office
from courseapp.queries import doubles, yearly_facts
from courseapp.queries import figures as looks
from courseapp.queries.doubles import Doubled
from courseapp.queries.figures import Counted
from courseapp.queries.yearly import OfficeName, name_of


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCount:
    """What was done under one table: activities, people, rows without a number."""

    held: int
    people: Figure
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeYear:
    """One office, or the country where `office` is None: what it was responsible for by table, and all its figures.

    `joint` of its own were shared; it `joined` so many of others'.
    """

    office: OfficeName | None
    tables: dict[ReportTable, TableCount]
    sums: KindSum
    joint: int
    joined: int
    municipalities: Figure
    leaders: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """Six offices side by side, and `whole`, the country. `doubled`: what several of them wrote down."""

    year: int
    years: tuple[int, ...]
    offices: tuple[OfficeYear, ...]
    whole: OfficeYear
    doubled: tuple[Doubled, ...]
    hush: bool


def of_year(actor: Actor, year: int, now: datetime) -> Country:
    """The country's year, for national roles alone. Raises NotFound for everybody else, and for no year."""
    check(actor.national is not None)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound
    hush = actor.national is UserRole.READER
    found = looks.counted(yearly_facts.events_of(year), now)
    offices = tuple(
        _office_year(office, found, hush=hush) for office in db.session.scalars(select(Office).order_by(Office.id))
    )
    return Country(
        year=year,
        years=tuple(sorted({*yearly_facts.years(), year}, reverse=True)),
        offices=offices,
        whole=_whole(offices, [one.event for one in found]),
        doubled=doubles.of_country([(one.event, one.facts) for one in found]),
        hush=hush,
    )


def _office_year(office: Office, found: Sequence[Counted], *, hush: bool) -> OfficeYear:
    own = [one for one in found if one.event.office_id == office.id]
    events: list[Event] = [one.event for one in own]
    return OfficeYear(
        office=name_of(office),
        tables={table: _table([one for one in own if one.facts.table is table], hush=hush) for table in ReportTable},
        sums=figures.total(looks.sums(own, hush=hush)),
        joint=sum(bool(one.partners) for one in events),
        joined=sum(office.id in {other.id for other in one.event.partners} for one in found),
        municipalities=looks.municipalities(events),
        leaders=looks.leaders(events),
    )


def _table(mine: Sequence[Counted], *, hush: bool) -> TableCount:
    people = [one.held.people for one in mine]
    added = hushed_figures.added if hush else figures.added
    return TableCount(held=sum(one.row is not None for one in mine), people=added(people), unknown=people.count(None))


def _whole(offices: Sequence[OfficeYear], events: Sequence[Event]) -> OfficeYear:
    """Made of what each office tells; places and leaders are counted anew, for some are known in several offices."""
    return OfficeYear(
        office=None,
        tables={
            table: TableCount(
                held=sum(one.tables[table].held for one in offices),
                people=figures.together([one.tables[table].people for one in offices]),
                unknown=sum(one.tables[table].unknown for one in offices),
            )
            for table in ReportTable
        },
        sums=figures.total([one.sums for one in offices]),
        joint=sum(one.joint for one in offices),
        joined=sum(one.joined for one in offices),
        municipalities=looks.municipalities(events),
        leaders=looks.leaders(events),
    )
