"""Changing an event that people have signed up for, telling them, and calling it off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain import planning
from courseapp.domain.access import Actor, check, may_decide, may_organize
from courseapp.domain.changes import EndsBeforeStart, Facts, NoSessionLeft, NothingToTell
from courseapp.domain.errors import DomainError, MoveNotAllowed, NotFound
from courseapp.domain.event import LIVE_STATUSES, EventStatus
from courseapp.domain.marking import N_
from courseapp.domain.plan_errors import NoTitle, WrongApproval
from courseapp.domain.registration import Status
from courseapp.domain.rows import ApprovalRow
from courseapp.models.event import Approval, Event, EventSession
from courseapp.models.journal import AuditEntry
from courseapp.models.office import Office
from courseapp.queries.changes import LATER, active, audience, facts_of, leaders_reached, told_before
from courseapp.queries.revisions import changed_since, last_change, words_of
from courseapp.services import briefings, correspondence, invitations, leading, seats
from courseapp.services.events import PartnersWrong

LONGEST_REASON = 300
WORDS = ("title", "description", "target_group", "place_text", "contact_name", "contact_email", "contact_phone")


class ReasonMissing(DomainError):
    """Acts by hand say why, so that colleagues and the person herself can be told."""

    message = N_("Skriv en begrunnelse på høyst 300 tegn.")


class EventOver(MoveNotAllowed):
    """The event has ended, or will not take place."""

    message = N_("Arrangementet er avlyst eller gjennomført, så dette går ikke lenger.")


class ChangedMeanwhile(DomainError):
    """A colleague saved first; the sentence says who and what."""


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
class PlanWish:
    """The rest of an event's plan. Partners are office slugs."""

    opens_at: datetime | None
    closes_at: datetime | None
    approvals: tuple[ApprovalRow, ...]
    partners: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventWish:
    """How an event shall be. Sessions that are not in the list are removed; `plan` None leaves the plan as it is.

    `seen`: the last change (`queries.changes.last_change`) its writer had seen; None does not ask.
    """

    title: str
    description: str
    target_group: str
    contact_name: str
    contact_email: str
    contact_phone: str
    sessions: tuple[SessionWish, ...]
    plan: PlanWish | None = None
    seen: int | None = None
    place_text: str = ""


def change(slug: str, wish: EventWish, *, actor: Actor) -> bool:
    """Change an event without telling anybody yet; True when there is something people should be told.

    Raises NotFound, EndsBeforeStart, NoSessionLeft, NoTitle, EventOver, PartnersWrong, a refusal of `planning`'s
    checks, or ChangedMeanwhile with what a colleague did since `wish.seen`. Partners leave the partners as they are.
    """
    _check(wish)
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        now = clock.now()
        if event.status not in {*LIVE_STATUSES, EventStatus.DRAFT}:
            raise EventOver
        _check_unseen(tx, event, wish.seen)
        before, was = facts_of(event, now), words_of(event)
        for name in WORDS:
            setattr(event, name, getattr(wish, name))
        moved = leading.moved(event, [(one.id, one.starts_at, one.ends_at) for one in wish.sessions])
        leading.check_free(tx, [one.leader_id for one in event.leaders], moved, event_id=event.id)
        _change_sessions(tx, event, wish.sessions, now)
        if wish.plan is not None:
            _change_plan(tx, event, wish.plan, actor)
        untold = settle(tx, event, before, now)
        different = {name: [was[name], word] for name, word in words_of(event).items() if was[name] != word}
        if different:
            tx.add(note(event, "event_changed", actor, now, fields=different))
        seats.fill(tx, event, now)  # a later date may lie before the cut-off again, with seats that came free after it
        return untold


def settle(tx: Session, event: Event, before: Facts, now: datetime) -> bool:
    """Note what is to be told after a change, given the facts from before it; True when there is anything to tell.

    Whoever signs up later knows the change. A change that is taken back leaves nothing, nor does one after the end.
    """
    event.updated_at = now
    stages = [one.kept() for one in (*told_before(event), before)]
    event.told = {**stages[0], LATER: stages[1:]}
    over = event.ends_at is not None and event.ends_at <= now
    present = facts_of(event, now)
    untold = not over and bool(audience(tx, event, present) or leaders_reached(event, present))
    if not untold:
        event.told = None
    return untold


def tell(slug: str, message: str, *, actor: Actor) -> int:
    """Tell everybody who signed up before the change: one letter that says what changed, and their calendars.

    The course leaders are told in the same way. Returns how many participants were told.
    Raises NotFound or NothingToTell.
    """
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        now = clock.now()
        reached = audience(tx, event, facts_of(event, now))
        if not reached and not leaders_reached(event, facts_of(event, now)):
            raise NothingToTell
        page = seats.page(tx, event, now)
        for registration, found in reached:
            correspondence.changed(tx, registration, event, page, now, changes=found, message=message)
        for registration in active(tx, event):
            if registration.status is Status.REGISTERED:
                invitations.update(tx, registration, event, page, now)
        leaders = briefings.changed(tx, event, page, now, message=message)
        event.told = None
        also = {"leaders": leaders} if leaders else {}
        tx.add(note(event, "change_told", actor, now, people=len(reached), **also))
        return len(reached)


def call_off(slug: str, reason: str, *, actor: Actor) -> int:
    """Cancel an event: a letter with the reason to everybody, the line included, and out of every calendar.

    Returns how many were told. Raises NotFound (also for partners: the responsible office decides), ReasonMissing,
    NotPublished, or EventOver.
    """
    reason = demanded(reason)
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        check(may_decide(actor, event.office_id))
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
        briefings.called_off(tx, event, page, now)
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


def note(event: Event, verb: str, actor: Actor, now: datetime, **details: Any) -> AuditEntry:
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
    planning.check_sessions(wish.sessions)
    if wish.plan is not None and any(not one.text.strip() or one.minutes <= 0 for one in wish.plan.approvals):
        raise WrongApproval


def _check_unseen(tx: Session, event: Event, seen: int | None) -> None:
    """Two people with the same form open: the second reads what the first did before it is written over."""
    if seen is None or last_change(tx, event.id) <= seen:
        return
    raise ChangedMeanwhile(changed_since(tx, event.id, seen))


def _change_plan(tx: Session, event: Event, plan: PlanWish, actor: Actor) -> None:
    going = [one for one in event.sessions if not one.cancelled]
    planning.check_window(going, opens_at=plan.opens_at, closes_at=plan.closes_at)
    event.opens_at, event.closes_at = plan.opens_at, plan.closes_at
    if [(one.text, one.minutes) for one in event.approvals] != [(one.text, one.minutes) for one in plan.approvals]:
        event.approvals = [
            Approval(position=position, text=one.text, minutes=one.minutes)
            for position, one in enumerate(plan.approvals, start=1)
        ]
    if may_decide(actor, event.office_id) and {one.slug for one in event.partners} != set(plan.partners):
        partners = list(tx.scalars(select(Office).where(Office.slug.in_(plan.partners)).order_by(Office.id)))
        if len(partners) != len(set(plan.partners)) or event.office_id in {one.id for one in partners}:
            raise PartnersWrong
        event.partners = partners
    tx.flush()


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
