"""What the public is shown of events, remembered by each process for as long as their stamps stay the same.

A stamp is read before anything else, so what is remembered under it is never older than it. One that was changed by
hand in the database, and therefore kept its stamp, is read again after a minute.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute

from courseapp.db import db
from courseapp.domain.event import SeatRule, SignUpWindow, sign_up_state
from courseapp.domain.rows import UNBOUND, EventPage, Seats
from courseapp.models.event import Event
from courseapp.models.office import Office
from courseapp.queries import events, seat_counts

LIFE = timedelta(minutes=1)
MOST = 300
_STAMPS = select(Event.stamp, Event.facts_stamp).where(Event.slug == bindparam("slug"))
_OFFICES = select(func.sum(Office.stamp)).scalar_subquery()
_LISTED = select(func.count(), func.sum(Event.stamp), _OFFICES).where(*events.LISTED, Event.ends_at > bindparam("now"))


@dataclass(frozen=True, slots=True)
class _Known:
    """A page's facts, under which stamps they were read, and until when they are believed."""

    stamp: int
    facts_stamp: int
    until: datetime
    page: EventPage
    window: SignUpWindow

    def told(self, seats: Seats, now: datetime) -> EventPage:
        """The page with these seats at that moment; the very same object where nothing of it is different."""
        left = None if self.page.seat_rule is SeatRule.APPLICATION else seats.left
        state = sign_up_state(self.window, left=left, now=now)
        same = (seats, state) == (self.page.seats, self.page.state)
        return self.page if same else replace(self.page, seats=seats, state=state)


@dataclass(frozen=True, slots=True)
class Mark:
    """What the list was: how many events, the sums of their stamps and the offices'; and when a sign-up next turns."""

    sums: tuple[int, ...]
    since: datetime
    until: datetime


_marks: WeakKeyDictionary[Engine, Mark] = WeakKeyDictionary()
_known: WeakKeyDictionary[Engine, dict[str, _Known]] = WeakKeyDictionary()


def page(slug: str, now: datetime) -> EventPage | None:
    """What `events.page` says, in one short question where it is remembered: then the very same object as last time."""
    known = _remembered(slug, now)
    return None if known is None else known.page


def facts(slug: str, facts_stamp: int, now: datetime) -> EventPage | None:
    """The same without seats, and what follows from them, for whoever has read that stamp: often without a question."""
    known = _known.get(db.engine, {}).get(slug)
    if known is None or known.facts_stamp != facts_stamp or not _believed(known, now):
        known = _remembered(slug, now)
    return None if known is None else known.told(UNBOUND, now)


def _remembered(slug: str, now: datetime) -> _Known | None:
    remembered = _known.setdefault(db.engine, {})
    known = _current(remembered.get(slug), slug, now)
    if known is None:
        remembered.pop(slug, None)
        return None
    if len(remembered) >= MOST:
        remembered.clear()
    remembered[slug] = known
    return known


def page_in_turn(event: Event, seats: Seats, now: datetime) -> EventPage:
    """What `events.as_page` says of an event in whose turn nothing of it has been changed, seats and line apart."""
    known = _known.get(db.engine, {}).get(event.slug)
    if known is None or known.facts_stamp != event.facts_stamp or not _believed(known, now):
        return events.as_page(event, seats, now)
    return known.told(seats, now)


def _current(known: _Known | None, slug: str, now: datetime) -> _Known | None:
    """What is remembered of that address if it holds, with the seats counted anew if only they have changed."""
    if "\x00" in slug:  # PostgreSQL would refuse the question
        return None
    row = db.session.execute(_STAMPS, {"slug": slug}).one_or_none()
    if row is None:
        return None
    stamp, facts_stamp = row
    if known is None or known.facts_stamp != facts_stamp or not _believed(known, now):
        event = events.whole(slug)
        page = None if event is None else events.public_page(event, now)
        if event is None or page is None:
            return None
        return _Known(stamp=stamp, facts_stamp=facts_stamp, until=now + LIFE, page=page, window=event.window)
    seats = known.page.seats if known.stamp == stamp else seat_counts.again(db.session(), known.page)
    page = known.told(seats, now)
    return known if page is known.page and known.stamp == stamp else replace(known, stamp=stamp, page=page)


def _believed(known: _Known, now: datetime) -> bool:
    return now < known.until <= now + LIFE


def list_mark(now: datetime) -> Mark:
    """Another one whenever the public list says something else: with whatever filters, on whatever page of it."""
    row = db.session.execute(_LISTED, {"now": now}).one()
    sums = tuple(int(one or 0) for one in row)
    known = _marks.get(db.engine)
    if known is None or known.sums != sums or not known.since <= now < known.until:
        known = _marks[db.engine] = Mark(sums=sums, since=now, until=_next_turn(now))
    return known


def _next_turn(now: datetime) -> datetime:
    """A sign-up is open at the very moment it closes, and is not at the one it opens or the event starts."""
    after = [_first(turn, turn > now, now) for turn in (Event.opens_at, Event.starts_at)]
    closes = _first(Event.closes_at, Event.closes_at >= now, now)
    turns = [*after, None if closes is None else closes + timedelta(microseconds=1), now + LIFE]
    return min(one for one in turns if one is not None)


def _first(turn: InstrumentedAttribute[datetime | None], wanted: ColumnElement[bool], now: datetime) -> datetime | None:
    return db.session.scalar(select(func.min(turn)).where(*events.LISTED, Event.ends_at > now, wanted))
