"""Ten years that have been, for load tests: events of all offices with all that real life leaves behind them.

People, letters, history, attendance and kursbevis are made by the database itself, so a million registrations take
minutes and no memory. What has had its time by now is anonymous, as the worker would have left it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import (
    CTE,
    JSON,
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    insert,
    literal,
    null,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from courseapp import clock, when
from courseapp.db import Base, insert_or_update, transaction
from courseapp.domain import retention
from courseapp.domain.attendance import AttendanceState
from courseapp.domain.event import EventKind, EventStatus, FillMode, ReportTable, SeatRule
from courseapp.domain.registration import Source, Status
from courseapp.models.attendance import Attendance
from courseapp.models.certificate import Certificate, CertificateSeries
from courseapp.models.event import Event, EventSession
from courseapp.models.journal import AuditEntry, MailState, OutboxEmail
from courseapp.models.office import Office
from courseapp.models.registration import Registration
from courseapp.services.load_data import ROLES, WrongAmount

YEARS = 10
BATCH = 250
"""Events in one transaction."""

PLACES = ("Bodø", "Tromsø", "Trondheim", "Bergen", "Oslo", "Drammen", "Kristiansand", "Stavanger", "Ålesund", "Alta")
OCCASIONS = ("confirmation", "invitation", "reminder")
VERBS = ("signed_up", "reminded")
FIRST_SERIAL = 100_000
"""Kursbevis of load data begin above those of real use, all with six digits."""

Values = dict[InstrumentedAttribute[Any], Any]


@dataclass(frozen=True, kw_only=True)
class _Batch:
    """Events of one office in one year; `slugs` begin with `prefix`. The first `longer` have one person more."""

    office_id: int
    code: str
    year: int
    prefix: str
    days: tuple[date, ...]
    people: int
    longer: int


def generate_past(events: int, registrations: int) -> int:
    """Add held events of all offices over the last ten years, people spread evenly over them; how many events.

    Nobody is written to. Every hundredth letter of the last two years failed. Raises WrongAmount.
    """
    if events < 1 or registrations < 0:
        raise WrongAmount
    now = clock.now()
    with transaction() as tx:
        serial = tx.scalar(select(func.max(Event.id))) or 0
        offices = [(one.id, one.slug) for one in tx.scalars(select(Office).order_by(Office.id))]
    for batch in _batches(events, registrations, offices, serial, now):
        with transaction() as tx:
            _fill(tx, batch, now)
    return events


def _batches(
    events: int, registrations: int, offices: list[tuple[int, str]], serial: int, now: datetime
) -> Iterator[_Batch]:
    """Every year and office has its share; the first ones one event more."""
    people, longer = divmod(registrations, events)
    shares = [(year, office) for year in range(1, YEARS + 1) for office in offices]
    for number, (back, (office_id, code)) in enumerate(shares):
        last = when.local(now).date() - timedelta(days=365 * (back - 1) + 3)
        mine = events // len(shares) + (number < events % len(shares))
        days = iter([last - timedelta(days=at * 360 // max(1, mine)) for at in range(mine)])
        while some := tuple(islice(days, BATCH)):
            prefix = f"tidligere-{serial}-{number}-{some[0].toordinal()}-"
            more = min(longer, len(some))
            longer -= more
            yield _Batch(
                office_id=office_id, code=code, year=some[0].year, prefix=prefix, days=some, people=people, longer=more
            )


def _fill(tx: Session, batch: _Batch, now: datetime) -> None:
    tx.execute(insert(Event), [_event(batch, at, day, now) for at, day in enumerate(batch.days)])
    ids = tx.scalars(select(Event.id).where(Event.slug.startswith(batch.prefix)).order_by(Event.id)).all()
    held = zip(ids, batch.days, strict=True)
    tx.execute(insert(EventSession), [row for event_id, day in held for row in _sessions(event_id, day)])
    if not batch.people + batch.longer:
        return
    events = select(Event).where(Event.id.between(ids[0], ids[-1]))
    numbers = _numbers(batch.people + 1)
    there = numbers.c.n < batch.people + case((Event.id < ids[0] + batch.longer, 1), else_=0)
    _copy(tx, Registration, _people(numbers.c.n), events.join(numbers, there))
    people = events.join(Registration, Registration.event_id == Event.id)
    _copy(tx, OutboxEmail, _letters(letter := _words(OCCASIONS)), people.join(letter, true()))
    _copy(tx, AuditEntry, _history(verb := _words(VERBS)), people.join(verb, true()))
    seated = people.where(Registration.status == Status.REGISTERED)
    _copy(tx, Attendance, _marks(), seated.join(EventSession, EventSession.event_id == Event.id))
    _copy(tx, Certificate, _papers(batch, _last(tx, batch)), seated)
    _go_on_from(tx, batch)


def _copy(tx: Session, table: type[Base], values: Values, source: Select[Any]) -> None:
    """Insert what a question about events gives, a row for each."""
    names = [column.key for column in values]
    tx.execute(insert(table).from_select(names, source.with_only_columns(*values.values())))


def _event(batch: _Batch, at: int, day: date, now: datetime) -> dict[str, Any]:
    course = at % 2 == 0
    ended = _at(day + timedelta(days=int(course)), 16)
    return {
        "office_id": batch.office_id,
        "slug": f"{batch.prefix}{at}",
        "kind": EventKind.VEILEDERKURS if course else EventKind.ALIS_KVELD,
        "status": EventStatus.HELD,
        "title": f"Prøvekurs {batch.year}-{at}",
        "capacity": batch.people + 1,
        "seat_rule": SeatRule.FIRST_COME,
        "fill_mode": FillMode.CONFIRM,
        "starts_at": _at(day, 9),
        "ends_at": ended,
        "last_line_no": batch.people,
        "report_table": ReportTable.COURSES if course else ReportTable.REGIONAL,
        "report_year": day.year,
        "thanked_at": ended,
        "people_forgotten_at": now if ended < retention.limits(now).people else None,
        "created_at": _at(day - timedelta(days=60), 9),
        "updated_at": ended,
    }


def _sessions(event_id: int, day: date) -> Iterator[dict[str, Any]]:
    for one in (day, day + timedelta(days=1)):
        moment = {"starts_at": _at(one, 9), "ends_at": _at(one, 16), "updated_at": _at(day, 9)}
        yield {"event_id": event_id, "place": "Prøvesalen", "minutes": 540, **moment}


def _people(number: ColumnElement[int]) -> Values:
    """Every twentieth waited in vain, and every twentieth signed off. Forgotten ones are as the worker leaves them."""
    remembered = Event.people_forgotten_at.is_(None)
    place = _text(Event.id) + "." + _text(number)
    email = case((remembered, literal("prove.") + place + "@example.org"), else_=literal("slettet-") + place)
    last_name = case(
        (remembered, literal("Person ") + _text((Event.id * 7919 + number * 104_729) % 50_021)), else_="deltaker"
    )
    waits = number % 20 == 1
    status = case((number % 20 == 0, Status.CANCELLED), (waits, Status.WAITLISTED), else_=Status.REGISTERED)
    return {
        Registration.event_id: Event.id,
        Registration.status: status,
        Registration.line_no: case((waits, number + 1), else_=null()),
        Registration.first_name: case((remembered, "Prøve"), else_="Slettet"),
        Registration.last_name: last_name,
        Registration.sort_key: func.lower(last_name),
        Registration.email: email,
        Registration.email_key: email,
        Registration.primary_role: _one_of(ROLES, number),
        Registration.municipality: _one_of(PLACES, Event.id + number * 3),
        Registration.supervises: literal([], JSON),
        Registration.source: literal(Source.GENERATED),
        Registration.created_at: Event.created_at,
        Registration.status_at: Event.created_at,
        Registration.updated_at: Event.updated_at,
        Registration.anonymised_at: Event.people_forgotten_at,
    }


def _letters(occasion: CTE) -> Values:
    """Of those that are forgotten nothing is left but that they went."""
    failed = and_(Event.people_forgotten_at.is_(None), (Registration.id + Event.id) % 100 == 0)
    name = literal("<prove.") + _text(Registration.id) + "." + occasion.c.word + "@example.org>"
    return {
        OutboxEmail.office_id: Event.office_id,
        OutboxEmail.event_id: Event.id,
        OutboxEmail.registration_id: Registration.id,
        OutboxEmail.occasion: occasion.c.word,
        OutboxEmail.sender_name: literal("Prøvekontoret"),
        OutboxEmail.sender_email: literal("kurs@example.org"),
        OutboxEmail.to_name: Registration.last_name,
        OutboxEmail.to_email: Registration.email,
        OutboxEmail.subject: Event.title,
        OutboxEmail.text: literal(""),
        OutboxEmail.html: literal(""),
        OutboxEmail.message_id: name,
        OutboxEmail.state: case((failed, MailState.FAILED), else_=MailState.SENT),
        OutboxEmail.attempts: literal(1),
        OutboxEmail.not_before: Event.created_at,
        OutboxEmail.created_at: Event.created_at,
        OutboxEmail.sent_at: case((failed, null()), else_=Event.created_at),
    }


def _history(verb: CTE) -> Values:
    return {
        AuditEntry.at: Event.created_at,
        AuditEntry.actor: literal("public"),
        AuditEntry.office_id: Event.office_id,
        AuditEntry.event_id: Event.id,
        AuditEntry.registration_id: Registration.id,
        AuditEntry.verb: verb.c.word,
        AuditEntry.details: literal({}, JSON),
    }


def _marks() -> Values:
    """Every fifteenth did not come."""
    away = Registration.id % 15 == 0
    return {
        Attendance.registration_id: Registration.id,
        Attendance.session_id: EventSession.id,
        Attendance.state: case((away, AttendanceState.ABSENT), else_=AttendanceState.PRESENT),
        Attendance.marked_at: EventSession.starts_at,
    }


def _papers(batch: _Batch, last: int) -> Values:
    """The register points at nobody who is forgotten."""
    serial = last + func.row_number().over(order_by=Registration.id)
    content = {"name": "Prøve", "hpr_number": "", "remark": "", "title": "Prøvekurs", "place": "", "days": []}
    return {
        Certificate.office_id: Event.office_id,
        Certificate.year: literal(batch.year),
        Certificate.serial: serial,
        Certificate.number: literal(f"{batch.code.upper()}-{batch.year}-") + _text(serial),
        Certificate.code: literal("ABCDEFGH"),
        Certificate.event_id: Event.id,
        Certificate.registration_id: case((Event.people_forgotten_at.is_(None), Registration.id), else_=null()),
        Certificate.name: Registration.last_name,
        Certificate.minutes: literal(1080),
        Certificate.content: literal({**content, "minutes": 1080, "approvals": [], "leaders": [], "office": ""}, JSON),
        Certificate.issued_at: Event.ends_at,
    }


def _last(tx: Session, batch: _Batch) -> int:
    """The last number of the office and year, at least FIRST_SERIAL."""
    chosen = Certificate.office_id == batch.office_id, Certificate.year == batch.year
    return max(FIRST_SERIAL, tx.scalar(select(func.max(Certificate.serial)).where(*chosen)) or 0)


def _go_on_from(tx: Session, batch: _Batch) -> None:
    """Whoever issues the next one there goes on from the last."""
    told = insert_or_update(tx, CertificateSeries).values(
        office_id=batch.office_id, year=batch.year, last_no=_last(tx, batch)
    )
    last = {"last_no": told.excluded.last_no}
    tx.execute(told.on_conflict_do_update(index_elements=["office_id", "year"], set_=last))


def _numbers(count: int) -> CTE:
    """0, 1, … as rows."""
    first = select(literal(0, Integer).label("n")).cte("numbers", recursive=True)
    return first.union_all(select(first.c.n + 1).where(first.c.n < count - 1))


def _words(words: tuple[str, ...]) -> CTE:
    """The words as rows."""
    return union_all(*(select(literal(word).label("word")) for word in words)).cte()


def _one_of(words: Sequence[str], number: ColumnElement[int]) -> ColumnElement[str]:
    return case(dict(enumerate(words)), value=number % len(words))


def _text(number: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[str]:
    return cast(number, String)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), when.OSLO)
