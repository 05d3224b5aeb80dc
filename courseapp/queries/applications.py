"""The pages about an event's applications, for those who may organize it; and which ones nobody has decided."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import selectinload

from courseapp.db import db
from courseapp.domain.access import Actor, may_organize
from courseapp.domain.errors import NotFound
from courseapp.domain.event import LIVE_STATUSES, EventStatus, SeatRule
from courseapp.domain.modes import Mode
from courseapp.domain.ranking import Criterion, Outcome, Shown
from courseapp.domain.registration import Role, Status
from courseapp.domain.rows import EventPage, SessionRow
from courseapp.models.event import Event
from courseapp.models.office import Office
from courseapp.models.registration import Registration
from courseapp.queries import events, ranking
from courseapp.queries.application_rows import (
    AdjustmentRow,
    ApplicantRow,
    ResultRow,
    applicant_rows,
    by_hand,
    result_rows,
)
from courseapp.queries.changes import organized
from courseapp.queries.ranking import Decision, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedPage:
    """All applications in the proposed order; counts of each outcome; `free` seats before and `left` after.

    `rooms`: the free seats before in each of the two rooms of a hybrid event.

    `cut` is the place of the last who gets a seat, 0 where all or none do, and in a hybrid event.

    `early`: the deadline is still to come. `late`: the event has begun, so nothing can be decided any more. `result`
    is who got what, once it is decided.
    """

    event: EventPage
    rows: tuple[ApplicantRow, ...]
    criteria: tuple[Criterion, ...]
    refuses_rest: bool
    seats: int
    line: int
    refused: int
    free: int | None
    left: int
    rooms: tuple[tuple[Mode, int | None], ...]
    cut: int
    early: bool
    overdue: bool
    late: bool
    shown: Shown
    decision: Decision | None
    result: tuple[ResultRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicantPage:
    """One applicant, how many there are, and everything that was done by hand, the newest first."""

    event: EventPage
    row: ApplicantRow
    people: int
    history: tuple[AdjustmentRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesPage:
    """How an event's seats are given: the rule, the criteria and roles in their order. `locked`: decided already."""

    event: EventPage
    seat_rule: SeatRule
    criteria: tuple[Criterion, ...]
    role_order: tuple[Role, ...]
    refuses_rest: bool
    applications: int
    decision: Decision | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """An event whose applications wait for a decision after their deadline; `late`: it has begun meanwhile."""

    slug: str
    title: str
    sessions: tuple[SessionRow, ...]
    deadline: datetime
    count: int
    late: bool


def ranked(actor: Actor, slug: str, now: datetime) -> RankedPage:
    """The list. Raises NotFound for whoever may not organize the event."""
    event = organized(actor, slug)
    found = ranking.standing(db.session(), event)
    outcomes = [one.outcome for one in found.proposed]
    seats = outcomes.count(Outcome.SEAT)
    deadline = _deadline(event)
    late = event.starts_at is not None and now >= event.starts_at
    return RankedPage(
        event=_page(event, now),
        rows=applicant_rows(event, found, now),
        criteria=found.rules.used,
        refuses_rest=event.refuses_rest,
        seats=seats,
        line=outcomes.count(Outcome.LINE),
        refused=outcomes.count(Outcome.REFUSAL),
        free=_together([one.free for one in found.seatings.values()]),
        left=_unspent(found),
        rooms=tuple((mode, seating.free) for mode, seating in found.seatings.items() if mode is not None),
        cut=0 if event.hybrid else _cut(outcomes),
        early=event.status is EventStatus.PUBLISHED and deadline is not None and now < deadline,
        overdue=bool(found.people) and deadline is not None and now > deadline,
        late=late,
        shown=found.shown,
        decision=ranking.decision(db.session(), event),
        result=result_rows(event) if event.decided_at is not None else (),
    )


