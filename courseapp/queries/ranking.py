"""The applications of one event in their order, and what was decided; for the page and for the act alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from courseapp.domain import geography, ranking
from courseapp.domain.event import LIVE_STATUSES, EventStatus
from courseapp.domain.modes import Mode
from courseapp.domain.ranking import Adjustment, Application, Criterion, Outcome, Proposed, Rules, Seating, Shown
from courseapp.domain.registration import TAKES_SEAT, Role, Status, Supervises
from courseapp.domain.waitlist import Share
from courseapp.models.account import User
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry
from courseapp.models.registration import ApplicationAdjustment, Registration
from courseapp.queries.registrations import in_room

DECIDED = "applications_decided"
OUTCOME_VERBS = {
    Outcome.SEAT: "application_seat",
    Outcome.LINE: "application_line",
    Outcome.REFUSAL: "application_refusal",
}
"""What each outcome is called in the audit trail."""
TAKES_PLACE = frozenset({EventStatus.PUBLISHED, EventStatus.CLOSED, EventStatus.HELD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an event's applications stand: `people` in the proposed order, one Proposed for each, beside it.

    `seatings` are the free seats of each room; there is one without a name where the event is not hybrid. `ranked` is
    the order before adjustments; `earlier` the latest such course of each normalised address that has any.
    """

    rules: Rules
    seatings: Mapping[Mode | None, Seating]
    people: tuple[Registration, ...]
    applications: Mapping[int, Application]
    ranked: tuple[int, ...]
    proposed: tuple[Proposed, ...]
    adjustments: tuple[ApplicationAdjustment, ...]
    earlier: Mapping[str, Event]
    shown: Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who decided, when, and what it came to."""

    by: str
    at: datetime
    seats: int
    line: int
    refused: int


def standing(session: Session, event: Event) -> Standing:
    """The order and the proposal as of this moment, from what is in the database."""
    people = {one.id: one for one in _applicants(session, event)}
    earlier = _earlier(session, event, [one.email_key for one in people.values()])
    applications = {one.id: _application(one, earlier) for one in people.values()}
    rules = rules_of(event)
    seatings = {mode: seating_of(session, event, mode) for mode in event.rooms}
    by_hand = _adjustments(session, list(people))
    hands = [Adjustment(application=one.registration_id, place=one.place, outcome=one.outcome) for one in by_hand]
    ranked = tuple(one.id for one in ranking.rank(applications.values(), rules))
    order = ranking.adjusted(ranked, hands)
    proposed = _proposed(order, people, hands, seatings)
    effects = [ranking.effects(applications[one], rules) for one in order]
    return Standing(
        rules=rules,
        seatings=seatings,
        people=tuple(people[one] for one in order),
        applications=applications,
        ranked=ranked,
        proposed=proposed,
        adjustments=by_hand,
        earlier=earlier,
        shown=Shown(
            people=frozenset(people),
            adjustments=frozenset(one.id for one in by_hand),
            rules=_rules_mark(rules, seatings),
            whole=ranking.mark(proposed, effects),
        ),
    )


def rules_of(event: Event) -> Rules:
    """What ranks this event's applications; codes that are none any more are left out."""
    known = {str(one): one for one in Criterion}
    roles = {str(one): one for one in Role}
    return Rules(
        criteria=tuple(known[one] for one in event.criteria if one in known),
        regions=frozenset(office.slug for office in (event.office, *event.partners)),
        role_order=tuple(roles[one] for one in event.role_order if one in roles),
    )


def _proposed(
    order: Sequence[int],
    people: Mapping[int, Registration],
    hands: Sequence[Adjustment],
    seatings: Mapping[Mode | None, Seating],
) -> tuple[Proposed, ...]:
    """What each would get in one order, the seats of each room going to those who asked for it."""
    roles = {one.id: one.primary_role for one in people.values()}
    found = {
        one.id: one
        for mode, seating in seatings.items()
        for one in ranking.propose([each for each in order if people[each].mode is mode], roles, hands, seating)
    }
    return tuple(found[one] for one in order)


