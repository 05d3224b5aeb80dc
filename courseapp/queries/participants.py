"""An event's participants, for those who may see persons: grouped by role, with the line, mail states and history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from typing import Any

from sqlalchemy import Row

from courseapp.db import db
from courseapp.domain.access import Actor, check, may_organize, may_see_persons
from courseapp.domain.errors import NotFound
from courseapp.domain.registration import ACTIVE, Role, Status
from courseapp.domain.rows import EventPage, Seats
from courseapp.models.event import Event
from courseapp.models.registration import Registration
from courseapp.queries import events, history, participant_lists, participant_rows, ranking, replies, seat_counts
from courseapp.queries.history import HistoryRow, LetterRow
from courseapp.queries.participant_filters import (
    EVERYBODY,
    LISTS,
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


def table(actor: Actor, slug: str, now: datetime, *, page: int = 1, filters: Filters = EVERYBODY) -> ParticipantTable:
    """One page of the table with all its counts; a page past the last is the last.

    Raises NotFound for events the actor may not see persons of.
    """
    event = event_of(actor, slug)
    counts = participant_rows.counts(event.id)
    totals = tuple(sum(counts.by_status.get(status, 0) for status in statuses) for statuses in LISTS)
    chosen = None if filters == EVERYBODY else choose(event.id, filters, declined_of(actor, event.id, filters))
    found = totals if chosen is None else tuple(len(ids) for ids in chosen.lists)
    pages = max(1, *(-(-count // PAGE_SIZE) for count in found))
    page = min(page, pages)
    seated, waiting, applied, gone = _page_of(event.id, page, found, counts.by_role, chosen)
    return ParticipantTable(
        event=events.as_page(event, _seats(event, counts.by_status), now),
        groups=_groups(counts.by_role, counts.by_role if chosen is None else chosen.by_role, seated),
        total=totals[0],
        offered=counts.by_status.get(Status.OFFERED, 0),
        page=page,
        pages=pages,
        waiting=waiting,
        waiting_total=totals[1],
        applied=applied,
        applied_total=totals[2],
        gone=gone,
        gone_total=totals[3],
        mail_failed=counts.mail_failed,
        may_organize=may_organize(actor, offices_of(event)),
        untold=event.told is not None,
        overdue=totals[2] > 0 and ranking.past_deadline(event, now),
        filters=filters,
        found=found,
        municipalities=municipalities(event.id),
        group_numbers=group_numbers(event.id),
    )


def participant(actor: Actor, slug: str, registration_id: int, now: datetime) -> ParticipantPage:
    """One participant with history and letters. Raises NotFound for other offices' people."""
    event = event_of(actor, slug)
    found = participant_rows.of_ids(event.id, [registration_id])
    if not found:
        raise NotFound
    places = {}
    if found[0].status is Status.WAITLISTED:
        places[registration_id] = place_in_line(db.session(), db.session.get_one(Registration, registration_id))
    (row,) = participant_rows.rows(found, places, participant_rows.mail_states([found[0].id]), dietary=True)
    return ParticipantPage(
        row=row,
        event=events.as_page(event, events.seats_of(db.session(), [event])[event.id], now),
        history=history.acts(row.id),
        readings=history.readings(row.id),
        letters=history.letters(row.id),
        may_organize=may_organize(actor, offices_of(event)),
    )


def event_of(actor: Actor, slug: str) -> Event:
    """The event, for those who may see its persons. Raises NotFound for everybody else."""
    event = events.whole(slug)
    if event is None:
        raise NotFound
    check(may_see_persons(actor, offices_of(event)))
    return event


def offices_of(event: Event) -> list[int]:
    """Ids of the offices that arrange it."""
    return [event.office_id, *(office.id for office in event.partners)]


def declined_of(actor: Actor, event_id: int, filters: Filters) -> list[int]:
    """Who said no in a calendar, where the filters ask for them."""
    return [one.registration_id for one in replies.declined(actor, event_id)] if filters.declined else []


def _seats(event: Event, by_status: Mapping[Status, int]) -> Seats:
    """What has been counted already is not counted again; two rooms have to be told apart."""
    if event.hybrid:
        return events.seats_of(db.session(), [event])[event.id]
    return seat_counts.seats(event.capacity, dict(by_status))


def _page_of(
    event_id: int, page: int, found: Sequence[int], by_role: Mapping[Role, int], chosen: Chosen | None
) -> list[tuple[ParticipantRow, ...]]:
    """One page of every list: of everybody in the usual order by the database, else of those who were chosen."""
    first = (page - 1) * PAGE_SIZE
    people: list[list[Row[Any]]] = [[], [], [], []]
    places: Mapping[int, int] = {} if chosen is None else chosen.places
    for number, count in enumerate(found):
        if count <= first:
            continue
        if chosen is not None:
            people[number] = participant_rows.of_ids(event_id, chosen.lists[number][first : first + PAGE_SIZE])
            continue
        people[number], here = participant_lists.page(event_id, number, first, PAGE_SIZE, by_role)
        places = here or places
    all_of = [one for listed in people for one in listed]
    rows = iter(participant_rows.rows(all_of, places, participant_rows.mail_states([one.id for one in all_of])))
    return [tuple(islice(rows, len(listed))) for listed in people]


def _groups(
    counts: Mapping[Role, int], found: Mapping[Role, int], people: Iterable[ParticipantRow]
) -> tuple[RoleGroup, ...]:
    """Roles with anybody on this page, in the order of the report: the order in which they come."""
    runs = groupby(people, key=lambda one: one.person.primary_role)
    return tuple(RoleGroup(role=role, count=counts[role], found=found[role], people=tuple(here)) for role, here in runs)
