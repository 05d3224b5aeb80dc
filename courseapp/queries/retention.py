"""What has had its time and what is about to, for the job that forgets and for the page that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, func, or_, select

from courseapp.db import db
from courseapp.domain import retention
from courseapp.domain.access import Actor, check, may_organize
from courseapp.domain.retention import Forgotten
from courseapp.models.account import User
from courseapp.models.certificate import Certificate
from courseapp.models.event import Event, EventLeader
from courseapp.models.office import Office
from courseapp.models.person import CourseLeader
from courseapp.models.privacy import RetentionAct
from courseapp.models.registration import DietaryNeed, Registration

AHEAD = timedelta(days=92)
MOST_ROWS = 100
GONE = "slettet-"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRow:
    """One event whose people will be forgotten, and how many they are. `overdue`: the worker has not come to it yet."""

    slug: str
    title: str
    office: str
    ended_at: datetime
    due_at: datetime
    people: int
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneRow:
    """Something that was forgotten: how much of what, of which event if of one, and who asked, or nobody."""

    at: datetime
    what: Forgotten
    count: int
    title: str
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """How much of a kind has had its time now, without anything being done."""

    what: Forgotten
    events: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The page: what is due in the next three months, and the newest of what was done."""

    ahead: tuple[DueRow, ...]
    done: tuple[DoneRow, ...]


def events_with_dietary(ended: datetime, *, most: int) -> list[int]:
    """Ids of events that ended before that moment and still know what somebody eats."""
    chosen = select(Registration.event_id).where(Registration.id.in_(select(DietaryNeed.registration_id)))
    return list(
        db.session.scalars(
            select(Event.id).where(Event.ends_at < ended, Event.id.in_(chosen)).order_by(Event.id).limit(most)
        )
    )


def events_with_people(ended: datetime, *, most: int) -> list[int]:
    """Ids of events that ended before that moment and still remember their people."""
    return list(
        db.session.scalars(
            select(Event.id)
            .where(Event.ends_at < ended, Event.people_forgotten_at.is_(None))
            .order_by(Event.ends_at)
            .limit(most)
        )
    )


def leaders_who_stopped(before: datetime) -> Select[CourseLeader]:
    """Leaders who retired, and held their last course, before that moment, and can still be reached."""
    later = (
        select(EventLeader.leader_id)
        .join(Event, Event.id == EventLeader.event_id)
        .where(EventLeader.leader_id == CourseLeader.id, or_(Event.ends_at.is_(None), Event.ends_at >= before))
    )
    return select(CourseLeader).where(
        CourseLeader.retired_at < before, ~CourseLeader.email.startswith(GONE), ~exists(later)
    )


def dry_run(now: datetime) -> tuple[Due, ...]:
    """What the next rounds of the job would forget, kind by kind."""
    limits = retention.limits(now)
    over = select(Event.id).where(Event.ends_at < limits.people, Event.people_forgotten_at.is_(None))
    eaten = select(Event.id).where(Event.ends_at < limits.dietary)
    people = Registration.event_id.in_(over), Registration.anonymised_at.is_(None)
    dietary = select(Registration.event_id).join(DietaryNeed, DietaryNeed.registration_id == Registration.id)
    old = Certificate.issued_at < limits.certificates
    return (
        _due(Forgotten.DIETARY, dietary.where(Registration.event_id.in_(eaten))),
        _due(Forgotten.PEOPLE, select(Registration.event_id).where(*people)),
        _due(Forgotten.CERTIFICATES, select(Certificate.event_id).where(old)),
        _due(Forgotten.LEADERS, select(leaders_who_stopped(limits.people).subquery().c.id)),
    )


def _due(what: Forgotten, rows: Select[int | None]) -> Due:
    found = rows.subquery()
    events, count = db.session.execute(select(func.count(found.c[0].distinct()), func.count()).select_from(found)).one()
    return Due(what=what, events=events, count=count)


def plan(actor: Actor, now: datetime) -> Plan:
    """What is due and what was done in the actor's offices. Raises NotFound for those who organize none."""
    offices = [
        one.id for one in db.session.scalars(select(Office).order_by(Office.id)) if may_organize(actor, [one.id])
    ]
    check(bool(offices))
    return Plan(ahead=_ahead(offices, now), done=_done(offices))


def _ahead(offices: list[int], now: datetime) -> tuple[DueRow, ...]:
    until = retention.limits(now + AHEAD).people
    people = select(func.count()).where(Registration.event_id == Event.id, Registration.anonymised_at.is_(None))
    rows = db.session.execute(
        select(Event.slug, Event.title, Office.short_name, Event.ends_at, people.scalar_subquery().label("people"))
        .join(Office, Office.id == Event.office_id)
        .where(Event.office_id.in_(offices), Event.ends_at < until, Event.people_forgotten_at.is_(None))
        .order_by(Event.ends_at)
        .limit(MOST_ROWS)
    )
    return tuple(
        DueRow(
            slug=row.slug,
            title=row.title,
            office=row.short_name,
            ended_at=row.ends_at,
            due_at=(due := retention.people_due(row.ends_at)),
            people=row.people,
            overdue=due < now,
        )
        for row in rows
        if row.people
    )


def _done(offices: list[int]) -> tuple[DoneRow, ...]:
    rows = db.session.execute(
        select(RetentionAct.at, RetentionAct.what, RetentionAct.count, Event.title, User.name)
        .outerjoin(Event, Event.id == RetentionAct.event_id)
        .outerjoin(User, User.id == RetentionAct.user_id)
        .where(or_(RetentionAct.office_id.in_(offices), RetentionAct.office_id.is_(None)))
        .order_by(RetentionAct.id.desc())
        .limit(MOST_ROWS)
    )
    return tuple(
        DoneRow(at=at, what=what, count=count, title=title or "", who=who or "") for at, what, count, title, who in rows
    )
