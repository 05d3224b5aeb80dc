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
from courseapp.domain.event import SeatRule, SignUpState, SignUpWindow, sign_up_state
from courseapp.domain.rows import EventPage
from courseapp.models.event import Event
from courseapp.models.office import Office
from courseapp.queries import events

LIFE = timedelta(minutes=1)
MOST = 300
_STAMP = select(Event.stamp).where(Event.slug == bindparam("slug"))
_OFFICES = select(func.sum(Office.stamp)).scalar_subquery()
_LISTED = select(func.count(), func.sum(Event.stamp), _OFFICES).where(*events.LISTED, Event.ends_at > bindparam("now"))


@dataclass(frozen=True, slots=True)
class _Known:
    """A page's facts, under which stamp they were read, and until when they are believed."""

    stamp: int
    until: datetime
    page: EventPage
    window: SignUpWindow


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
    if "\x00" in slug:  # PostgreSQL would refuse the question
        return None
    remembered = _known.setdefault(db.engine, {})
    stamp = db.session.scalar(_STAMP, {"slug": slug})
    known = remembered.get(slug)
    if stamp is None or known is None or known.stamp != stamp or not now < known.until <= now + LIFE:
        known = _read(slug, stamp, now)
    elif (state := _state(known, now)) is not known.page.state:
        known = replace(known, page=replace(known.page, state=state))
    if known is None:
        remembered.pop(slug, None)
        return None
    if len(remembered) >= MOST:
        remembered.clear()
    remembered[slug] = known
    return known.page


def _read(slug: str, stamp: int | None, now: datetime) -> _Known | None:
    event = events.whole(slug) if stamp is not None else None
    page = None if event is None else events.public_page(event, now)
    if event is None or page is None or stamp is None:
        return None
    return _Known(stamp=stamp, until=now + LIFE, page=page, window=event.window)


def _state(known: _Known, now: datetime) -> SignUpState:
    left = None if known.page.seat_rule is SeatRule.APPLICATION else known.page.seats.left
    return sign_up_state(known.window, left=left, now=now)


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