def applicant(actor: Actor, slug: str, registration_id: int, now: datetime) -> ApplicantPage:
    """One who has applied and has no answer yet. Raises NotFound as `ranked` does, and for everybody else."""
    event = organized(actor, slug)
    found = ranking.standing(db.session(), event)
    row = next((one for one in applicant_rows(event, found, now) if one.id == registration_id), None)
    if row is None:
        raise NotFound
    history = tuple(each for _, each in by_hand([registration_id], whole=True))
    return ApplicantPage(event=_page(event, now), row=row, people=len(found.people), history=history)


def rules(actor: Actor, slug: str, now: datetime) -> RulesPage:
    """How the seats are given. Raises NotFound as `ranked` does."""
    event = organized(actor, slug)
    chosen = ranking.rules_of(event)
    return RulesPage(
        event=_page(event, now),
        seat_rule=event.seat_rule,
        criteria=chosen.criteria,
        role_order=chosen.role_order,
        refuses_rest=event.refuses_rest,
        applications=_count(event.id),
        decision=ranking.decision(db.session(), event),
    )


def undecided(actor: Actor, now: datetime) -> tuple[Undecided, ...]:
    """Events the actor may organize whose applications wait after their deadline, the oldest deadline first.

    An event without a deadline has its start for one. Nothing is shouted about after its end.
    """
    found = db.session.execute(_overdue(actor, now))
    return tuple(
        Undecided(
            slug=event.slug,
            title=event.title,
            sessions=events.as_sessions(event.sessions),
            deadline=deadline,
            count=number,
            late=event.starts_at is not None and now >= event.starts_at,
        )
        for event, number in found
        if may_organize(actor, [event.office_id, *(office.id for office in event.partners)])
        and (deadline := _deadline(event)) is not None
    )


def _together(free: list[int | None]) -> int | None:
    known = [one for one in free if one is not None]
    return sum(known) if len(known) == len(free) else None


def _unspent(found: Standing) -> int:
    """How many seats nobody would get; of two rooms, those of a room that somebody would wait for."""
    pairs = zip(found.people, found.proposed, strict=True)
    given = Counter((one.mode, proposed.outcome) for one, proposed in pairs)
    return sum(
        max(0, seating.free - given[mode, Outcome.SEAT])
        for mode, seating in found.seatings.items()
        if seating.free is not None and (mode is None or given[mode, Outcome.LINE])
    )


def _cut(outcomes: list[Outcome]) -> int:
    last = max((place for place, one in enumerate(outcomes, start=1) if one is Outcome.SEAT), default=0)
    return 0 if last == len(outcomes) else last


def _overdue(actor: Actor, now: datetime) -> Select[Event, int]:
    """Each such event with how many have applied."""
    count = func.count(Registration.id)
    chosen = (
        select(Event, count)
        .join(Registration, Registration.event_id == Event.id)
        .where(
            Registration.status == Status.APPLIED,
            Event.seat_rule == SeatRule.APPLICATION,
            Event.decided_at.is_(None),
            Event.status.in_(LIVE_STATUSES),
            func.coalesce(Event.closes_at, Event.starts_at) < now,
            Event.ends_at > now,
        )
        .group_by(Event.id)
        .order_by(func.coalesce(Event.closes_at, Event.starts_at), Event.id)
        .options(selectinload(Event.sessions), selectinload(Event.partners))
    )
    offices = actor.offices
    if offices is not None:
        chosen = chosen.where(or_(Event.office_id.in_(offices), Event.partners.any(Office.id.in_(offices))))
    return chosen


def _deadline(event: Event) -> datetime | None:
    return event.closes_at or event.starts_at


def _count(event_id: int) -> int:
    chosen = select(func.count()).where(Registration.event_id == event_id, Registration.status == Status.APPLIED)
    return db.session.scalar(chosen) or 0


def _page(event: Event, now: datetime) -> EventPage:
    return events.as_page(event, events.seats_of(db.session(), [event])[event.id], now)
