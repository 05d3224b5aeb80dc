"""Activities that several offices seem to have written down, and those that were set aside because of it. No names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from courseapp import when, wording
from courseapp.db import db
from courseapp.domain import doubles
from courseapp.domain.access import Actor, may_decide, may_organize
from courseapp.domain.doubles import Line
from courseapp.domain.yearly import Facts
from courseapp.models.evaluation import EvaluationAnswer
from courseapp.models.event import Event
from courseapp.models.journal import OutboxEmail
from courseapp.models.registration import Registration
from courseapp.models.report import SameActivity
from courseapp.queries import yearly_facts

TIED = (Registration, OutboxEmail, EvaluationAnswer)
"""What ties people to an event; one with any of it is more than a line in a report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubled:
    """What looks like one activity, and stands with several offices as their own."""

    title: str
    when: str
    offices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One of the actor's offices' lines that another office seems to have written down too.

    `settles`: she may make hers the joint one; `busy`: she might, but people stand on the other's list.
    """

    slug: str
    title: str
    when: str
    office: str
    other_slug: str
    other_title: str
    other_office: str
    settles: bool
    busy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A line that was set aside, the one that was kept in its place, and their offices."""

    slug: str
    title: str
    office: str
    kept_title: str
    kept_office: str


def of_country(events: Sequence[tuple[Event, Facts]]) -> tuple[Doubled, ...]:
    """What looks like the same among the events of a year, each of which is its responsible office's own."""
    facts = {event.id: (event, told) for event, told in events}
    found: dict[int, list[int]] = {}
    for one, other in doubles.pairs([line_of(event) for event, _told in events]):
        found.setdefault(one.event_id, []).append(other.event_id)
    seen: set[int] = set()
    told = []
    for first, rest in found.items():
        if first not in seen:
            seen |= {first, *rest}
            names = dict.fromkeys(facts[one][0].office.short_name for one in (first, *rest))
            told.append(Doubled(title=facts[first][1].title, when=facts[first][1].when, offices=tuple(names)))
    return tuple(told)


def claims(actor: Actor, year: int, office: str = "") -> tuple[Claim, ...]:
    """What others seem to have written down as well, for those who organize at one of the two offices."""
    events = {one.id: one for one in yearly_facts.events_of(year)}
    pairs = doubles.pairs([line_of(one) for one in events.values()])
    busy = tied(db.session(), [one.event_id for pair in pairs for one in pair])
    found = [
        _claim(actor, events[mine.event_id], events[other.event_id], busy)
        for pair in pairs
        for mine, other in (pair, pair[::-1])
        if may_organize(actor, [mine.office_id]) and (not office or events[mine.event_id].office.slug == office)
    ]
    return tuple(found)


def set_aside(actor: Actor, year: int) -> tuple[Aside, ...]:
    """What was set aside in a year, for those who may fetch it back."""
    gone, kept = aliased(Event), aliased(Event)
    rows = db.session.execute(
        select(gone, kept)
        .select_from(SameActivity)
        .join(gone, gone.id == SameActivity.event_id)
        .join(kept, kept.id == SameActivity.kept_id)
        .options(selectinload(gone.office), selectinload(kept.office))
        .where(or_(gone.report_year == year, kept.report_year == year))
        .order_by(gone.id)
    )
    return tuple(
        Aside(
            slug=one.slug,
            title=one.title,
            office=one.office.short_name,
            kept_title=other.title,
            kept_office=other.office.short_name,
        )
        for one, other in rows
        if may_organize(actor, [one.office_id, other.office_id])
    )


def line_of(event: Event) -> Line:
    """An event as it is compared."""
    going = [one for one in event.sessions if not one.cancelled]
    places = list(dict.fromkeys(one.place for one in going if one.place))
    return Line(
        event_id=event.id,
        office_id=event.office_id,
        kind=event.kind,
        title=event.title,
        place=event.place_text or wording.listed(places),
        days=tuple(when.local(one.starts_at).date() for one in going),
        typed=event.typed,
    )


def tied(session: Session, event_ids: Sequence[int]) -> set[int]:
    """Those of the events that people are tied to."""
    found: set[int] = set()
    for table in TIED:
        asked = select(table.event_id).where(table.event_id.in_(event_ids)).distinct()
        found |= {one for one in session.scalars(asked) if one is not None}
    return found


def _claim(actor: Actor, mine: Event, other: Event, busy: set[int]) -> Claim:
    decides, line = may_decide(actor, mine.office_id), line_of(mine)
    free = other.typed and other.id not in busy
    return Claim(
        slug=mine.slug,
        title=mine.title,
        when=when.dates(line.days),
        office=mine.office.short_name,
        other_slug=other.slug,
        other_title=other.title,
        other_office=other.office.short_name,
        settles=decides and free,
        busy=decides and not free,
    )
