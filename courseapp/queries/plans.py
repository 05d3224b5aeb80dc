"""Events as plans: what a form starts from, what is missing before publication, and an event's own page at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from courseapp.db import db
from courseapp.domain.access import Actor, check, may_decide, may_organize, may_see_persons
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.event import EVENT_MOVES, LIVE_STATUSES, WITH_SIGN_UP, EventStatus, SeatRule
from courseapp.domain.planning import Advice, NewEvent, NewSession, advice, gaps
from courseapp.domain.registration import Status
from courseapp.domain.rows import ApprovalRow, EventPage
from courseapp.domain.series import Series
from courseapp.models.event import Event
from courseapp.models.journal import MailState, OutboxEmail
from courseapp.models.office import Office
from courseapp.models.person import LeaderPair
from courseapp.models.registration import Registration
from courseapp.queries import events, history
from courseapp.queries.changes import audience, facts_of
from courseapp.queries.head_counts import HeadCount, has_hours, heads
from courseapp.queries.history import HistoryRow
from courseapp.queries.ranking import past_deadline
from courseapp.queries.series_facts import as_series


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing to choose in a form: its code, and what it is called."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """An event's page at the desk. `gaps` stop publication (empty once published), `advice` does not.

    `acts`: what may be done with its status now; `decides`: the actor is of the responsible office. `heads` only for
    events without hours.
    """

    event: EventPage
    organizes: bool
    decides: bool
    applied: int
    overdue: bool
    offered: int
    mail_failed: int
    untold: int
    decided: bool
    gaps: tuple[DomainError, ...]
    advice: tuple[Advice, ...]
    acts: tuple[str, ...]
    history: tuple[HistoryRow, ...]
    readings: tuple[HistoryRow, ...]
    series: Series | None
    heads: HeadCount | None


def overview(actor: Actor, slug: str, now: datetime) -> Overview:
    """The page of one event with sign-up. Raises NotFound for whoever may not see its participants."""
    event = events.whole(slug)
    if event is None or event.kind not in WITH_SIGN_UP:
        raise NotFound
    offices = [event.office_id, *(office.id for office in event.partners)]
    check(may_see_persons(actor, offices))
    counted = _counted(event)
    plan, planned = wish_of(event), event.status in {EventStatus.DRAFT, *LIVE_STATUSES}
    ahead = event.starts_at is None or event.starts_at > now
    return Overview(
        event=events.as_page(event, events.seats_of(db.session(), [event])[event.id], now),
        organizes=may_organize(actor, offices),
        decides=may_decide(actor, event.office_id),
        applied=counted.get(Status.APPLIED, 0),
        overdue=counted.get(Status.APPLIED, 0) > 0 and past_deadline(event, now),
        offered=counted.get(Status.OFFERED, 0),
        mail_failed=_mail_failed(event),
        untold=len(audience(db.session(), event, facts_of(event, now))),
        decided=event.seat_rule is SeatRule.FIRST_COME or event.decided_at is not None,
        gaps=tuple(gaps(plan, now)) if planned and ahead else (),
        advice=tuple(advice(plan, leaders=len(event.leaders))) if planned and ahead else (),
        acts=acts(event, now),
        history=history.of_event(event.id),
        readings=history.readings_of_event(event.id),
        series=None if event.series is None else as_series(event.series),
        heads=None if has_hours(event) else heads(event, now),
    )


def organizes(actor: Actor, slug: str) -> bool:
    """Whether the actor may organize that event; False where there is none."""
    event = events.whole(slug)
    return event is not None and may_organize(actor, [event.office_id, *(office.id for office in event.partners)])


def acts(event: Event, now: datetime) -> tuple[str, ...]:
    """What may be done with an event's status now: «publish», «close», «reopen», «hold», «unhold», «delete»."""
    ended = event.ends_at is not None and event.ends_at <= now
    begun = event.starts_at is not None and event.starts_at <= now
    targets = {after for before, after in EVENT_MOVES if before is event.status}
    may = {
        "publish": event.status is EventStatus.DRAFT,
        "close": EventStatus.CLOSED in targets and event.status is EventStatus.PUBLISHED and not begun,
        "reopen": event.status is EventStatus.CLOSED and not begun,
        "hold": EventStatus.HELD in targets and ended,
        "unhold": event.status is EventStatus.HELD and event.starts_at is not None,
        "delete": event.status is EventStatus.DRAFT,
    }
    return tuple(act for act, allowed in may.items() if allowed)


def earlier(actor: Actor, slug: str) -> NewEvent:
    """An event as a wish, to copy. Raises NotFound for whoever may not organize it, and for one without sessions."""
    event = events.whole(slug)
    if event is None or event.kind not in WITH_SIGN_UP:
        raise NotFound
    check(may_organize(actor, [event.office_id, *(office.id for office in event.partners)]))
    wish = wish_of(event)
    if not wish.sessions:
        raise NotFound
    return wish


WISHED = (
    *("description", "target_group", "place_text", "capacity", "hybrid", "digital_capacity", "seat_rule", "fill_mode"),
    *("opens_at", "closes_at"),
)
"""What a wish says and an event keeps under the same name, of what makes it what it is."""


def wish_of(event: Event) -> NewEvent:
    """What somebody would have to wish for to get this event, cancelled sessions left out."""
    pairs = [one.pair_id for one in event.leaders if one.pair_id is not None]
    return NewEvent(
        office=event.office.slug,
        kind=event.kind,
        title=event.title,
        status=event.status,
        sessions=tuple(
            NewSession(
                starts_at=one.starts_at,
                ends_at=one.ends_at,
                place=one.place,
                address=one.address,
                video_url=one.video_url,
                minutes=one.minutes,
            )
            for one in event.sessions
            if not one.cancelled
        ),
        approvals=tuple(ApprovalRow(text=one.text, minutes=one.minutes) for one in event.approvals),
        partners=tuple(office.slug for office in event.partners),
        pair_id=pairs[0] if pairs else None,
        leader_ids=tuple(one.leader_id for one in event.leaders if one.pair_id is None),
        contact_name=event.contact_name,
        contact_email=event.contact_email,
        contact_phone=event.contact_phone,
        **{name: getattr(event, name) for name in WISHED},
    )


def organized_offices(actor: Actor) -> tuple[Choice, ...]:
    """The offices the actor may make events for."""
    offices = db.session.scalars(select(Office).order_by(Office.id))
    return tuple(Choice(code=one.slug, name=one.short_name) for one in offices if may_organize(actor, [one.id]))


def all_offices() -> tuple[Choice, ...]:
    """Every office."""
    return tuple(Choice(code=one.slug, name=one.short_name) for one in events.offices())


def pairs(actor: Actor) -> tuple[Choice, ...]:
    """The leader pairs of the actor's offices, by name."""
    offices = [office.id for office in db.session.scalars(select(Office)) if may_organize(actor, [office.id])]
    found = db.session.scalars(select(LeaderPair).where(LeaderPair.office_id.in_(offices)))
    named = [Choice(code=str(one.id), name=f"{one.first.name} og {one.second.name}") for one in found]
    return tuple(sorted(named, key=lambda one: one.name))


def _counted(event: Event) -> dict[Status, int]:
    rows = db.session.execute(
        select(Registration.status, func.count()).where(Registration.event_id == event.id).group_by(Registration.status)
    )
    return {row[0]: row[1] for row in rows}


def _mail_failed(event: Event) -> int:
    return (
        db.session.scalar(
            select(func.count(OutboxEmail.registration_id.distinct())).where(
                OutboxEmail.event_id == event.id, OutboxEmail.state == MailState.FAILED
            )
        )
        or 0
    )
