"""Fills an empty database with a believable year of six offices: earlier reports, courses to come, invented people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from courseapp.db import db, transaction
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.event import EventStatus, SeatRule
from courseapp.domain.modes import Mode
from courseapp.domain.ranking import Criterion
from courseapp.domain.registration import ACTIVE, Role, Source, Status
from courseapp.domain.rows import PersonDetails, SignUp
from courseapp.links import links
from courseapp.models.account import User
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry, MailState, OutboxEmail
from courseapp.models.office import Office
from courseapp.models.person import CourseLeader, LeaderPair
from courseapp.models.registration import Registration
from courseapp.services import accounts, applications, demo_attendance, enrolment, events, imports, registrations, seats
from courseapp.services.demo_events import DemoEvent, demo_events
from courseapp.services.demo_people import Crowd, invented, leader_names

BETWEEN_SIGN_UPS = timedelta(hours=9)
PLANNED_BEFORE = timedelta(days=120)
REJECTED = "550 5.1.1 Recipient address rejected: User unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoLogIn:
    """Somebody who can log in to the demo; the password is no secret."""

    email: str
    password: str
    name: str
    office: str | None
    role: UserRole


DEMO_LOG_INS = (
    DemoLogIn(
        email="nord@example.org",
        password="demo-nord-2027",  # noqa: S106 - printed for everybody who runs the demo
        name="Nora Nordmo",
        office="nord",
        role=UserRole.ORGANIZER,
    ),
    DemoLogIn(
        email="sor@example.org",
        password="demo-sor-2027",  # noqa: S106 - printed for everybody who runs the demo
        name="Sofie Sørås",
        office="sor",
        role=UserRole.ORGANIZER,
    ),
    DemoLogIn(
        email="leser@example.org",
        password="demo-leser-2027",  # noqa: S106 - printed for everybody who runs the demo
        name="Leif Lesvik",
        office=None,
        role=UserRole.READER,
    ),
    DemoLogIn(
        email="admin@example.org",
        password="demo-admin-2027",  # noqa: S106 - printed for everybody who runs the demo
        name="Aud Administrasjonen",
        office=None,
        role=UserRole.ADMINISTRATOR,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccounts:
    """What was made, and who can log in."""

    log_ins: tuple[DemoLogIn, ...]
    events: int
    registrations: int


def fill(now: datetime) -> DemoAccounts | None:
    """Fill a database without events, as of `now`; None, and nothing done, when it has any. Takes some seconds.

    Always invents the same people. Their letters count as sent, but for one that was rejected and a few still to go.
    """
    if db.session.scalar(select(Event.id).limit(1)) is not None:
        return None
    _make_users()
    imports.import_activities(files("courseapp").joinpath("data", "activities.csv").read_bytes(), actor=None)
    crowd = invented()
    for plan in demo_events(now, _make_leaders()):
        _make(plan, crowd, now)
    with transaction() as tx:
        _spread_over_time(tx, now)
        _settle_letters(tx, now)
        demo_attendance.mark_held(tx)
        made = tx.scalar(select(func.count()).select_from(Event)) or 0
        people = tx.scalar(select(func.count()).select_from(Registration)) or 0
    return DemoAccounts(log_ins=DEMO_LOG_INS, events=made, registrations=people)


def log_ins() -> list[DemoLogIn]:
    """Those demo log-ins that this database has."""
    there = set(db.session.scalars(select(User.email).where(User.email.in_([one.email for one in DEMO_LOG_INS]))))
    return [one for one in DEMO_LOG_INS if one.email in there]


def _make_users() -> None:
    there = log_ins()
    for one in DEMO_LOG_INS:
        if one not in there:
            accounts.create_user(
                email=one.email, name=one.name, password=one.password, office=one.office, role=one.role
            )


def _make_leaders() -> dict[str, list[int]]:
    """Course leaders of three offices, two by two; the ids of their pairs by office."""
    pairs: dict[str, list[int]] = {}
    with transaction() as tx:
        offices = {office.slug: office.id for office in tx.scalars(select(Office))}
        for slug, people in leader_names().items():
            leaders = [
                CourseLeader(office_id=offices[slug], name=name, email=email, workplace="Kommunelegekontoret")
                for name, email in people
            ]
            tx.add_all(leaders)
            tx.flush()
            ids = sorted(leader.id for leader in leaders)
            made = [
                LeaderPair(office_id=offices[slug], first_id=first, second_id=second)
                for first, second in zip(ids[::2], ids[1::2], strict=True)
            ]
            tx.add_all(made)
            tx.flush()
            pairs[slug] = [pair.id for pair in made]
    return pairs


def _make(plan: DemoEvent, crowd: Crowd, now: datetime) -> None:
    slug = events.create(plan.wish, actor=None)
    event_id = db.session.scalars(select(Event.id).where(Event.slug == slug)).one()
    number = plan.cancelled + plan.registered + plan.waiting + plan.digital + plan.overbooked
    people = crowd.from_everywhere(plan.wish, number) if plan.from_everywhere else crowd.at(plan.wish, number)
    ended, staying = people[: plan.cancelled], people[plan.cancelled :]
    if plan.wish.status is EventStatus.HELD:
        _enter_directly(event_id, staying, Status.REGISTERED, now)
        _enter_directly(event_id, ended, Status.CANCELLED, now)
        return
    for person in ended:
        registrations.sign_up(SignUp(event_id=event_id, person=person))
        registrations.cancel(_key(event_id, person))
    coming = plan.registered + plan.waiting
    for at, person in enumerate(staying[: coming + plan.digital]):
        mode = Mode.PHYSICAL if at < coming else Mode.DIGITAL
        registrations.sign_up(SignUp(event_id=event_id, person=person, mode=mode))
    _enter_directly(event_id, staying[coming + plan.digital :], Status.REGISTERED, now)
    _change(event_id, plan, now)
    if plan.from_everywhere:
        _adjust_one(slug, staying[-1])


def _adjust_one(slug: str, person: PersonDetails) -> None:
    """The criteria rank these applications, and a hand has moved one of them."""
    log_in = DEMO_LOG_INS[0]
    user_id = db.session.scalars(select(User.id).where(User.email == log_in.email)).one()
    office_id = db.session.scalars(select(Office.id).where(Office.slug == log_in.office)).one()
    actor = Actor(user_id=user_id, name=log_in.name, roles=((office_id, log_in.role),), national=None)
    rules = applications.RulesWish(
        seat_rule=SeatRule.APPLICATION,
        criteria=(Criterion.REGION, Criterion.SUPERVISES, Criterion.FIRST_COURSE, Criterion.ROLE),
        role_order=(Role.SPECIALIST_GENERAL_PRACTICE, Role.SPECIALIST_COMMUNITY_MEDICINE, Role.ALIS, Role.SAMLIS),
        refuses_rest=False,
    )
    applications.set_rules(slug, rules, actor)
    applicant = db.session.scalars(
        select(Registration.id).join(Registration.event).where(Event.slug == slug, Registration.email == person.email)
    ).one()
    applications.move(slug, applicant, 3, "Skal veilede ny LIS1 fra august og fikk ikke plass i fjor.", actor)


def _key(event_id: int, person: PersonDetails) -> str:
    registration_id = db.session.scalars(
        select(Registration.id).where(
            Registration.event_id == event_id, Registration.email == person.email, Registration.status.in_(ACTIVE)
        )
    ).one()
    return links().key(registration_id, 1)


def _enter_directly(event_id: int, people: list[PersonDetails], status: Status, now: datetime) -> None:
    """For what the public door refuses, rightly: seats above the capacity, and an event that is over."""
    with transaction() as tx:
        event = seats.take_turn(tx, event_id)
        for person in people:
            registration = enrolment.new(event, person, status, Source.ORGANIZER, now, mode=None)
            tx.add(registration)
            tx.flush()
            verb = "cancelled" if status is Status.CANCELLED else "added"
            tx.add(seats.entry(registration, event, verb, now, status=status))


def _change(event_id: int, plan: DemoEvent, now: datetime) -> None:
    """What happens to some events after people have signed up."""
    with transaction() as tx:
        event = seats.take_turn(tx, event_id)
        if plan.deadline_passed:
            event.closes_at = now - timedelta(days=2)
        if plan.cancelled_reason:
            event.status, event.cancelled_reason = EventStatus.CANCELLED, plan.cancelled_reason


def _spread_over_time(tx: Session, now: datetime) -> None:
    """Nobody signs up in the same second: every event's sign-ups come one by one until now, or until it began."""
    planned = now - PLANNED_BEFORE
    tx.execute(update(Event).values(created_at=planned, updated_at=planned))
    tx.execute(update(AuditEntry).where(AuditEntry.registration_id.is_(None)).values(at=planned))
    by_event: dict[int, list[int]] = {}
    for event_id, one in tx.execute(select(Registration.event_id, Registration.id).order_by(Registration.id)):
        by_event.setdefault(event_id, []).append(one)
    for event in tx.scalars(select(Event).where(Event.id.in_(by_event))):
        assert event.starts_at is not None
        until = min(now, event.starts_at - timedelta(days=3), event.closes_at or now)
        for back, one in enumerate(reversed(by_event[event.id])):
            at = until - back * BETWEEN_SIGN_UPS - timedelta(minutes=one % 50)
            tx.execute(
                update(Registration).where(Registration.id == one).values(created_at=at, status_at=at, updated_at=at)
            )
            tx.execute(update(AuditEntry).where(AuditEntry.registration_id == one).values(at=at))
            tx.execute(update(OutboxEmail).where(OutboxEmail.registration_id == one).values(created_at=at))


