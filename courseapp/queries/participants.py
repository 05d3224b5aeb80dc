"""An event's participants, for those who may see persons: grouped by role, with the line, mail states and history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import selectinload

from courseapp.db import db
from courseapp.domain.access import Actor, check, may_organize, may_see_persons
from courseapp.domain.errors import NotFound
from courseapp.domain.registration import TAKES_SEAT, Role, Status
from courseapp.domain.rows import EventPage, PersonDetails
from courseapp.models.event import Event
from courseapp.models.journal import MailState, OutboxEmail
from courseapp.models.registration import Registration
from courseapp.queries import events, history
from courseapp.queries.history import HistoryRow, LetterRow
from courseapp.queries.registrations import details, place_in_line

PAGE_SIZE = 200
_ROLE_ORDER = {role: order for order, role in enumerate(Role)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantRow:
    """One person in the table. `mail` is the worst state among her letters, None without any."""

    id: int
    status: Status
    position: int | None
    person: PersonDetails
    signed_up_at: datetime
    mail: MailState | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGroup:
    """One role: how many have it as their primary role in all, and those on this page."""

    role: Role
    count: int
    people: tuple[ParticipantRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantTable:
    """The page: seats by role, then the line, applications, and those who left.

    Every list pages with the same number, PAGE_SIZE of each, so nobody stands on two pages. `total` counts everybody
    with a seat, `offered` those of them who have not answered yet.
    """

    event: EventPage
    groups: tuple[RoleGroup, ...]
    total: int
    offered: int
    page: int
    pages: int
    waiting: tuple[ParticipantRow, ...]
    waiting_total: int
    applied: tuple[ParticipantRow, ...]
    applied_total: int
    gone: tuple[ParticipantRow, ...]
    gone_total: int
    mail_failed: int
    may_organize: bool
    untold: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantPage:
    """Everything about one participant at one event. `readings`: who has opened this page."""

    row: ParticipantRow
    event: EventPage
    history: tuple[HistoryRow, ...]
    readings: tuple[HistoryRow, ...]
    letters: tuple[LetterRow, ...]
    may_organize: bool


def table(actor: Actor, slug: str, now: datetime, *, page: int = 1) -> ParticipantTable:
    """One page of the table with all its counts; a page past the last is the last.

    Raises NotFound for events the actor may not see persons of.
    """
    event = _event(actor, slug)
    by_status, by_role = _counts(event.id)
    totals = [sum(by_status.get(status, 0) for status in statuses) for statuses in _LISTS]
    pages = max(1, *(-(-total // PAGE_SIZE) for total in totals))
    page = min(page, pages)
    found = [
        _people(event.id, statuses, order=order, page=page) if total > (page - 1) * PAGE_SIZE else ()
        for (statuses, order), total in zip(_ordered_lists(), totals, strict=True)
    ]
    mail = _mail_states([one.id for people in found for one in people])
    seated, waiting, applied, gone = (_rows(people, mail, page) for people in found)
    return ParticipantTable(
        event=events.as_page(event, events.seats_of(db.session(), [event])[event.id], now),
        groups=_groups(by_role, seated),
        total=totals[0],
        offered=by_status.get(Status.OFFERED, 0),
        page=page,
        pages=pages,
        waiting=waiting,
        waiting_total=totals[1],
        applied=applied,
        applied_total=totals[2],
        gone=gone,
        gone_total=totals[3],
        mail_failed=_failed(event.id),
        may_organize=may_organize(actor, _offices(event)),
        untold=event.told is not None,
    )


def everyone(actor: Actor, slug: str) -> tuple[int, str, list[ParticipantRow]]:
    """The event's id and title, and all active registrations in the table's order, for exports."""
    event = _event(actor, slug)
    active = [*TAKES_SEAT, Status.WAITLISTED, Status.APPLIED]
    rank = case({Status.WAITLISTED: 1, Status.APPLIED: 2}, value=Registration.status, else_=0)
    place = case({Status.WAITLISTED: Registration.line_no}, value=Registration.status, else_=0)
    people = db.session.scalars(
        select(Registration)
        .where(Registration.event_id == event.id, Registration.status.in_(active))
        .options(selectinload(Registration.other_roles), selectinload(Registration.dietary))
        .order_by(rank, place, _by_role(), _by_name(), Registration.id)
    )
    rows: list[ParticipantRow] = []
    position = 0
    for one in people:
        position += one.status is Status.WAITLISTED
        rows.append(_row(one, None, position if one.status is Status.WAITLISTED else None))
    return event.id, event.title, rows


def participant(actor: Actor, slug: str, registration_id: int, now: datetime) -> ParticipantPage:
    """One participant with history and letters. Raises NotFound for other offices' people."""
    event = _event(actor, slug)
    found = db.session.scalar(
        select(Registration)
        .where(Registration.id == registration_id, Registration.event_id == event.id)
        .options(selectinload(Registration.other_roles), selectinload(Registration.dietary))
    )
    if found is None:
        raise NotFound
    position = place_in_line(db.session(), found) if found.status is Status.WAITLISTED else None
    return ParticipantPage(
        row=_row(found, _mail_states([found.id]).get(found.id), position),
        event=events.as_page(event, events.seats_of(db.session(), [event])[event.id], now),
        history=history.acts(found.id),
        readings=history.readings(found.id),
        letters=history.letters(found.id),
        may_organize=may_organize(actor, _offices(event)),
    )


