"""Afterwards: thank those who were there once, and keep what they say without keeping who said it."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courseapp import clock, when
from courseapp.db import transaction
from courseapp.domain import evaluation
from courseapp.domain.access import Actor
from courseapp.domain.attendance import AttendanceState
from courseapp.domain.errors import NotFound
from courseapp.domain.evaluation import THANK_AFTER, THANK_BEFORE, Answer, EvaluationClosed
from courseapp.domain.event import LIVE_STATUSES, EventStatus
from courseapp.domain.registration import Status
from courseapp.links import links
from courseapp.models.attendance import Attendance
from courseapp.models.evaluation import EvaluationAnswer
from courseapp.models.event import Event, EventSession
from courseapp.models.registration import Registration
from courseapp.services import correspondence, seats
from courseapp.services.changes import note, turn_for


def answer(token: str, said: Answer) -> None:
    """Keep one answer; nothing about who gave it, and no more of the time than its day.

    Raises NotFound for a link that is not ours, EvaluationClosed, or NothingSaid.
    """
    event_id = links().read_evaluation(token)
    if event_id is None:
        raise NotFound
    with transaction() as tx:
        event = tx.get(Event, event_id)
        now = clock.now()
        if event is None:
            raise NotFound
        if not evaluation.is_open(event.ends_at, now):
            raise EvaluationClosed
        evaluation.check(said)
        known = {one.id for one in event.sessions if not one.cancelled}
        scores = {str(one): score for one, score in said.scores.items() if one in known and score in evaluation.SCORES}
        tx.add(
            EvaluationAnswer(
                event_id=event.id,
                day=when.local(now).date(),
                scores=scores,
                good=said.good.strip(),
                better=said.better.strip(),
            )
        )


def set_thanks(slug: str, wanted: bool, *, actor: Actor) -> None:  # noqa: FBT001 - it is what is wished for
    """Whether participants are thanked by mail when the event is over. Raises NotFound."""
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        event.thanks = wanted
        tx.add(note(event, "thanks_changed", actor, clock.now(), on=wanted))


def thank_due() -> int:
    """Thank the participants of every event with hours that has just ended; returns how many were thanked."""
    now = clock.now()
    with transaction() as tx:
        over = tx.scalars(
            select(Event.id)
            .where(
                Event.status.in_({*LIVE_STATUSES, EventStatus.HELD}),
                Event.thanks,
                Event.thanked_at.is_(None),
                Event.ends_at <= now - THANK_AFTER,
                Event.ends_at > now - THANK_BEFORE,
                Event.sessions.any(EventSession.minutes.is_not(None)),
            )
            .order_by(Event.id)
        ).all()
    return sum(_thank(event_id) for event_id in over)


def _thank(event_id: int) -> int:
    with transaction() as tx:
        event = seats.take_turn(tx, event_id)
        if event.thanked_at is not None:
            return 0
        now = clock.now()
        event.thanked_at = now
        page = seats.page(tx, event, now)
        people = _there(tx, event)
        for registration in people:
            tx.add(seats.entry(registration, event, "thanked", now))
            correspondence.thanks(tx, registration, event, page, now)
        return len(people)


def _there(tx: Session, event: Event) -> list[Registration]:
    """Those with a seat, but not those of whom it is written that they were away from every session."""
    going = [one.id for one in event.sessions if not one.cancelled]
    away = (
        select(Attendance.registration_id)
        .where(Attendance.session_id.in_(going), Attendance.state == AttendanceState.ABSENT)
        .group_by(Attendance.registration_id)
        .having(func.count() == len(going))
    )
    chosen = select(Registration).where(
        Registration.event_id == event.id, Registration.status == Status.REGISTERED, Registration.id.not_in(away)
    )
    return list(tx.scalars(chosen.order_by(Registration.id)))
