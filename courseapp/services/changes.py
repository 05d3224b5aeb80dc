"""Changing an event that people have signed up for, telling them, and calling it off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain.access import Actor, check, may_organize
from courseapp.domain.changes import EndsBeforeStart, Facts, NoSessionLeft, NothingToTell
from courseapp.domain.errors import DomainError, MoveNotAllowed, NotFound
from courseapp.domain.event import LIVE_STATUSES, EventStatus
from courseapp.domain.marking import N_
from courseapp.domain.planning import NoTitle, WrongLink, WrongMinutes
from courseapp.domain.registration import Status
from courseapp.models.event import Event, EventSession
from courseapp.models.journal import AuditEntry
from courseapp.queries.changes import LATER, active, audience, facts_of, told_before
from courseapp.services import correspondence, invitations, seats

LONGEST_REASON = 300


class ReasonMissing(DomainError):
    """Acts by hand say why, so that colleagues and the person herself can be told."""

    message = N_("Skriv en begrunnelse på høyst 300 tegn.")


class EventOver(MoveNotAllowed):
    """The event has ended, or will not take place."""

    message = N_("Arrangementet er avlyst eller gjennomført, så dette går ikke lenger.")


class NotPublished(MoveNotAllowed):
    """A draft that nobody has seen is not called off: that would be its first appearance."""

    message = N_("Arrangementet er ikke publisert, så det er ingenting å avlyse.")


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

    Raises NotFound, EndsBeforeStart, NoSessionLeft, NoTitle, WrongMinutes, WrongLink, or EventOver.
    """
    _check(wish)
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        now = clock.now()
        if event.status not in {*LIVE_STATUSES, EventStatus.DRAFT}:
            raise EventOver
        before = facts_of(event, now)
        for name in ("title", "description", "target_group", "contact_name", "contact_email", "contact_phone"):
            setattr(event, name, getattr(wish, name))
        _change_sessions(tx, event, wish.sessions, now)
        untold = settle(tx, event, before, now)
        tx.add(note(event, "event_changed", actor, now))
        return untold


def settle(tx: Session, event: Event, before: Facts, now: datetime) -> bool:
    """Note what is to be told after a change, given the facts from before it; True when there is anything to tell.

    Whoever signs up later knows the change. A change that is taken back leaves nothing, nor does one after the end.
    """
    event.updated_at = now
    stages = [one.kept() for one in (*told_before(event), before)]
    event.told = {**stages[0], LATER: stages[1:]}
    over = event.ends_at is not None and event.ends_at <= now
    untold = not over and bool(audience(tx, event, facts_of(event, now)))
    if not untold:
        event.told = None
    return untold


def tell(slug: str, message: str, *, actor: Actor) -> int:
    """Tell everybody who signed up before the change: one letter that says what changed, and their calendars.

    Returns how many were told. Raises NotFound or NothingToTell.
    """
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        now = clock.now()
        reached = audience(tx, event, facts_of(event, now))
        if not reached:
            raise NothingToTell
        page = seats.page(tx, event, now)
        for registration, found in reached:
            correspondence.changed(tx, registration, event, page, now, changes=found, message=message)
        for registration in active(tx, event):
            if registration.status is Status.REGISTERED:
                invitations.update(tx, registration, event, page, now)
        event.told = None
        tx.add(note(event, "change_told", actor, now, people=len(reached)))
        return len(reached)


def call_off(slug: str, reason: str, *, actor: Actor) -> int:
    """Cancel an event: a letter with the reason to everybody, the line included, and out of every calendar.

    Returns how many were told. Raises NotFound, ReasonMissing, NotPublished, or EventOver.
    """
    reason = demanded(reason)
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        now = clock.now()
        if event.status is EventStatus.DRAFT:
            raise NotPublished
        if event.status not in LIVE_STATUSES or (event.ends_at is not None and event.ends_at <= now):
            raise EventOver
        event.status, event.cancelled_reason, event.updated_at, event.told = EventStatus.CANCELLED, reason, now, None
        for session in event.sessions:
            session.revision, session.updated_at = session.revision + 1, now
        tx.flush()
        page = seats.page(tx, event, now)
        people = active(tx, event)
        for registration in people:
            correspondence.event_cancelled(tx, registration, event, page, now)
        tx.add(note(event, "event_cancelled", actor, now, people=len(people), reason=reason))
        return len(people)


def demanded(reason: str) -> str:
    """The reason without space around it; raises ReasonMissing for none, or one that is too long to read."""
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise ReasonMissing
    return reason


def turn_for(tx: Session, slug: str, actor: Actor) -> Event:
    """The event with its turn taken, for an organizer of its offices; NotFound for everybody else."""
    if "\x00" in slug:  # PostgreSQL would refuse the question
        raise NotFound
    event = tx.scalar(select(Event).where(Event.slug == slug).with_for_update())
    if event is None:
        raise NotFound
    check(may_organize(actor, [event.office_id, *(office.id for office in event.partners)]))
    return event


def note(event: Event, verb: str, actor: Actor, now: datetime, **details: int | str | None) -> AuditEntry:
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


def _check(wish: EventWish) -> None:
    if not wish.title.strip():
        raise NoTitle
    if not wish.sessions:
        raise NoSessionLeft
    if any(one.ends_at <= one.starts_at for one in wish.sessions):
        raise EndsBeforeStart
    if any(one.minutes is not None and one.minutes <= 0 for one in wish.sessions):
        raise WrongMinutes
    if any(one.video_url and not one.video_url.startswith("https://") for one in wish.sessions):
        raise WrongLink


def _change_sessions(tx: Session, event: Event, wishes: Sequence[SessionWish], now: datetime) -> None:
    known = {one.id: one for one in event.sessions}
    kept = {one.id for one in wishes if one.id is not None}
    if kept - set(known):
        raise NotFound
    for session in event.sessions:
        if session.id not in kept and not session.cancelled:
            session.cancelled, session.revision, session.updated_at = True, session.revision + 1, now
    for wish in wishes:
        session = known[wish.id] if wish.id is not None else EventSession(revision=-1)
        _set_session(session, wish, now)
        if wish.id is None:
            event.sessions.append(session)
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
