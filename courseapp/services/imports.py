"""Files from outside: the activities of earlier years, as the offices' yearly reports list them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp import clock, when, wording
from courseapp.db import transaction
from courseapp.domain import access
from courseapp.domain.access import Actor
from courseapp.domain.activity_file import Activity, ImportRefused, Problem, activities
from courseapp.domain.event import EventKind, EventStatus
from courseapp.domain.marking import N_
from courseapp.models.event import Event, EventSession
from courseapp.models.office import Office
from courseapp.services import events

DAY_STARTS, DAY_ENDS = time(9, 0), time(16, 0)
"""The reports give days without hours: a day is 09.00–16.00 in Norway, never midnight."""

Identity = tuple[object, ...]
"""Office, year, table, place, dates, title and topic: what makes two rows the same activity."""

NO_OFFICE = N_("Kontoret «%(name)s» finnes ikke. Kontorene er %(known)s.")
NOT_YOURS = N_("Du kan ikke importere aktiviteter for %(office)s.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """How many rows became events, and how many were there already."""

    added: int
    known: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A row that could be imported: whose, and whether it is there already."""

    row: Activity
    office: str
    known: bool


def import_activities(content: bytes, *, actor: Actor | None) -> Imported:
    """Add every row of a csv file as a held event; rows that are there already are only counted.

    All or nothing: raises ImportRefused with every row that cannot be understood, and then nothing is added.
    Raises NotFound for an actor who organizes nowhere. `actor` None is the system itself.
    """
    with transaction() as tx:
        offices = list(events.lock_offices(tx).values())
        if actor is not None:
            access.check(access.may_organize(actor, [office.id for office in offices]))
        rows = activities(content)
        owners = _owners(rows, offices, actor)
        now = clock.now()
        fresh = [(row, office) for row, office, known in _settled(tx, rows, owners) if not known]
        for row, office in fresh:
            _add(tx, row, office, now, actor)
        return Imported(added=len(fresh), known=len(rows) - len(fresh))


def try_activities(content: bytes, *, actor: Actor) -> list[Tried]:
    """What `import_activities` would do with each row, without doing any of it; raises as it does."""
    with transaction() as tx:
        offices = list(events.lock_offices(tx).values())
        access.check(access.may_organize(actor, [office.id for office in offices]))
        rows = activities(content)
        return [
            Tried(row=row, office=office.short_name, known=known)
            for row, office, known in _settled(tx, rows, _owners(rows, offices, actor))
        ]


def _settled(
    tx: Session, rows: Sequence[Activity], owners: Sequence[Office]
) -> Iterator[tuple[Activity, Office, bool]]:
    """Each row with its office, and whether it is there already."""
    seen: Counter[Identity] = Counter()
    there = _there(tx, {row.year for row in rows})
    for row, office in zip(rows, owners, strict=True):
        identity = _identity_of_row(row, office)
        seen[identity] += 1
        yield row, office, seen[identity] <= there[identity]


def _owners(rows: Sequence[Activity], offices: Sequence[Office], actor: Actor | None) -> list[Office]:
    """The office of each row, or ImportRefused with every row whose office is unknown or not the actor's."""
    by_name: Mapping[str, Office] = {
        name.casefold(): office for office in offices for name in (office.slug, office.short_name, office.name)
    }
    problems: list[Problem] = []
    found: list[Office] = []
    for row in rows:
        office = by_name.get(row.office.casefold())
        if office is None:
            known = wording.listed([one.short_name for one in offices])
            problems.append(Problem(row.line, NO_OFFICE, {"name": row.office, "known": known}))
        elif actor is not None and not access.may_organize(actor, [office.id]):
            problems.append(Problem(row.line, NOT_YOURS, {"office": office.short_name}))
        else:
            found.append(office)
    if problems:
        raise ImportRefused(problems)
    return found


def _there(tx: Session, years: Iterable[int]) -> Counter[Identity]:
    """How many events each identity has already; two equal rows of a file are two events."""
    rows = tx.execute(
        select(
            Event.office_id,
            Event.report_year,
            Event.report_table,
            Event.place_text,
            Event.dates_text,
            Event.title,
            Event.topic,
        ).where(Event.report_year.in_(list(years)))
    )
    return Counter(tuple(row) for row in rows)


def _identity_of_row(row: Activity, office: Office) -> Identity:
    return (office.id, row.year, row.table, row.place, row.dates_text, row.activity, row.topic)


def _add(tx: Session, row: Activity, office: Office, now: datetime, actor: Actor | None) -> None:
    event = Event(
        office_id=office.id,
        slug=events.free_slug(tx, *_name(row)),
        kind=row.kind,
        status=EventStatus.HELD,
        title=row.activity,
        external_organizer=row.external_organizer,
        typed=True,
        report_table=row.table,
        report_year=row.year,
        place_text=row.place,
        dates_text=row.dates_text,
        topic=row.topic,
        reported_number=row.number,
        reported_approximate=row.approximate,
        reported_text=row.participants_text,
        reported_roles=row.role_counts_text,
        comment=row.comment,
        created_at=now,
        updated_at=now,
    )
    event.sessions = [session(day, row.place, now) for day in row.days]
    if row.days:
        event.starts_at, event.ends_at = event.sessions[0].starts_at, event.sessions[-1].ends_at
    tx.add(event)
    tx.flush()
    tx.add(events.made(event, "imported", now, actor=actor))


def session(day: date, place: str, now: datetime) -> EventSession:
    """A day without hours as a session: 09.00–16.00."""
    return EventSession(
        starts_at=datetime.combine(day, DAY_STARTS, when.OSLO),
        ends_at=datetime.combine(day, DAY_ENDS, when.OSLO),
        place=place,
        updated_at=now,
    )


def _name(row: Activity) -> tuple[str, str]:
    """Title and place, then month and year: what a slug is made of."""
    title = "veilederkurs" if row.kind is EventKind.VEILEDERKURS else row.activity
    month = when.MONTHS[row.days[0].month - 1] if row.days else ""
    return f"{title} {row.place}", f"{month} {row.year}"
