"""The yearly report of one office: its tables, row by row, with sums, heads and what was written over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from courseapp import speech
from courseapp.db import db
from courseapp.domain import hushed_report, report_heads, yearly
from courseapp.domain.access import Actor, UserRole, check, may_organize, may_see_persons
from courseapp.domain.errors import NotFound
from courseapp.domain.event import ReportTable
from courseapp.domain.language import Language
from courseapp.domain.report_heads import Heads, ReportColumn
from courseapp.domain.yearly import FIRST_YEAR, LAST_YEAR, Facts, ReportRow
from courseapp.models.event import Event
from courseapp.models.office import Office
from courseapp.models.report import ReportHeads
from courseapp.models.series import EventSeries
from courseapp.queries import series_facts, yearly_facts
from courseapp.queries.series_facts import Overrides, overrides_of


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeName:
    """An office to choose."""

    slug: str
    name: str
    short_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSum:
    """What a table sums to. `blank` rows have no number, `few` too small a one to tell; `approximate` when any is."""

    rows: int
    people: int
    blank: int
    approximate: bool
    few: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPart:
    """One table: its heads in order (columns an office leaves out are not here), its rows, and their sum."""

    table: ReportTable
    heads: tuple[tuple[ReportColumn, str], ...]
    rows: tuple[ReportRow, ...]
    sum: TableSum


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The page. `to_come`: events of the year that are not over and therefore not in it. `years` to choose among."""

    office: OfficeName
    offices: tuple[OfficeName, ...]
    year: int
    years: tuple[int, ...]
    parts: tuple[ReportPart, ...]
    to_come: int
    may_organize: bool
    national: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPage:
    """One row to write over, with its heads."""

    office: OfficeName
    year: int
    table: ReportTable
    heads: tuple[tuple[ReportColumn, str], ...]
    row: ReportRow
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadsPage:
    """The heads of an office, all of them, to change."""

    office: OfficeName
    heads: Heads


def of_office(actor: Actor, slug: str, year: int, now: datetime) -> Report:
    """The report of an office the actor belongs to, or of any for a national role; an empty slug is the first of them.

    Raises NotFound for others' offices and for years that are none.
    """
    office, offices = office_of(actor, slug, year)
    return _report(actor, office, offices, year, now)


def for_command(slug: str, year: int, now: datetime) -> Report:
    """The same for the command line, which stands outside the house's doors. Raises NotFound as `of_office` does."""
    everybody = Actor(user_id=0, name="", roles=(), national=UserRole.ADMINISTRATOR)
    if not slug:
        raise NotFound
    return of_office(everybody, slug, year, now)


def row(actor: Actor, slug: str, year: int, event_id: int, now: datetime) -> RowPage:
    """One row of the report, for those who may write over it. Raises NotFound for everybody else."""
    office, offices = office_of(actor, slug, year)
    check(may_organize(actor, [office.id]))
    report = _report(actor, office, offices, year, now)
    for part in report.parts:
        for one in part.rows:
            if one.event_id == event_id:
                title = _title(one)
                heads, table = part.heads, part.table
                return RowPage(office=report.office, year=year, table=table, heads=heads, row=one, title=title)
    raise NotFound


def _title(row: ReportRow) -> str:
    """What stands in a row: an event, or a series of them."""
    if row.series_id is not None:
        return db.session.get_one(EventSeries, row.series_id).title
    return db.session.get_one(Event, row.event_id).title


def heads(actor: Actor, slug: str) -> HeadsPage:
    """The heads of an office, for those who may change them. Raises NotFound for everybody else."""
    office, _offices = office_of(actor, slug, FIRST_YEAR)
    check(may_organize(actor, [office.id]))
    return HeadsPage(office=name_of(office), heads=_heads(office))


def office_of(actor: Actor, slug: str, year: int) -> tuple[Office, list[Office]]:
    """The office asked for, or the first, and all the actor may ask for. Raises NotFound; for other queries."""
    chosen = select(Office).order_by(Office.id)
    if actor.offices is not None:
        chosen = chosen.where(Office.id.in_(actor.offices))
    offices = list(db.session.scalars(chosen))
    office = next((one for one in offices if not slug or one.slug == slug), None)
    if office is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound
    return office, offices


def _report(actor: Actor, office: Office, offices: list[Office], year: int, now: datetime) -> Report:
    """What is reported stands in bokmål, whatever the page around it speaks: its reader is Norwegian."""
    with speech.speaking(Language.BOKMAL):
        return _in_bokmal(actor, office, offices, year, now)


def _in_bokmal(actor: Actor, office: Office, offices: list[Office], year: int, now: datetime) -> Report:
    events = yearly_facts.events_of(year, office.id)
    people = yearly_facts.people_of(one.id for one in events)
    held = [one for one in events if yearly_facts.is_counted(one, now)]
    found = series_facts.rows(held, people, office.id)
    opens = {one.id for one in held if may_see_persons(actor, [one.office_id, *(other.id for other in one.partners)])}
    written, hush = overrides_of(office.id), actor.national is UserRole.READER
    headings = _heads(office)
    return Report(
        office=name_of(office),
        offices=tuple(name_of(one) for one in offices),
        year=year,
        years=tuple(sorted({*yearly_facts.years(), year}, reverse=True)),
        parts=tuple(_part(table, found, headings, written, opens, hush=hush) for table in ReportTable),
        to_come=len(events) - len(held),
        may_organize=may_organize(actor, [office.id]),
        national=actor.national is not None,
    )


def _part(
    table: ReportTable, found: list[Facts], headings: Heads, written: Overrides, opens: set[int], *, hush: bool
) -> ReportPart:
    rows = []
    for one in found:
        if one.table is table:
            made = yearly.row(one, headings[table], written.get(one.event_id, {}))
            if hush:
                made = hushed_report.row(made, one)
            rows.append(replace(made, opens=one.event_id in opens and (one.known > 0 or one.series_id is not None)))
    return ReportPart(
        table=table,
        heads=tuple((column, head) for column, head in headings[table].items() if head),
        rows=tuple(rows),
        sum=TableSum(
            rows=len(rows),
            people=sum(one.number or 0 for one in rows),
            blank=sum(one.number is None and not one.few for one in rows),
            approximate=any(one.approximate for one in rows if one.number is not None),
            few=sum(one.few for one in rows),
        ),
    )


def _heads(office: Office) -> Heads:
    kept = db.session.get(ReportHeads, office.id)
    return report_heads.heads_of(office.slug, kept.heads if kept else {})


def name_of(office: Office) -> OfficeName:
    """What an office is called."""
    return OfficeName(slug=office.slug, name=office.name, short_name=office.short_name)