def seating_of(session: Session, event: Event, mode: Mode | None) -> Seating:
    """The seats of a room that are there to be given. The bounds of roles are the room's, not the video meeting's."""
    capacity = event.capacity_of(mode)
    counted = session.execute(
        select(Registration.primary_role, func.count())
        .where(Registration.event_id == event.id, Registration.status.in_(TAKES_SEAT), *in_room(mode))
        .group_by(Registration.primary_role)
    )
    taken: dict[Role, int] = {row[0]: row[1] for row in counted}
    return Seating(
        free=None if capacity is None else max(0, capacity - sum(taken.values())),
        shares=tuple(
            Share(role=Role(one["role"]), least=one.get("least"), most=one.get("most"))
            for one in event.role_shares
            if mode is not Mode.DIGITAL
        ),
        taken_by_role=taken,
        refuses_rest=event.refuses_rest,
    )


def past_deadline(event: Event, now: datetime) -> bool:
    """Whether its applications should have been decided by now; false again once it is over."""
    deadline = event.closes_at or event.starts_at
    live = event.takes_applications and event.status in LIVE_STATUSES
    return live and deadline is not None and deadline < now and event.ends_at is not None and now < event.ends_at


def decision(session: Session, event: Event) -> Decision | None:
    """Who decided an event's applications, and what came of it; None while they are undecided."""
    if event.decided_at is None:
        return None
    found = session.execute(
        select(AuditEntry.details, User.name)
        .outerjoin(User, User.id == AuditEntry.user_id)
        .where(AuditEntry.event_id == event.id, AuditEntry.verb == DECIDED)
        .order_by(AuditEntry.id.desc())
        .limit(1)
    ).first()
    details, name = found if found is not None else ({}, None)
    return Decision(
        by=name or "",
        at=event.decided_at,
        seats=details.get("seats", 0),
        line=details.get("line", 0),
        refused=details.get("refused", 0),
    )


def _rules_mark(rules: Rules, seatings: Mapping[Mode | None, Seating]) -> str:
    rooms = [
        (
            seating.free,
            [(str(one.role), one.least, one.most) for one in seating.shares],
            sorted((str(role), count) for role, count in seating.taken_by_role.items()),
            seating.refuses_rest,
        )
        for seating in seatings.values()
    ]
    return ranking.mark(rules.criteria, sorted(rules.regions), rules.role_order, rooms)


def _applicants(session: Session, event: Event) -> Sequence[Registration]:
    return session.scalars(
        select(Registration)
        .where(Registration.event_id == event.id, Registration.status == Status.APPLIED)
        .order_by(Registration.id)
    ).all()


def _adjustments(session: Session, ids: list[int]) -> tuple[ApplicationAdjustment, ...]:
    """Those that stand, in the order in which they were made."""
    return tuple(
        session.scalars(
            select(ApplicationAdjustment)
            .where(ApplicationAdjustment.registration_id.in_(ids), ApplicationAdjustment.undone_at.is_(None))
            .order_by(ApplicationAdjustment.id)
        )
    )


def _application(one: Registration, earlier: Mapping[str, Event]) -> Application:
    home = geography.municipality(one.municipality) if one.municipality else None
    return Application(
        id=one.id,
        role=one.primary_role,
        region=None if home is None else geography.region_of(home),
        supervises=frozenset(Supervises(each) for each in one.supervises),
        been_before=one.email_key in earlier,
        applied_at=one.created_at,
    )


def _earlier(session: Session, event: Event, keys: list[str]) -> dict[str, Event]:
    """The latest event of the same kind, before this one, at which each address had a seat."""
    if event.starts_at is None or not keys:
        return {}
    found = session.execute(
        select(Registration.email_key, Event)
        .join(Event, Event.id == Registration.event_id)
        .where(
            Registration.email_key.in_(keys),
            Registration.status == Status.REGISTERED,
            Event.kind == event.kind,
            Event.id != event.id,
            Event.status.in_(TAKES_PLACE),
            Event.starts_at < event.starts_at,
        )
        .order_by(Event.starts_at, Event.id)
        .options(selectinload(Event.sessions), selectinload(Event.partners))
    )
    return {row[0]: row[1] for row in found}
