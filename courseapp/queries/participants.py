"""An event's participants, for those who may see persons: grouped by role, with the line, mail states and history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement

from courseapp.db import db
from courseapp.domain.access import Actor, check, may_organize, may_see_persons
from courseapp.domain.errors import NotFound
from courseapp.domain.registration import ACTIVE, Role, Status
from courseapp.domain.rows import EventPage
from courseapp.models.event import Event
from courseapp.models.registration import Registration
from courseapp.queries import events, history, participant_rows, ranking, replies
from courseapp.queries.history import HistoryRow, LetterRow
from courseapp.queries.participant_filters import (
    EVERYBODY,
    LISTS,
    WAITING,
    Chosen,
    Filters,
    choose,
    group_numbers,
    municipalities,
)
from courseapp.queries.participant_rows import ParticipantRow
from courseapp.queries.registrations import place_in_line

PAGE_SIZE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGroup:
    """One role: how many have it as their primary role in all, how many of them were found, and those on this page."""

    role: Role
    count: int
    found: int
    people: tuple[ParticipantRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantTable:
    """The page: seats by role, then the line, applications, and those who left.

    Every list pages with the same number, PAGE_SIZE of each, so nobody stands on two pages. `total` counts everybody
    with a seat, `offered` those of them who have not answered yet. `overdue`: applications wait after the deadline.
    `found` says how many of each list the filters let through, from the top; `municipalities` and `group_numbers` are
    what there is to choose among.
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
    overdue: bool
    filters: Filters
    found: tuple[int, ...]
    municipalities: tuple[str, ...]
    group_numbers: tuple[int, ...]

    @property
    def everybody(self) -> int:
        """All who are in any of the lists."""
        return self.total + self.waiting_total + self.applied_total + self.gone_total


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantPage:
    """Everything about one participant at one event. `readings`: who has opened this page."""

    row: ParticipantRow
    event: EventPage
    history: tuple[HistoryRow, ...]
    readings: tuple[HistoryRow, ...]
    letters: tuple[LetterRow, ...]
    may_organize: bool

    @property
    def may_edit(self) -> bool:
        """Whether what she told may be changed by hand."""
        return self.may_organize and self.row.status in ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportPage:
    """A file to be made: of which event, of how many people, chosen how."""

    event: EventPage
    people: int
    filters: Filters
    may_organize: bool


