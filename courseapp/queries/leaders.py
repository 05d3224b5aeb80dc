"""The registers of course leaders: who they are, the pairs, and how often each has led.

Whoever has one address in several registers is one person, and is counted as one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from courseapp.db import db
from courseapp.domain import names
from courseapp.domain.access import SEES_PERSONS, Actor, check, may_organize, may_see_persons
from courseapp.domain.errors import NotFound
from courseapp.domain.event import EventStatus
from courseapp.domain.language import Language
from courseapp.domain.rows import OfficeRow
from courseapp.models.event import Event, EventLeader
from courseapp.models.journal import MailState, OutboxEmail
from courseapp.models.office import Office
from courseapp.models.person import CourseLeader, LeaderPair
from courseapp.queries import feeds, tallies
from courseapp.queries.events import as_office
from courseapp.queries.tallies import CourseRow, Tally

MOST_COURSES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderRow:
    """One leader in a register."""

    id: int
    name: str
    email: str
    mobile: str
    workplace: str
    language: Language
    office: OfficeRow
    active: bool
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRow:
    """Two who lead together: «Ane Berg og Bo Dahl». `total` counts every course they have held as this pair."""

    id: int
    name: str
    leader_ids: tuple[int, int]
    office: OfficeRow
    active: bool
    total: int
    held: int
    coming: int
    may_organize: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """The page: leaders and pairs of one office, or of all the reader's. `retired` counts those who have stopped."""

    leaders: tuple[LeaderRow, ...]
    pairs: tuple[PairRow, ...]
    offices: tuple[OfficeRow, ...]
    organizes: tuple[OfficeRow, ...]
    retired: int
    known: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderPage:
    """Everything about one leader. `failed`: letters to her address that the mail server refused.

    `link_sent_at`: when the link to her own pages was sent; None where none works.
    """

    row: LeaderRow
    pairs: tuple[PairRow, ...]
    courses: tuple[CourseRow, ...]
    has_feed: bool
    link_sent_at: datetime | None
    failed: int
    may_organize: bool


def register(actor: Actor, now: datetime, *, office: str = "", sought: str = "", retired: bool = False) -> Register:
    """Leaders whose name, address or workplace holds what is sought. Raises NotFound for whoever has no office."""
    offices = _offices(actor)
    if not offices:
        raise NotFound
    ids = [one.id for one in offices if office in ("", one.slug)]
    found = _leaders(select(CourseLeader).where(CourseLeader.office_id.in_(ids)))
    wanted = " ".join(sought.casefold().split())
    shown = [
        one
        for one in found
        if (retired or one.retired_at is None) and wanted in f"{one.name} {one.email} {one.workplace}".casefold()
    ]
    rows = {one.id: as_office(one) for one in offices}
    counted = tallies.tally(actor, [one.email for one in shown], now)
    pairs = select(LeaderPair).where(LeaderPair.office_id.in_(ids))
    return Register(
        leaders=tuple(_row(one, rows[one.office_id], counted) for one in shown),
        pairs=pair_rows(actor, pairs if retired else pairs.where(LeaderPair.dissolved_at.is_(None)), now),
        offices=tuple(rows.values()),
        organizes=tuple(rows[one.id] for one in offices if may_organize(actor, [one.id])),
        retired=sum(one.retired_at is not None for one in found),
        known=len(found),
    )


def leader(actor: Actor, leader_id: int, now: datetime) -> LeaderPage:
    """One leader. Raises NotFound for those of other offices."""
    found = db.session.get(CourseLeader, leader_id)
    if found is None:
        raise NotFound
    check(may_see_persons(actor, [found.office_id]))
    office = as_office(db.session.get_one(Office, found.office_id))
    mine = select(LeaderPair).where((LeaderPair.first_id == found.id) | (LeaderPair.second_id == found.id))
    return LeaderPage(
        row=_row(found, office, tallies.tally(actor, [found.email], now)),
        pairs=pair_rows(actor, mine, now),
        courses=_courses(actor, found.email),
        has_feed=feeds.leader_has(found.id),
        link_sent_at=found.link_sent_at,
        failed=_failed(found.email),
        may_organize=may_organize(actor, [found.office_id]),
    )


