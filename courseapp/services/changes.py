"""Changing an event that people have signed up for, telling them, and calling it off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp import clock, wording
from courseapp.db import transaction
from courseapp.domain.access import Actor, check, may_organize
from courseapp.domain.changes import EndsBeforeStart, Facts, NoSessionLeft, NothingToTell, SessionFacts, differences
from courseapp.domain.errors import MoveNotAllowed, NotFound
from courseapp.domain.event import LIVE_STATUSES, EventStatus
from courseapp.domain.registration import ACTIVE, Status
from courseapp.models.event import Event, EventSession
from courseapp.models.journal import AuditEntry
from courseapp.models.registration import Registration
from courseapp.services import correspondence, invitations, seats


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionWish:
    """How one session shall be; without an id it is a new one. Times are aware, `minutes` are course hours."""

    id: int | None
    starts_at: datetime
    ends_at: datetime
    place: str
    address: str
    video_url: str
    minutes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventWish:
    """How an event shall be. Sessions that are not in the list are removed."""

    title: str
    description: str
    target_group: str
    contact_name: str
    contact_email: str
    contact_phone: str
    sessions: tuple[SessionWish, ...]


def change(slug: str, wish: EventWish, *, actor: Actor) -> bool:
    """Change an event without telling anybody yet; True when there is something people should be told.

    Raises NotFound, EndsBeforeStart, NoSessionLeft, or MoveNotAllowed for an event that is over or called off.
    """
    if not wish.sessions:
        raise NoSessionLeft
    if any(one.ends_at <= one.starts_at for one in wish.sessions):
        raise EndsBeforeStart
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        now = clock.now()
        if event.status not in {*LIVE_STATUSES, EventStatus.DRAFT}:
            raise MoveNotAllowed
        before = event.told or facts_of(event, now).kept()
        for name in ("title", "description", "target_group", "contact_name", "contact_email", "contact_phone"):
            setattr(event, name, getattr(wish, name))
        _change_sessions(tx, event, wish.sessions, now)
        event.updated_at = now
        untold = bool(differences(Facts.of(before), facts_of(event, now))) and _has_people(tx, event)
        event.told = before if untold else None
        tx.add(note(event, "event_changed", actor, now))
        return untold


def tell(slug: str, message: str, *, actor: Actor) -> int:
    """Tell everybody who signed up before the change: one letter that says what changed, and their calendars.

    Returns how many were told. Raises NotFound or NothingToTell.
    """
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        now = clock.now()
        if event.told is None:
            raise NothingToTell
        told = Facts.of(event.told)
        found = differences(told, facts_of(event, now))
        page = seats.page(tx, event, now)
        people = [one for one in _active(tx, event) if one.created_at <= told.since]
        for registration in people:
            correspondence.changed(tx, registration, event, page, now, changes=found, message=message)
        for registration in _active(tx, event):
            if registration.status is Status.REGISTERED:
                invitations.update(tx, registration, event, page, now)
        event.told = None
        tx.add(note(event, "change_told", actor, now, people=len(people)))
        return len(people)


def call_off(slug: str, reason: str, *, actor: Actor) -> int:
    """Cancel an event: a letter with the reason to everybody, the line included, and out of every calendar.

    Returns how many were told. Raises NotFound, or MoveNotAllowed when it is over or cancelled already.
    """
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        now = clock.now()
        if event.status not in {*LIVE_STATUSES, EventStatus.DRAFT}:
            raise MoveNotAllowed
        event.status, event.cancelled_reason, event.updated_at, event.told = EventStatus.CANCELLED, reason, now, None
        for session in event.sessions:
            session.revision, session.updated_at = session.revision + 1, now
        tx.flush()
        page = seats.page(tx, event, now)
        people = _active(tx, event)
        for registration in people:
            correspondence.event_cancelled(tx, registration, event, page, now)
        tx.add(note(event, "event_cancelled", actor, now, people=len(people)))
        return len(people)


def facts_of(event: Event, now: datetime) -> Facts:
    """What people should know about an event as it is."""
    return Facts(
        title=event.title,
        leaders=tuple(one.leader.name for one in event.leaders),
        since=now,
        sessions=tuple(
            SessionFacts(
                id=one.id,
                starts_at=one.starts_at,
                ends_at=one.ends_at,
                place=one.video_url or wording.session_location(one.place, one.address),
            )
            for one in event.sessions
            if not one.cancelled
        ),
    )


def turn_for(tx: Session, slug: str, actor: Actor) -> Event:
    """The event with its turn taken, for an organizer of its offices; NotFound for everybody else."""
    event = tx.scalar(select(Event).where(Event.slug == slug).with_for_update())
    if event is None:
        raise NotFound
    check(may_organize(actor, [event.office_id, *(office.id for office in event.partners)]))
    return event


def note(event: Event, verb: str, actor: Actor, now: datetime, **details: int | str) -> AuditEntry:
    """One line of an event's history."""
    return AuditEntry(
        at=now,
        actor="user",
        user_id=actor.user_id,
        office_id=event.office_id,
        event_id=event.id,
        verb=verb,
        details=details,
    )


def _change_sessions(tx: Session, event: Event, wishes: Sequence[SessionWish], now: datetime) -> None:
    known = {one.id: one for one in event.sessions}
    kept = {one.id for one in wishes if one.id is not None}
    if kept - set(known):
        raise NotFound
    for session in event.sessions:
        if session.id not in kept and not session.cancelled:
            session.cancelled, session.revision, session.updated_at = True, session.revision + 1, now
    for wish in wishes:
        session = known[wish.id] if wish.id is not None else EventSession(event=event, revision=-1)
        _set_session(session, wish, now)
    tx.flush()
    tx.refresh(event, ["sessions"])
    going = [one for one in event.sessions if not one.cancelled]
    event.starts_at, event.ends_at = going[0].starts_at, max(one.ends_at for one in going)


def _set_session(session: EventSession, wish: SessionWish, now: datetime) -> None:
    names = ("starts_at", "ends_at", "place", "address", "video_url", "minutes")
    if not session.cancelled and all(getattr(session, name, None) == getattr(wish, name) for name in names):
        return
    for name in names:
        setattr(session, name, getattr(wish, name))
    session.cancelled, session.revision, session.updated_at = False, session.revision + 1, now


def _active(tx: Session, event: Event) -> Sequence[Registration]:
    return tx.scalars(
        select(Registration)
        .where(Registration.event_id == event.id, Registration.status.in_(ACTIVE))
        .order_by(Registration.id)
    ).all()


def _has_people(tx: Session, event: Event) -> bool:
    return bool(_active(tx, event))
