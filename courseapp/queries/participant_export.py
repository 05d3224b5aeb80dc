"""An event's participants for a file: one after the other, so that a list of any length is never held as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Row, select

from courseapp.db import db
from courseapp.domain.access import Actor, may_organize
from courseapp.domain.modes import Mode
from courseapp.domain.registration import ACTIVE, Status
from courseapp.domain.rows import EventPage
from courseapp.models.registration import Registration
from courseapp.queries import events, participant_lists, participant_rows
from courseapp.queries.participant_filters import BY_KEY, EVERYBODY, Chosen, Filters, choose, conditions, sought
from courseapp.queries.participant_rows import ParticipantRow
from courseapp.queries.participants import declined_of, event_of, offices_of

AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """Who goes into a file, in the table's order. `rows` can be read once. `modes`: somebody among them chose a room.

    `rows` are read from the database while they are asked for, with the request's own session.
    """

    event_id: int
    title: str
    modes: bool
    rows: Iterator[ParticipantRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportPage:
    """A file to be made: of which event, of how many people, chosen how."""

    event: EventPage
    people: int
    filters: Filters
    may_organize: bool


def everyone(actor: Actor, slug: str, filters: Filters = EVERYBODY, *, dietary: bool = False) -> Export:
    """All active registrations of an event in the table's order. Raises NotFound as the table does.

    Filters let through whom they let through in the table; those who left come only where their status is asked for.
    What people eat is read only where it is asked for.
    """
    event = event_of(actor, slug)
    declined = declined_of(actor, event.id, filters)
    chosen = (*conditions(event.id, filters, declined), Registration.status.in_(_wanted(filters)))
    anybody = select(select(Registration.id).where(*chosen, Registration.mode.is_not(None)).exists())
    people = (
        _walked(event.id, filters, declined)
        if filters.sort in BY_KEY
        else _picked(event.id, choose(event.id, filters, declined), _wanted(filters))
    )
    return Export(
        event_id=event.id,
        title=event.title,
        modes=bool(db.session.scalar(anybody)),
        rows=_rows(people, dietary=dietary),
    )


def page(actor: Actor, slug: str, now: datetime, filters: Filters = EVERYBODY) -> ExportPage:
    """What a file of the participants would hold. Raises NotFound as `everyone` does."""
    event = event_of(actor, slug)
    wanted = _wanted(filters)
    if filters == EVERYBODY:
        by_status = participant_rows.counts(event.id).by_status
        people = sum(by_status[status] for status in wanted)
    else:
        chosen = choose(event.id, filters, declined_of(actor, event.id, filters))
        people = sum(len(ids) for ids in chosen.lists[: None if filters.status else 3])
    return ExportPage(
        event=events.as_page(event, events.seats_of(db.session(), [event])[event.id], now),
        people=people,
        filters=filters,
        may_organize=may_organize(actor, offices_of(event)),
    )


def _wanted(filters: Filters) -> frozenset[Status]:
    return frozenset({Status(filters.status)}) if filters.status else ACTIVE


Placed = tuple[Row[Any], int | None]
"""A registration, and its place if it waits."""


def _walked(event_id: int, filters: Filters, declined: Iterable[int]) -> Iterator[Placed]:
    looks: Callable[[Row[Any]], bool] | None = sought(filters)
    before: Counter[Mode | None] = Counter()
    for one in participant_lists.walk(
        event_id, _wanted(filters), conditions(event_id, filters, declined), filters.sort
    ):
        place = None
        if one.status is Status.WAITLISTED:
            before[one.mode] += 1
            place = before[one.mode]
        if one.fits and (looks is None or looks(one)):
            yield one, place


def _picked(event_id: int, chosen: Chosen, wanted: frozenset[Status]) -> Iterator[Placed]:
    """In an order that only Norwegian knows: who they are is held, and their rows are read by their ids."""
    ids = (one for found in chosen.lists for one in found)
    while some := list(islice(ids, AT_ONCE)):
        for one in participant_rows.of_ids(event_id, some):
            if one.status in wanted:
                yield one, chosen.places.get(one.id)


def _rows(people: Iterator[Placed], *, dietary: bool) -> Iterator[ParticipantRow]:
    while some := list(islice(people, AT_ONCE)):
        places = {one.id: place for one, place in some if place is not None}
        yield from participant_rows.rows([one for one, _place in some], places, {}, dietary=dietary)
