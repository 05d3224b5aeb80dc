"""What an office does with its course leaders: the register, the pairs, and who leads which event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain.access import Actor, check, may_organize
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.event import EventStatus
from courseapp.domain.language import Language
from courseapp.domain.marking import N_
from courseapp.models.event import Event, EventLeader
from courseapp.models.journal import AuditEntry
from courseapp.models.office import Office
from courseapp.models.person import CourseLeader, LeaderPair
from courseapp.queries.changes import facts_of
from courseapp.services import briefings, leading
from courseapp.services.changes import EventOver, note, settle, turn_for

MOST_LEADERS = 8


class LeaderKnown(DomainError):
    """An office knows each address once."""

    message = N_("Det står allerede en kursholder med denne e-postadressen i registeret.")


class PairOfOne(DomainError):
    """A pair is two people."""

    message = N_("Et par er to forskjellige kursholdere.")


class PairKnown(DomainError):
    """A pair stands once."""

    message = N_("Dette paret finnes allerede.")


class TooManyLeaders(DomainError):
    """Nobody needs more."""

    message = N_("Et arrangement kan ha høyst åtte kursholdere.")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderWish:
    """How a leader shall stand in the register. `mobile` is E.164 or empty; `language` the one to write to her in."""

    name: str
    email: str
    mobile: str
    workplace: str
    language: Language = Language.BOKMAL


def add(office: str, wish: LeaderWish, *, actor: Actor) -> int:
    """Put a leader into an office's register and return her number. Raises NotFound or LeaderKnown."""
    with transaction() as tx:
        where = tx.scalar(select(Office).where(Office.slug == office).with_for_update(key_share=True))
        if where is None:
            raise NotFound
        check(may_organize(actor, [where.id]))
        _check_address(tx, where.id, wish.email)
        leader = CourseLeader(office_id=where.id)
        _set(leader, wish)
        tx.add(leader)
        tx.flush()
        tx.add(_entry(leader, "leader_added", actor, clock.now()))
        return leader.id


def edit(leader_id: int, wish: LeaderWish, *, actor: Actor) -> None:
    """Change what stands about a leader. A new address takes over her calendar: CANCEL to the old, REQUEST to the new.

    Raises NotFound or LeaderKnown.
    """
    with transaction() as tx:
        events = _events_of(tx, leader_id)
        leader = _mine(tx, leader_id, actor)
        now = clock.now()
        moves = wish.email != leader.email
        if moves:
            _check_address(tx, leader.office_id, wish.email, but=leader.id)
        told = [_seat(event, leader) for event in events if moves and briefings.speaks(event, now)]
        for event, seat in told:
            if seat.told_at is not None:
                briefings.withdrawn(tx, leader, event, now)
                seat.told_at = None
        _set(leader, wish)
        if moves:
            leader.link_sent_at = None  # her secret link stands in a letter to the old address
        tx.flush()
        for event, _one in told:
            briefings.welcome(tx, event, now)
        tx.add(_entry(leader, "leader_changed", actor, now))


def retire(leader_id: int, *, actor: Actor) -> None:
    """She is no longer chosen; what she has led, and what she is down for, stays. Raises NotFound."""
    with transaction() as tx:
        leader = _mine(tx, leader_id, actor)
        if leader.retired_at is None:
            leader.retired_at = clock.now()
            tx.add(_entry(leader, "leader_retired", actor, leader.retired_at))


def bring_back(leader_id: int, *, actor: Actor) -> None:
    """She leads again. Raises NotFound."""
    with transaction() as tx:
        leader = _mine(tx, leader_id, actor)
        if leader.retired_at is not None:
            leader.retired_at = None
            tx.add(_entry(leader, "leader_back", actor, clock.now()))


def pair_up(first_id: int, second_id: int, *, actor: Actor) -> str:
    """Make a pair of two leaders of one register, or take up one that was dissolved; returns the office's slug.

    Raises NotFound, PairOfOne, PairKnown, or LeaderRetired.
    """
    if first_id == second_id:
        raise PairOfOne
    lower, higher = sorted((first_id, second_id))
    with transaction() as tx:
        leaders = [_mine(tx, one, actor) for one in (lower, higher)]
        if leaders[0].email.lower() == leaders[1].email.lower():
            raise PairOfOne
        if leaders[0].office_id != leaders[1].office_id:
            raise NotFound
        for one in leaders:
            if one.retired_at is not None:
                raise leading.LeaderRetired(f"{one.name} er tatt ut av registeret.")
        pair = tx.scalar(select(LeaderPair).where(LeaderPair.first_id == lower, LeaderPair.second_id == higher))
        if pair is not None and pair.dissolved_at is None:
            raise PairKnown
        if pair is None:
            pair = LeaderPair(office_id=leaders[0].office_id, first_id=lower, second_id=higher)
            tx.add(pair)
        pair.dissolved_at = None
        tx.flush()
        tx.add(_entry(leaders[0], "pair_made", actor, clock.now(), pair=pair.id))
        return tx.get_one(Office, pair.office_id).slug


