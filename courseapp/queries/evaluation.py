"""The evaluation of an event: what is asked, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from courseapp.db import db
from courseapp.domain.access import Actor, check, may_organize, may_see_persons
from courseapp.domain.errors import NotFound
from courseapp.domain.evaluation import LEAST, Spread, is_open, spread
from courseapp.domain.rows import EventPage, SessionRow
from courseapp.links import links
from courseapp.models.evaluation import EvaluationAnswer
from courseapp.models.event import Event
from courseapp.queries import events


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a participant is asked."""

    event: EventPage
    sessions: tuple[SessionRow, ...]
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What came of it. With fewer than LEAST answers only their number is told (`hushed`)."""

    event: EventPage
    answers: int
    hushed: bool
    sessions: tuple[tuple[SessionRow, Spread], ...]
    good: tuple[str, ...]
    better: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """The page of the desk. `address` is what participants get; `thanks`: they are thanked when it is over."""

    said: Said
    organizes: bool
    thanks: bool
    thanked_at: datetime | None
    address: str


def asked(token: str, now: datetime) -> Asked | None:
    """The questions behind a link, or None for one that is not ours."""
    event_id = links().read_evaluation(token)
    event = db.session.get(Event, event_id) if event_id is not None else None
    if event is None:
        return None
    page = _page(event, now)
    return Asked(event=page, sessions=_going(page), open=is_open(event.ends_at, now))


def results(actor: Actor, slug: str, now: datetime) -> Results:
    """What participants said. Raises NotFound for whoever may not see the event's persons."""
    event = events.whole(slug)
    if event is None:
        raise NotFound
    offices = [event.office_id, *(office.id for office in event.partners)]
    check(may_see_persons(actor, offices))
    return Results(
        said=of_event(event, now),
        organizes=may_organize(actor, offices),
        thanks=event.thanks,
        thanked_at=event.thanked_at,
        address=links().evaluation(event.id),
    )


def of_event(event: Event, now: datetime) -> Said:
    """What came of it, for whoever may see it: the office, and those who led the event."""
    found = db.session.scalars(select(EvaluationAnswer).where(EvaluationAnswer.event_id == event.id)).all()
    page, hushed = _page(event, now), len(found) < LEAST
    shown = [] if hushed else sorted(found, key=lambda one: (one.good, one.better))  # not in the order they came
    return Said(
        event=page,
        answers=len(found),
        hushed=hushed,
        sessions=tuple(
            (session, spread(one.scores[str(session.id)] for one in shown if str(session.id) in one.scores))
            for session in _going(page)
        ),
        good=tuple(one.good for one in shown if one.good),
        better=tuple(one.better for one in shown if one.better),
    )


def _page(event: Event, now: datetime) -> EventPage:
    return events.as_page(event, events.seats_of(db.session(), [event])[event.id], now)


def _going(page: EventPage) -> tuple[SessionRow, ...]:
    return tuple(one for one in page.sessions if not one.cancelled)