def _settle_letters(tx: Session, now: datetime) -> None:
    """A worker must not send hundreds of demo letters: nearly all went long ago, one was rejected."""
    fresh = list(
        tx.scalars(
            select(Registration.id)
            .where(
                Registration.status.in_([Status.REGISTERED, Status.WAITLISTED]), Registration.source == Source.PUBLIC
            )
            .order_by(Registration.created_at.desc(), Registration.id.desc())
            .limit(3)
        )
    )
    to_go = OutboxEmail.registration_id.in_(fresh) & (OutboxEmail.state == MailState.QUEUED)
    tx.execute(update(OutboxEmail).where(to_go).values(not_before=now))
    tx.execute(
        update(OutboxEmail)
        .where(func.coalesce(OutboxEmail.registration_id, 0).not_in(fresh), OutboxEmail.state == MailState.QUEUED)
        .values(state=MailState.SENT, attempts=1, sent_at=OutboxEmail.created_at)
    )
    _reject_one(tx)


def _reject_one(tx: Session) -> None:
    """One participant's confirmation came back, so that the desk has something to show."""
    rejected = tx.scalars(
        select(OutboxEmail)
        .join(Registration, Registration.id == OutboxEmail.registration_id)
        .where(
            OutboxEmail.occasion == "confirmation",
            OutboxEmail.state == MailState.SENT,
            Registration.status == Status.REGISTERED,
        )
        .order_by(OutboxEmail.id)
        .limit(1)
    ).one()
    rejected.state, rejected.sent_at, rejected.error = MailState.FAILED, None, REJECTED
