"""Synthetic data for load tests: many published events, many registrations, every rule of the database kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from courseapp import clock, when
from courseapp.db import transaction
from courseapp.domain import names
from courseapp.domain.errors import DomainError
from courseapp.domain.event import EventKind, EventStatus, FillMode, ReportTable, SeatRule
from courseapp.domain.marking import N_
from courseapp.domain.planning import COURSE_APPROVALS, COURSE_MINUTES, COURSE_TITLE, LARGEST
from courseapp.domain.registration import Reason, Role, Source, Status, Supervises
from courseapp.models.event import Approval, Event, EventSession
from courseapp.models.journal import AuditEntry
from courseapp.models.office import Office
from courseapp.models.registration import Registration

OFFICE = "oslo"
CHUNK = 5_000
FIRST_DAY, DAYS = 30, 330
"""Events lie from a month to a year ahead, so that all are open for sign-up."""
ROLES = tuple(Role)


class WrongAmount(DomainError):
    """Amounts that mean nothing."""

    message = N_("Det må være minst ett arrangement, ingen negative tall, og plasser mellom 1 og 10 000.")


def generate(events: int, registrations: int, capacity: int | None) -> list[str]:
    """Add open veilederkurs of one office, with registrations spread evenly over them; the slugs, in order of time.

    With a capacity nobody gets a seat above it: the rest stand in line. Nobody is written to. Raises WrongAmount.
    """
    if events < 1 or registrations < 0 or (capacity is not None and not 1 <= capacity <= LARGEST):
        raise WrongAmount
    with transaction() as tx:
        now = clock.now()
        office_id = tx.scalars(select(Office.id).where(Office.slug == OFFICE).with_for_update(key_share=True)).one()
        serial = (tx.scalar(select(func.max(Event.id))) or 0) + 1
        counts = [registrations // events + (at < registrations % events) for at in range(events)]
        slugs = [f"provekurs-{serial + at}" for at in range(events)]
        rows = (
            _event(slug, office_id, capacity, count, at, events, now)
            for at, (slug, count) in enumerate(zip(slugs, counts, strict=True))
        )
        _insert(tx, Event, rows)
        stored = _stored(tx, slugs)
        _insert(tx, EventSession, (row for one in stored for row in _sessions(*one, now)))
        _insert(tx, Approval, (row for event_id, _ in stored for row in _approvals(event_id)))
        _insert(tx, AuditEntry, (_audit(event_id, office_id, now) for event_id, _ in stored))
        people = (
            _registration(event_id, number, capacity, now)
            for (event_id, _), count in zip(stored, counts, strict=True)
            for number in range(count)
        )
        _insert(tx, Registration, people)
    return slugs


def _insert(tx: Session, table: type[Any], rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows in chunks, so that memory does not grow with their number."""
    remaining = iter(rows)
    while chunk := list(islice(remaining, CHUNK)):
        tx.execute(insert(table), chunk)


def _stored(tx: Session, slugs: list[str]) -> list[tuple[int, datetime]]:
    """Id and start of each event, in the order of `slugs`."""
    found: dict[str, tuple[int, datetime]] = {}
    remaining = iter(slugs)
    while chunk := list(islice(remaining, CHUNK)):
        query = select(Event.slug, Event.id, Event.starts_at).where(Event.slug.in_(chunk))
        found |= {slug: (event_id, starts_at) for slug, event_id, starts_at in tx.execute(query) if starts_at}
    return [found[slug] for slug in slugs]


def _event(
    slug: str, office_id: int, capacity: int | None, count: int, at: int, events: int, now: datetime
) -> dict[str, Any]:
    first = when.local(now).date() + timedelta(days=FIRST_DAY + at * DAYS // events)
    return {
        "office_id": office_id,
        "slug": slug,
        "kind": EventKind.VEILEDERKURS,
        "status": EventStatus.PUBLISHED,
        "title": f"{COURSE_TITLE} ({slug})",
        "capacity": capacity,
        "seat_rule": SeatRule.FIRST_COME,
        "fill_mode": FillMode.CONFIRM,
        "starts_at": _at(first, 9),
        "ends_at": _at(first + timedelta(days=1), 16),
        "last_line_no": 0 if capacity is None else max(0, count - capacity),
        "report_table": ReportTable.COURSES,
        "report_year": first.year,
        "created_at": now,
        "updated_at": now,
    }


def _sessions(event_id: int, starts_at: datetime, now: datetime) -> Iterator[dict[str, Any]]:
    first = when.local(starts_at).date()
    for day in (first, first + timedelta(days=1)):
        yield {
            "event_id": event_id,
            "starts_at": _at(day, 9),
            "ends_at": _at(day, 16),
            "place": "Prøvesalen",
            "address": "Prøvegata 1, 0001 Oslo",
            "minutes": COURSE_MINUTES // 2,
            "updated_at": now,
        }


def _approvals(event_id: int) -> Iterator[dict[str, Any]]:
    for position, approval in enumerate(COURSE_APPROVALS, start=1):
        yield {"event_id": event_id, "position": position, "text": approval.text, "minutes": approval.minutes}


def _audit(event_id: int, office_id: int, now: datetime) -> dict[str, Any]:
    return {
        "at": now,
        "actor": "system",
        "office_id": office_id,
        "event_id": event_id,
        "verb": "generated",
        "details": {"kind": EventKind.VEILEDERKURS},
    }


def _registration(event_id: int, number: int, capacity: int | None, now: datetime) -> dict[str, Any]:
    waiting = capacity is not None and number >= capacity
    email = f"prove.{event_id}.{number}@example.org"
    last_name = f"Person {number + 1}"
    moment = now + timedelta(microseconds=number)
    return {
        "event_id": event_id,
        "status": Status.WAITLISTED if waiting else Status.REGISTERED,
        "line_no": number - capacity + 1 if waiting and capacity is not None else None,
        "first_name": "Prøve",
        "last_name": last_name,
        "sort_key": names.sort_key(last_name, "Prøve"),
        "email": email,
        "email_key": email,
        "mobile": "+4740612345",
        "primary_role": ROLES[number % len(ROLES)],
        "workplace": f"Prøve legesenter {number % 17}",
        "municipality": "Oslo",
        "supervises": [str(Supervises.ALIS)],
        "reason": Reason.SUPERVISOR,
        "source": Source.GENERATED,
        "created_at": moment,
        "status_at": moment,
        "updated_at": moment,
    }


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), when.OSLO)
