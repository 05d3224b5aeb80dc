"""Forgets what has had its time. Run by the worker, again and again without harm; each event in one transaction."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import db, transaction
from courseapp.domain import retention
from courseapp.domain.retention import Forgotten
from courseapp.models.calendar import LeaderEntry
from courseapp.models.certificate import Certificate
from courseapp.models.evaluation import EvaluationAnswer
from courseapp.models.event import Event, EventSession
from courseapp.models.journal import AuditEntry, OutboxEmail
from courseapp.models.message import Message, MessageFile
from courseapp.models.privacy import RetentionAct
from courseapp.models.registration import DietaryNeed, FeedToken, Registration
from courseapp.queries import history
from courseapp.queries import retention as due
from courseapp.services import forgetting, seats

EVENTS_A_ROUND = 50


def run_due() -> int:
    """Forget everything that is due, at most EVENTS_A_ROUND events of a kind; returns how much there was to do."""
    now = clock.now()
    limits = retention.limits(now)
    eaten = due.events_with_dietary(limits.dietary, most=EVENTS_A_ROUND)
    remembered = due.events_with_people(limits.people, most=EVENTS_A_ROUND)
    db.session.rollback()
    for event_id in eaten:
        _forget_dietary(event_id, now)
    for event_id in remembered:
        _forget_people(event_id, now)
    return len(eaten) + len(remembered) + _forget_the_rest(limits, now)


def note(
    tx: Session,
    what: Forgotten,
    count: int,
    now: datetime,
    *,
    event: Event | None = None,
    office_id: int | None = None,
    user_id: int | None = None,
) -> int:
    """Write down that so much was forgotten; nothing is written of nothing. Returns how many lines."""
    if count <= 0:
        return 0
    office = event.office_id if event is not None else office_id
    event_id = None if event is None else event.id
    tx.add(RetentionAct(at=now, what=what, office_id=office, event_id=event_id, count=count, user_id=user_id))
    return 1


def _forget_dietary(event_id: int, now: datetime) -> None:
    with transaction() as tx:
        event = seats.take_turn(tx, event_id)
        mine = select(Registration.id).where(Registration.event_id == event_id)
        ids = tx.scalars(
            delete(DietaryNeed).where(DietaryNeed.registration_id.in_(mine)).returning(DietaryNeed.registration_id)
        ).all()
        note(tx, Forgotten.DIETARY, len(ids), now, event=event)


def _forget_people(event_id: int, now: datetime) -> None:
    """Everybody at an event, what was written to and about them, and what they wrote afterwards."""
    with transaction() as tx:
        event = seats.take_turn(tx, event_id)
        count = forgetting.people(tx, Registration.event_id == event_id, now)
        event.people_forgotten_at = now
        _forget_letters(tx, event_id)
        tx.execute(update(EvaluationAnswer).where(EvaluationAnswer.event_id == event_id).values(good="", better=""))
        tx.execute(delete(AuditEntry).where(AuditEntry.event_id == event_id, AuditEntry.verb.in_(history.READINGS)))
        sessions = select(EventSession.id).where(EventSession.event_id == event_id)
        tx.execute(delete(LeaderEntry).where(LeaderEntry.session_id.in_(sessions)))
        note(tx, Forgotten.PEOPLE, count, now, event=event)


def _forget_letters(tx: Session, event_id: int) -> None:
    """What the office wrote to them, and what was written to the course leaders."""
    messages = select(Message.id).where(Message.event_id == event_id)
    tx.execute(delete(MessageFile).where(MessageFile.message_id.in_(messages)))
    tx.execute(update(Message).where(Message.event_id == event_id).values(subject="", body="", choice={}))
    tx.execute(update(OutboxEmail).where(OutboxEmail.event_id == event_id).values(**forgetting.EMPTY_LETTER))


def _forget_the_rest(limits: retention.Limits, now: datetime) -> int:
    """What belongs to no event, or outlives it: kursbevis, leaders who stopped, letters of no event."""
    with transaction() as tx:
        return _old_certificates(tx, limits, now) + _gone_leaders(tx, limits, now) + _loose_letters(tx, limits, now)


def _old_certificates(tx: Session, limits: retention.Limits, now: datetime) -> int:
    old = Certificate.issued_at < limits.certificates
    gone = Counter(tx.scalars(select(Certificate.office_id).where(old)))  # grouped, all of them would be read
    if not gone:
        return 0
    tx.execute(update(Certificate).where(old).values(replaced_by_id=None))
    tx.execute(delete(Certificate).where(old))
    counts = sorted(gone.items())
    return sum(note(tx, Forgotten.CERTIFICATES, count, now, office_id=office_id) for office_id, count in counts)


def _gone_leaders(tx: Session, limits: retention.Limits, now: datetime) -> int:
    """The names of those who have stopped stand with the courses they held; how to reach them is forgotten."""
    gone = tx.scalars(due.leaders_who_stopped(limits.people)).all()
    for leader in gone:
        leader.email, leader.mobile, leader.workplace = f"slettet-{leader.id}", "", ""
        leader.link_sent_at, leader.link_serial = None, leader.link_serial + 1
        tx.execute(delete(FeedToken).where(FeedToken.leader_id == leader.id))
    offices = {leader.office_id for leader in gone}
    counts = {office: sum(1 for leader in gone if leader.office_id == office) for office in sorted(offices)}
    return sum(note(tx, Forgotten.LEADERS, count, now, office_id=office) for office, count in counts.items())


def _loose_letters(tx: Session, limits: retention.Limits, now: datetime) -> int:
    """Letters about no event: links asked for, links to leaders' pages."""
    loose = OutboxEmail.event_id.is_(None), OutboxEmail.registration_id.is_(None)
    ids = tx.scalars(
        delete(OutboxEmail)
        .where(*loose, OutboxEmail.created_at < limits.letters, OutboxEmail.state.not_in(forgetting.UNSENT))
        .returning(OutboxEmail.id)
    ).all()
    return note(tx, Forgotten.LETTERS, len(ids), now)