def pair_rows(actor: Actor, chosen: Select[LeaderPair], now: datetime) -> tuple[PairRow, ...]:
    """The chosen pairs by name, with how often each has led."""
    pairs = db.session.scalars(
        chosen.options(selectinload(LeaderPair.first), selectinload(LeaderPair.second)).order_by(LeaderPair.id)
    ).all()
    led: dict[int, list[Event]] = {}
    rows = db.session.execute(
        select(EventLeader.pair_id, Event)
        .join(Event, Event.id == EventLeader.event_id)
        .where(EventLeader.pair_id.in_([one.id for one in pairs]), Event.status != EventStatus.CANCELLED)
    )
    for pair_id, event in rows:
        if event not in led.setdefault(pair_id or 0, []):
            led[pair_id or 0].append(event)
    offices = {one.id: as_office(one) for one in db.session.scalars(select(Office))}
    made = [_pair(one, offices[one.office_id], led.get(one.id, ()), actor, now) for one in pairs]
    return tuple(sorted(made, key=lambda one: (not one.active, one.name)))


def pair_name(pair: LeaderPair) -> str:
    """«Ane Berg og Bo Dahl», in the order of the alphabet."""
    return " og ".join(one.name for one in sorted((pair.first, pair.second), key=by_name))


def _pair(pair: LeaderPair, office: OfficeRow, events: Iterable[Event], actor: Actor, now: datetime) -> PairRow:
    known = [one for one in events if one.starts_at is not None]
    return PairRow(
        id=pair.id,
        name=pair_name(pair),
        leader_ids=(pair.first_id, pair.second_id),
        office=office,
        active=pair.dissolved_at is None,
        total=sum(tallies.held(one, now) for one in known),
        held=sum(tallies.held(one, now) and tallies.starts(one) >= tallies.year(now, 0) for one in known),
        coming=sum(not tallies.over(one, now) and tallies.starts(one) < tallies.year(now, 1) for one in known),
        may_organize=may_organize(actor, [pair.office_id]),
    )


def _offices(actor: Actor) -> list[Office]:
    """The offices whose leaders the actor may see."""
    found = db.session.scalars(select(Office).order_by(Office.id))
    return [one for one in found if actor.role_at(one.id) in SEES_PERSONS]


def _leaders(chosen: Select[CourseLeader]) -> list[CourseLeader]:
    return sorted(db.session.scalars(chosen), key=lambda one: (by_name(one), one.id))


def by_name(leader: CourseLeader) -> str:
    """By the last word of the name, as Norwegians look people up."""
    rest, _space, last = leader.name.rpartition(" ")
    return names.sort_key(last, rest)


def _row(leader: CourseLeader, office: OfficeRow, counted: dict[str, Tally]) -> LeaderRow:
    return LeaderRow(
        id=leader.id,
        name=leader.name,
        email=leader.email,
        mobile=leader.mobile,
        workplace=leader.workplace,
        language=leader.language,
        office=office,
        active=leader.retired_at is None,
        tally=counted.get(leader.email.lower(), Tally()),
    )


def _courses(actor: Actor, email: str) -> tuple[CourseRow, ...]:
    """What she has led and will lead, newest first, the cancelled ones included."""
    held = select(EventLeader.event_id).join(CourseLeader).where(func.lower(CourseLeader.email) == email.lower())
    found = db.session.scalars(
        select(Event)
        .where(Event.id.in_(held), Event.starts_at.is_not(None))
        .options(selectinload(Event.sessions), selectinload(Event.office), selectinload(Event.partners))
        .order_by(Event.starts_at.desc(), Event.id.desc())
        .limit(MOST_COURSES)
    )
    return tuple(tallies.course(actor, one) for one in found)


def _failed(email: str) -> int:
    chosen = select(func.count(OutboxEmail.id)).where(
        OutboxEmail.state == MailState.FAILED,
        OutboxEmail.to_email == email,
        OutboxEmail.occasion.startswith("leader_", autoescape=True),
    )
    return db.session.scalar(chosen) or 0
