"""Who can lead an event: the leaders and pairs of its offices, how often each has led, and who is busy that day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import Select, and_, func, or_, select

from courseapp.db import db
from courseapp.domain.access import Actor, check, may_organize, may_see_persons
from courseapp.domain.errors import NotFound
from courseapp.domain.event import EventKind, EventStatus
from courseapp.domain.rows import EventPage
from courseapp.models.event import Event, EventLeader, EventSession
from courseapp.models.office import Office
from courseapp.models.person import CourseLeader, LeaderPair
from courseapp.queries import events, leaders
from courseapp.queries.leaders import PairRow
from courseapp.queries.tallies import Tally, tally
from courseapp.when import OSLO

A_PAIR = 2
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """Another course on one of the event's days; `clashes` when at the same time, and not only on the same day."""

    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    clashes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A leader who can be chosen, or is. `position` is where she stands among the single ones, 0 where she does not.

    `paired`: she stands there as half of a pair.
    """

    id: int
    name: str
    office: str
    active: bool
    tally: Tally
    position: int
    paired: bool
    busy: tuple[Busy, ...]

    @property
    def clashes(self) -> bool:
        """Whether she is elsewhere at the same time."""
        return any(one.clashes for one in self.busy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """An event and who leads it. `pair_id` is the pair it has now; `lacks`: a veilederkurs with fewer than two."""

    event: EventPage
    choices: tuple[Choice, ...]
    pairs: tuple[PairRow, ...]
    pair_id: int | None
    joint: bool
    lacks: bool
    may_organize: bool

    def busy_pair(self, pair: PairRow) -> tuple[Choice, ...]:
        """Those of a pair who are elsewhere on one of the days."""
        return tuple(one for one in self.choices if one.id in pair.leader_ids and one.busy)


def assignment(actor: Actor, slug: str, now: datetime) -> Assignment:
    """What is chosen and what can be. Raises NotFound for events the actor may not see persons of."""
    event = events.whole(slug)
    if event is None:
        raise NotFound
    offices = [event.office_id, *(office.id for office in event.partners)]
    check(may_see_persons(actor, offices))
    pair_id = next((one.pair_id for one in event.leaders if one.pair_id is not None), None)
    pairs = select(LeaderPair).where(
        LeaderPair.office_id.in_(offices), or_(LeaderPair.dissolved_at.is_(None), LeaderPair.id == pair_id)
    )
    return Assignment(
        event=events.as_page(event, events.seats_of(db.session(), [event])[event.id], now),
        choices=_choices(actor, event, offices, now),
        pairs=leaders.pair_rows(actor, pairs, now),
        pair_id=pair_id,
        joint=len(offices) > 1,
        lacks=event.kind is EventKind.VEILEDERKURS and len(event.leaders) < A_PAIR,
        may_organize=may_organize(actor, offices),
    )


def _choices(actor: Actor, event: Event, offices: Sequence[int], now: datetime) -> tuple[Choice, ...]:
    """Everybody in the registers who still leads, and whoever is on the event already."""
    there = {one.leader_id: one for one in event.leaders}
    single = [one.leader_id for one in event.leaders if one.pair_id is None]
    found = db.session.execute(
        select(CourseLeader, Office.short_name)
        .join(Office, Office.id == CourseLeader.office_id)
        .where(CourseLeader.office_id.in_(offices), or_(CourseLeader.retired_at.is_(None), CourseLeader.id.in_(there)))
    ).all()
    emails = [one.email.lower() for one, _office in found]
    tallies, busy = tally(actor, emails, now), _busy(event, emails)
    made = [
        Choice(
            id=one.id,
            name=one.name,
            office=office,
            active=one.retired_at is None,
            tally=tallies.get(one.email.lower(), Tally()),
            position=single.index(one.id) + 1 if one.id in single else 0,
            paired=one.id in there and one.id not in single,
            busy=tuple(busy.get(one.email.lower(), ())),
        )
        for one, office in sorted(found, key=lambda row: (leaders.by_name(row[0]), row[0].id))
    ]
    return tuple(made)


def _busy(event: Event, emails: Sequence[str]) -> dict[str, list[Busy]]:
    """What each address holds on the event's days, elsewhere; drafts count."""
    going = [one for one in event.sessions if not one.cancelled]
    if not going:
        return {}
    days = [_day(one.starts_at, one.ends_at) for one in going]
    found: dict[str, list[Busy]] = {}
    for email, title, other in db.session.execute(_elsewhere(event, emails, days)):
        one = Busy(
            title=title,
            place=other.place,
            starts_at=other.starts_at,
            ends_at=other.ends_at,
            clashes=any(mine.starts_at < other.ends_at and mine.ends_at > other.starts_at for mine in going),
        )
        if one not in found.setdefault(email, []):
            found[email].append(one)
    return found


def _elsewhere(event: Event, emails: Sequence[str], days: Sequence[Span]) -> Select[str, str, EventSession]:
    """Sessions of other events that these people hold on those days."""
    return (
        select(func.lower(CourseLeader.email), Event.title, EventSession)
        .join(EventLeader, EventLeader.leader_id == CourseLeader.id)
        .join(Event, Event.id == EventLeader.event_id)
        .join(EventSession, EventSession.event_id == Event.id)
        .where(
            func.lower(CourseLeader.email).in_(emails),
            Event.id != event.id,
            Event.status != EventStatus.CANCELLED,
            ~EventSession.cancelled,
            or_(*(and_(EventSession.starts_at < last, EventSession.ends_at > first) for first, last in days)),
        )
        .order_by(EventSession.starts_at, EventSession.id)
    )


def _day(starts_at: datetime, ends_at: datetime) -> Span:
    """From midnight to midnight in Norway, around a session."""
    first = datetime.combine(starts_at.astimezone(OSLO).date(), time(), tzinfo=OSLO)
    last = datetime.combine(ends_at.astimezone(OSLO).date() + timedelta(days=1), time(), tzinfo=OSLO)
    return first.astimezone(UTC), last.astimezone(UTC)
