"""Activities nobody signs up for: an office's list of a year, and one of them to change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from courseapp.db import db
from courseapp.domain import names
from courseapp.domain.access import Actor, check, may_decide, may_organize
from courseapp.domain.activities import ActivityWish
from courseapp.domain.errors import NotFound
from courseapp.domain.event import EventKind, EventStatus, ReportTable
from courseapp.domain.report_heads import ReportColumn, heads_of
from courseapp.domain.yearly import FIRST_YEAR, LAST_YEAR, in_order, row
from courseapp.models.event import Event
from courseapp.models.office import Office
from courseapp.queries import yearly_facts
from courseapp.queries.events import whole
from courseapp.queries.office_events import seen_by


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeChoice:
    """An office in a form."""

    slug: str
    name: str
    short_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRow:
    """One line. `number` as the report writes it; `planned`: its day has not come, so no report has it yet."""

    slug: str
    kind: EventKind
    title: str
    topic: str
    place: str
    when: str
    number: str
    comment: str
    office: str
    partners: tuple[str, ...]
    planned: bool
    series_id: int | None
    may_change: bool
    may_copy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityList:
    """The page: lines by report table, tables without any left out. `organizes`: where the actor may add one."""

    year: int
    years: tuple[int, ...]
    office: str
    place: str
    places: tuple[str, ...]
    offices: tuple[OfficeChoice, ...]
    organizes: tuple[OfficeChoice, ...]
    tables: tuple[tuple[ReportTable, tuple[ActivityRow, ...]], ...]

    @property
    def total(self) -> int:
        """Lines in all tables."""
        return sum(len(rows) for _table, rows in self.tables)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a form offers: the offices the actor may type in for, and all there are to share with."""

    organizes: tuple[OfficeChoice, ...]
    offices: tuple[OfficeChoice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityPage:
    """One to change: what was typed, whose it is, and whether the actor may share or delete it."""

    slug: str
    office: OfficeChoice
    wish: ActivityWish
    decides: bool
    series_id: int | None


def listing(actor: Actor, year: int, now: datetime, *, office: str = "", place: str = "") -> ActivityList:
    """What was typed in for a year by the actor's offices, or shared with them; `place` cuts it down to one place.

    Raises NotFound for no year.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound
    offices = _offices(actor)
    chosen = next((one for one in offices if one.slug == office), None)
    mine = set(db.session.scalars(select(Event.id).where(seen_by(actor), Event.typed)))
    events = [
        one
        for one in yearly_facts.events_of(year, None if chosen is None else chosen.id)
        if one.id in mine and one.status is EventStatus.HELD
    ]
    places = {one.place_text for one in events if one.place_text}
    rows = _rows(actor, [one for one in events if place in {"", one.place_text}], now)
    return ActivityList(
        year=year,
        years=tuple(sorted({*yearly_facts.years(), year}, reverse=True)),
        office=chosen.slug if chosen else "",
        place=place,
        places=tuple(sorted(places | ({place} if place else set()), key=lambda one: names.sort_key(one, ""))),
        offices=tuple(_choice(one) for one in offices),
        organizes=tuple(_choice(one) for one in offices if may_organize(actor, [one.id])),
        tables=tuple((table, tuple(rows[table])) for table in ReportTable if rows[table]),
    )


def choices(actor: Actor) -> Choices:
    """What the forms offer. Raises NotFound for whoever organizes nowhere."""
    everybody = list(db.session.scalars(select(Office).order_by(Office.id)))
    mine = [one for one in everybody if may_organize(actor, [one.id])]
    check(bool(mine))
    return Choices(organizes=tuple(map(_choice, mine)), offices=tuple(map(_choice, everybody)))


def one(actor: Actor, slug: str) -> ActivityPage:
    """One to change. Raises NotFound for what was not typed in, and for other offices' organizers."""
    event = whole(slug)
    if event is None or not event.typed or event.status is not EventStatus.HELD:
        raise NotFound
    check(may_organize(actor, [event.office_id, *(office.id for office in event.partners)]))
    return ActivityPage(
        slug=event.slug,
        office=_choice(event.office),
        wish=wish_of(event),
        decides=may_decide(actor, event.office_id),
        series_id=event.series_id,
    )


def wish_of(event: Event) -> ActivityWish:
    """What somebody would have to type in to get this activity."""
    return ActivityWish(
        kind=event.kind,
        title=event.title,
        year=yearly_facts.year_of(event) or 0,
        table=event.report_table,
        when=event.dates_text,
        topic=event.topic,
        place=event.place_text,
        target_group=event.target_group,
        number=event.reported_text or _number(event),
        comment=event.comment,
        partners=tuple(office.slug for office in event.partners),
        external_organizer=event.external_organizer,
    )


def _number(event: Event) -> str:
    if event.reported_number is None:
        return ""
    return f"Ca. {event.reported_number}" if event.reported_approximate else str(event.reported_number)


def _rows(actor: Actor, events: list[Event], now: datetime) -> dict[ReportTable, list[ActivityRow]]:
    people = yearly_facts.people_of(event.id for event in events)
    by_id = {event.id: event for event in events}
    found: dict[ReportTable, list[ActivityRow]] = {table: [] for table in ReportTable}
    for facts in in_order([yearly_facts.facts(event, people[event.id], event.office_id) for event in events]):
        event = by_id[facts.event_id]
        cells = row(facts, heads_of("", {})[facts.table], {}).cells
        found[facts.table].append(
            ActivityRow(
                slug=event.slug,
                kind=event.kind,
                title=event.title,
                topic=event.topic,
                place=facts.place,
                when=facts.when,
                number=cells[ReportColumn.NUMBER].text,
                comment=cells[ReportColumn.COMMENT].text,
                office=event.office.short_name,
                partners=facts.joint_with,
                planned=not yearly_facts.is_counted(event, now),
                series_id=event.series_id,
                may_change=may_organize(actor, [event.office_id, *(other.id for other in event.partners)]),
                may_copy=may_organize(actor, [event.office_id]),
            )
        )
    return found


def _offices(actor: Actor) -> list[Office]:
    chosen = select(Office).order_by(Office.id)
    if actor.offices is not None:
        chosen = chosen.where(Office.id.in_(actor.offices))
    return list(db.session.scalars(chosen))


def _choice(office: Office) -> OfficeChoice:
    return OfficeChoice(slug=office.slug, name=office.name, short_name=office.short_name)