def dissolve(pair_id: int, *, actor: Actor) -> None:
    """The pair is no longer chosen; what it has led stays. Raises NotFound."""
    with transaction() as tx:
        pair = tx.get(LeaderPair, pair_id, with_for_update=True)
        if pair is None:
            raise NotFound
        check(may_organize(actor, [pair.office_id]))
        if pair.dissolved_at is None:
            pair.dissolved_at = clock.now()
            tx.add(_entry(pair.first, "pair_dissolved", actor, pair.dissolved_at, pair=pair.id))


def assign(slug: str, *, pair_id: int | None, leader_ids: tuple[int, ...], actor: Actor) -> bool:
    """Decide who leads an event: the pair first, then the others in order. True when there is something to tell.

    Who is new is told at once where the event is published, and so is who is taken off; everybody else is told in a
    step of its own. Raises NotFound, EventOver, TooManyLeaders, LeaderUnknown, LeaderRetired, LeaderTwice, LeaderBusy.
    """
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        now = clock.now()
        if event.status is EventStatus.CANCELLED:
            raise EventOver
        before = facts_of(event, now)
        wanted = _chosen(tx, event, pair_id, leader_ids)
        if [(one.leader_id, one.pair_id) for one in wanted] == [(one.leader_id, one.pair_id) for one in event.leaders]:
            return event.told is not None
        gone = _replace(tx, event, wanted)
        untold = settle(tx, event, before, now)
        for one in gone:
            if one.told_at is not None:
                briefings.dismissed(tx, one.leader, event, now)
        briefings.welcome(tx, event, now)
        leads = ",".join(str(one.leader_id) for one in event.leaders)
        tx.add(note(event, "leaders_changed", actor, now, leaders=leads))
        return untold


def _chosen(tx: Session, event: Event, pair_id: int | None, leader_ids: tuple[int, ...]) -> list[EventLeader]:
    found = leading.chosen(
        tx,
        pair_id=pair_id,
        leader_ids=leader_ids,
        office_ids=[event.office_id, *(office.id for office in event.partners)],
        spans=[(one.starts_at, one.ends_at) for one in event.sessions if not one.cancelled],
        event_id=event.id,
        present={one.leader_id for one in event.leaders},
    )
    if len(found) > MOST_LEADERS:
        raise TooManyLeaders
    return found


def _replace(tx: Session, event: Event, wanted: list[EventLeader]) -> list[EventLeader]:
    """Put the wanted leaders in the place of those who are there; who stays keeps her row. Returns who left."""
    old = {one.leader_id: one for one in event.leaders}
    rows = [old.get(one.leader_id, one) for one in wanted]
    for row, one in zip(rows, wanted, strict=True):
        row.pair_id, row.position = one.pair_id, one.position
    gone = [one for one in event.leaders if one not in rows]
    for one in gone:
        _ = one.leader.name
    event.leaders = rows
    tx.flush()
    tx.refresh(event, ["leaders"])
    return gone


def _seat(event: Event, leader: CourseLeader) -> tuple[Event, EventLeader]:
    return event, next(one for one in event.leaders if one.leader_id == leader.id)


def _events_of(tx: Session, leader_id: int) -> list[Event]:
    """The events she is down for, their turns taken in order; before her own row, as everybody takes them."""
    found = tx.scalars(
        select(Event)
        .join(EventLeader, EventLeader.event_id == Event.id)
        .where(EventLeader.leader_id == leader_id)
        .order_by(Event.id)
        .with_for_update(of=Event)
    )
    return list(found)


def _mine(tx: Session, leader_id: int, actor: Actor) -> CourseLeader:
    leader = tx.get(CourseLeader, leader_id, with_for_update={"key_share": True})
    if leader is None:
        raise NotFound
    check(may_organize(actor, [leader.office_id]))
    return leader


def _check_address(tx: Session, office_id: int, email: str, *, but: int = 0) -> None:
    tx.get_one(Office, office_id, with_for_update={"key_share": True})  # one register at a time
    chosen = select(CourseLeader.id).where(
        CourseLeader.office_id == office_id, func.lower(CourseLeader.email) == email.lower(), CourseLeader.id != but
    )
    if tx.scalar(chosen.limit(1)) is not None:
        raise LeaderKnown


def _set(leader: CourseLeader, wish: LeaderWish) -> None:
    leader.name, leader.email = wish.name, wish.email
    leader.mobile, leader.workplace, leader.language = wish.mobile, wish.workplace, wish.language


def _entry(leader: CourseLeader, verb: str, actor: Actor, now: datetime, **details: int) -> AuditEntry:
    return AuditEntry(
        at=now,
        actor="user",
        user_id=actor.user_id,
        office_id=leader.office_id,
        verb=verb,
        details={"leader": leader.id, **details},
    )
