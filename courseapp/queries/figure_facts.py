"""What figures are made of besides the report's facts: the line, hours, and what was said afterwards.

A question each, however many events: people are added up by the database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import and_, case, func, or_, select

from courseapp.db import db
from courseapp.domain.figures import Held
from courseapp.domain.registration import Status
from courseapp.models.evaluation import EvaluationAnswer
from courseapp.models.event import Event
from courseapp.models.registration import Registration
from courseapp.queries import hours
from courseapp.queries.hours import meetings_of
from courseapp.queries.yearly_facts import People


@dataclass(slots=True, kw_only=True)
class More:
    """Of one event: ever in line, never seated; minutes and who earned them; answers, scores and their sum."""

    queued: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    unseated: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    minutes: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    earners: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    answers: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    scores: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    score_sum: dict[int, int] = field(default_factory=lambda: defaultdict(int))


def more_of(events: Sequence[Event]) -> More:
    """All of it, by event id."""
    found = More()
    _line(found, events)
    _hours(found, events)
    _said(found, events)
    return found


def held(event: Event, people: People, more: More, number: int | None) -> Held:
    """One event as figures count it; `number` is the report's."""
    signed, gives_hours = sum(people.by_status.values()), any(one.minutes for one in meetings_of(event))
    known = people.marked > 0 or more.minutes[event.id] > 0
    return Held(
        kind=event.kind,
        people=number,
        seats=event.capacity,
        sign_ups=None if event.typed and not signed else signed,
        seated=people.seats,
        attended=people.attended,
        absent=None if people.attended is None else people.marked - people.attended,
        queued=more.queued[event.id],
        unseated=more.unseated[event.id],
        gives_hours=gives_hours,
        minutes=more.minutes[event.id] if known else None,
        earners=more.earners[event.id],
        answers=more.answers[event.id],
        scores=more.scores[event.id],
        score_sum=more.score_sum[event.id],
    )


def _line(found: More, events: Sequence[Event]) -> None:
    """Only who ever stood in line has a number there; who was refused has none and has declined."""
    refused = and_(Registration.status == Status.DECLINED, Registration.line_no.is_(None))
    unseated = or_(Registration.status.in_((Status.WAITLISTED, Status.APPLIED)), refused)
    question = (
        select(Registration.event_id, func.count(Registration.line_no), func.sum(case((unseated, 1), else_=0)))
        .where(Registration.event_id.in_([one.id for one in events]))
        .group_by(Registration.event_id)
    )
    for event_id, queued, left in db.session.execute(question):
        found.queued[event_id], found.unseated[event_id] = queued, left


def _hours(found: More, events: Sequence[Event]) -> None:
    for event_id, minutes, count in hours.alike(events):
        found.minutes[event_id] += minutes * count
        found.earners[event_id] += count if minutes else 0


def _said(found: More, events: Sequence[Event]) -> None:
    """Scores of sessions that took place, as the event's own page counts them."""
    going = {one.id: {str(meeting.id) for meeting in meetings_of(one)} for one in events}
    question = select(EvaluationAnswer.event_id, EvaluationAnswer.scores)
    for event_id, scores in db.session.execute(question.where(EvaluationAnswer.event_id.in_(list(going)))):
        given = [score for session, score in scores.items() if session in going[event_id]]
        found.answers[event_id] += 1
        found.scores[event_id] += len(given)
        found.score_sum[event_id] += sum(given)