def _event(actor: Actor, slug: str) -> Event:
    event = events.whole(slug)
    if event is None:
        raise NotFound
    check(may_see_persons(actor, _offices(event)))
    return event


def _offices(event: Event) -> list[int]:
    return [event.office_id, *(office.id for office in event.partners)]


def _by_role() -> ColumnElement[int]:
    return case(_ROLE_ORDER, value=Registration.primary_role)


def _by_name() -> ColumnElement[str]:
    """Byte by byte, as the key is made for; a PostgreSQL of another locale would order it in its own way."""
    key = Registration.sort_key
    return key.collate("C") if db.engine.dialect.name == "postgresql" else key.expression


_LISTS: tuple[Set[Status], ...] = (
    TAKES_SEAT,
    frozenset({Status.WAITLISTED}),
    frozenset({Status.APPLIED}),
    frozenset({Status.CANCELLED, Status.DECLINED}),
)
"""The lists of the table, from the top."""


def _ordered_lists() -> Iterable[tuple[Set[Status], Sequence[ColumnElement[Any]]]]:
    number = Registration.id.expression
    orders = (
        (_by_role(), _by_name(), number),
        (Registration.line_no.expression,),
        (Registration.created_at.expression, number),
        (Registration.status_at.desc(), number),
    )
    return zip(_LISTS, orders, strict=True)


def _people(
    event_id: int, statuses: Set[Status], *, order: Sequence[ColumnElement[Any]], page: int
) -> Sequence[Registration]:
    return db.session.scalars(
        select(Registration)
        .where(Registration.event_id == event_id, Registration.status.in_(list(statuses)))
        .options(selectinload(Registration.other_roles), selectinload(Registration.dietary))
        .order_by(*order)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()


def _counts(event_id: int) -> tuple[dict[Status, int], dict[Role, int]]:
    """How many have each status, and how many with a seat have each role."""
    counted = db.session.execute(
        select(Registration.status, Registration.primary_role, func.count())
        .where(Registration.event_id == event_id)
        .group_by(Registration.status, Registration.primary_role)
    )
    by_status: dict[Status, int] = {}
    by_role: dict[Role, int] = {}
    for status, role, count in counted:
        by_status[status] = by_status.get(status, 0) + count
        if status in TAKES_SEAT:
            by_role[role] = by_role.get(role, 0) + count
    return by_status, by_role


def _failed(event_id: int) -> int:
    chosen = select(func.count(OutboxEmail.registration_id.distinct())).where(
        OutboxEmail.event_id == event_id, OutboxEmail.state == MailState.FAILED
    )
    return db.session.scalar(chosen) or 0


def _groups(counts: dict[Role, int], people: Iterable[ParticipantRow]) -> tuple[RoleGroup, ...]:
    """Roles with anybody on this page, in the order of the report: the order in which they come."""
    runs = groupby(people, key=lambda one: one.person.primary_role)
    return tuple(RoleGroup(role=role, count=counts[role], people=tuple(here)) for role, here in runs)


_WORST = {MailState.FAILED: 4, MailState.SENDING: 3, MailState.QUEUED: 2, MailState.SENT: 1}


def _mail_states(ids: Sequence[int]) -> dict[int, MailState]:
    rows = db.session.execute(
        select(OutboxEmail.registration_id, OutboxEmail.state)
        .where(OutboxEmail.registration_id.in_(ids), OutboxEmail.state != MailState.SUPERSEDED)
        .distinct()
    )
    worst: dict[int, MailState] = {}
    for registration_id, state in rows:
        known = worst.get(registration_id or 0)
        if known is None or _WORST[state] > _WORST[known]:
            worst[registration_id or 0] = state
    return worst


def _rows(people: Sequence[Registration], mail: dict[int, MailState], page: int) -> tuple[ParticipantRow, ...]:
    """Rows of one list; those who wait are numbered on from the pages before."""
    first = (page - 1) * PAGE_SIZE + 1
    return tuple(
        _row(one, mail.get(one.id), place if one.status is Status.WAITLISTED else None)
        for place, one in enumerate(people, start=first)
    )


def _row(registration: Registration, mail: MailState | None, position: int | None) -> ParticipantRow:
    return ParticipantRow(
        id=registration.id,
        status=registration.status,
        position=position,
        person=details(registration),
        signed_up_at=registration.created_at,
        mail=mail,
    )
