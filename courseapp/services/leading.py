"""Who can lead what: the registers' leaders and pairs, and who is free. For services only: everything takes `tx`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courseapp import when
from courseapp.domain.errors import DomainError
from courseapp.domain.event import EventStatus
from courseapp.domain.marking import N_
from courseapp.models.event import Event, EventLeader, EventSession
from courseapp.models.person import CourseLeader, LeaderPair


class LeaderUnknown(DomainError):
    """The leader or pair is in no register of the offices that arrange the event."""

    message = N_("Kursholderen står ikke i registeret til kontorene som arrangerer kurset.")


class LeaderRetired(DomainError):
    """Who has stopped leading is not asked again."""


class LeaderTwice(DomainError):
    """Whoever stands in the registers of two offices is still one person."""


BUSY = N_("%(name)s er opptatt %(day)s: «%(title)s»%(where)s.")


class LeaderBusy(DomainError):
    """Nobody is in two places at once; the sentence says who and where."""


Span = tuple[datetime, datetime]
"""From when until when, aware."""


def chosen(
    tx: Session,
    *,
    pair_id: int | None,
    leader_ids: Sequence[int],
    office_ids: Sequence[int],
    spans: Iterable[Span],
    event_id: int | None = None,
    present: Collection[int] = (),
) -> list[EventLeader]:
    """The pair's leaders first, then the others, as new rows; all from the registers of the arranging offices.

    `spans` are the event's sessions and `event_id` its number, where it has one already: an event never makes its own
    leaders busy. `present` are the leaders it has: they may stay though they are retired.
    Raises LeaderUnknown, LeaderRetired, LeaderTwice or LeaderBusy.
    """
    pair = _pair(tx, pair_id, office_ids, present)
    pair_ids = (pair.first_id, pair.second_id) if pair else ()
    ids = list(dict.fromkeys([*pair_ids, *leader_ids]))
    _check_known(tx, ids, office_ids, present)
    check_free(tx, ids, spans, event_id=event_id)
    return [
        EventLeader(leader_id=leader_id, pair_id=pair_id if leader_id in pair_ids else None, position=position)
        for position, leader_id in enumerate(ids, start=1)
    ]


def check_free(tx: Session, leader_ids: Sequence[int], spans: Iterable[Span], *, event_id: int | None = None) -> None:
    """Raise LeaderBusy where one of the leaders holds another course, a draft included, at one of these times.

    Whoever stands in the registers of several offices is one person: the address tells. The leaders are locked until
    the transaction ends, so that two events cannot both take one.
    """
    people = _turn(tx, leader_ids)
    for starts_at, ends_at in spans:
        busy = tx.execute(
            select(CourseLeader.name, Event.title, EventSession.starts_at, EventSession.place)
            .join(EventLeader, EventLeader.leader_id == CourseLeader.id)
            .join(Event, Event.id == EventLeader.event_id)
            .join(EventSession, EventSession.event_id == Event.id)
            .where(
                EventLeader.leader_id.in_(people),
                Event.status != EventStatus.CANCELLED,
                Event.id != (event_id or 0),
                ~EventSession.cancelled,
                EventSession.starts_at < ends_at,
                EventSession.ends_at > starts_at,
            )
            .order_by(EventSession.starts_at, CourseLeader.id)
            .limit(1)
        ).first()
        if busy is not None:
            where = f", {busy.place}" if busy.place else ""
            told = {"name": busy.name, "day": when.short_day(busy.starts_at), "title": busy.title, "where": where}
            raise LeaderBusy(BUSY, **told)


def _check_known(tx: Session, ids: Sequence[int], office_ids: Sequence[int], present: Collection[int]) -> None:
    known = tx.scalars(
        select(CourseLeader)
        .where(CourseLeader.id.in_(ids), CourseLeader.office_id.in_(office_ids))
        .order_by(CourseLeader.id)
    ).all()
    if len(known) != len(ids):
        raise LeaderUnknown
    addresses: set[str] = set()
    for one in known:
        if one.retired_at is not None and one.id not in present:
            raise LeaderRetired(N_("%(name)s er tatt ut av registeret."), name=one.name)
        if one.email.lower() in addresses:
            raise LeaderTwice(N_("%(name)s er valgt to ganger."), name=one.name)
        addresses.add(one.email.lower())


def _turn(tx: Session, leader_ids: Sequence[int]) -> list[int]:
    """Lock the leaders and whoever has the same address in another register; returns all their ids."""
    addresses = select(func.lower(CourseLeader.email)).where(CourseLeader.id.in_(leader_ids))
    found = tx.scalars(
        select(CourseLeader.id)
        .where(func.lower(CourseLeader.email).in_(addresses))
        .order_by(CourseLeader.id)
        .with_for_update(key_share=True)
    )
    return list(found)


def _pair(tx: Session, pair_id: int | None, office_ids: Sequence[int], present: Collection[int]) -> LeaderPair | None:
    """A pair that was dissolved stays only where it is already."""
    if pair_id is None:
        return None
    pair = tx.scalar(select(LeaderPair).where(LeaderPair.id == pair_id, LeaderPair.office_id.in_(office_ids)))
    if pair is None or (pair.dissolved_at is not None and not {pair.first_id, pair.second_id} <= set(present)):
        raise LeaderUnknown
    return pair


def moved(event: Event, wanted: Iterable[tuple[int | None, datetime, datetime]]) -> list[Span]:
    """Those of the wanted sessions, each with its number or None for a new one, that are not held at that time now."""
    there = {(one.id, one.starts_at, one.ends_at) for one in event.sessions if not one.cancelled}
    return [(one[1], one[2]) for one in wanted if one not in there]