def table(actor: Actor, slug: str, now: datetime, *, page: int = 1, filters: Filters = EVERYBODY) -> ParticipantTable:
    """One page of the table with all its counts; a page past the last is the last.

    Raises NotFound for events the actor may not see persons of.
    """
    event = _event(actor, slug)
    by_status, by_role = participant_rows.counts(event.id)
    totals = tuple(sum(by_status.get(status, 0) for status in statuses) for statuses in LISTS)
    chosen = _chosen(actor, event, filters) if filters != EVERYBODY or event.hybrid else None
    found = totals if chosen is None else tuple(len(ids) for ids in chosen.lists)
    pages = max(1, *(-(-count // PAGE_SIZE) for count in found))
    page = min(page, pages)
    seated, waiting, applied, gone = _page_of(event.id, page, found, chosen)
    return ParticipantTable(
        event=events.as_page(event, events.seats_of(db.session(), [event])[event.id], now),
        groups=_groups(by_role, by_role if chosen is None else chosen.by_role, seated),
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
        mail_failed=participant_rows.mail_failed(event.id),
        may_organize=may_organize(actor, _offices(event)),
        untold=event.told is not None,
        overdue=totals[2] > 0 and ranking.past_deadline(event, now),
        filters=filters,
        found=found,
        municipalities=municipalities(event.id),
        group_numbers=group_numbers(event.id),
    )


def everyone(actor: Actor, slug: str, filters: Filters = EVERYBODY) -> tuple[int, str, list[ParticipantRow]]:
    """The event's id and title, and all active registrations in the table's order, for exports.

    Filters let through whom they let through in the table; those who left come only where their status is asked for.
    """
    event = _event(actor, slug)
    chosen = _chosen(actor, event, filters)
    wanted = {Status(filters.status)} if filters.status else ACTIVE
    people = {
        one.id: one
        for one in db.session.scalars(participant_rows.whole(event.id).where(Registration.status.in_([*wanted])))
    }
    ordered = [people[one] for ids in chosen.lists for one in ids if one in people]
    return event.id, event.title, participant_rows.rows(ordered, chosen.places, {})


def export_page(actor: Actor, slug: str, now: datetime, filters: Filters = EVERYBODY) -> ExportPage:
    """What a file of the participants would hold. Raises NotFound as `table` does."""
    event = _event(actor, slug)
    _event_id, _title, people = everyone(actor, slug, filters)
    return ExportPage(
        event=events.as_page(event, events.seats_of(db.session(), [event])[event.id], now),
        people=len(people),
        filters=filters,
        may_organize=may_organize(actor, _offices(event)),
    )


def participant(actor: Actor, slug: str, registration_id: int, now: datetime) -> ParticipantPage:
    """One participant with history and letters. Raises NotFound for other offices' people."""
    event = _event(actor, slug)
    found = db.session.scalar(participant_rows.whole(event.id).where(Registration.id == registration_id))
    if found is None:
        raise NotFound
    position = place_in_line(db.session(), found) if found.status is Status.WAITLISTED else None
    return ParticipantPage(
        row=participant_rows.row(found, participant_rows.mail_states([found.id]).get(found.id), position),
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


def _chosen(actor: Actor, event: Event, filters: Filters) -> Chosen:
    declined = [one.registration_id for one in replies.declined(actor, event.id)] if filters.declined else []
    return choose(event.id, filters, declined)


def _page_of(event_id: int, page: int, found: Sequence[int], chosen: Chosen | None) -> list[tuple[ParticipantRow, ...]]:
    """One page of every list: of everybody in the usual order by the database, else of those who were chosen."""
    first = (page - 1) * PAGE_SIZE
    if chosen is None:
        people = [_in_order(event_id, number, first) if count > first else () for number, count in enumerate(found)]
        places = {one.id: place for place, one in enumerate(people[WAITING], start=first + 1)}
    else:
        here = [ids[first : first + PAGE_SIZE] for ids in chosen.lists]
        read = db.session.scalars(
            participant_rows.whole(event_id).where(Registration.id.in_([one for ids in here for one in ids]))
        )
        known = {one.id: one for one in read}
        people, places = [[known[one] for one in ids] for ids in here], dict(chosen.places)
    mail = participant_rows.mail_states([one.id for listed in people for one in listed])
    return [tuple(participant_rows.rows(listed, places, mail)) for listed in people]


def _in_order(event_id: int, number: int, first: int) -> Sequence[Registration]:
    chosen = participant_rows.whole(event_id).where(Registration.status.in_(list(LISTS[number])))
    return db.session.scalars(chosen.order_by(*_orders()[number]).limit(PAGE_SIZE).offset(first)).all()


def _orders() -> tuple[Sequence[ColumnElement[Any]], ...]:
    identity = Registration.id.expression
    return (
        (participant_rows.by_role(), participant_rows.by_name(), identity),
        (Registration.line_no.expression,),
        (Registration.created_at.expression, identity),
        (Registration.status_at.desc(), identity),
    )


def _groups(
    counts: Mapping[Role, int], found: Mapping[Role, int], people: Iterable[ParticipantRow]
) -> tuple[RoleGroup, ...]:
    """Roles with anybody on this page, in the order of the report: the order in which they come."""
    runs = groupby(people, key=lambda one: one.person.primary_role)
    return tuple(RoleGroup(role=role, count=counts[role], found=found[role], people=tuple(here)) for role, here in runs)
