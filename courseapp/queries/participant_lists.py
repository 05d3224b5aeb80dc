"""The lists of an event's participants in the orders the database knows: a page of one, or all of them in one walk.

A page is found in the index alone, however far down it is, and only its own rows are read. Pages have numbers and not
the key they begin at, because the key is somebody's name, which may not stand in an address.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal_column, or_, select, true, union_all

from courseapp.db import db, reading
from courseapp.domain.modes import Mode
from courseapp.domain.registration import TAKES_SEAT, Role, Status
from courseapp.models.registration import Registration
from courseapp.queries import participant_rows
from courseapp.queries.participant_filters import LISTS, WAITING, Sort

AT_ONCE = 500
"""How many rows of a walk are held at a time."""

# Written out, not bound: SQLite uses the partial index only where it can see that the condition is the index's own.
_SEATED = Registration.status.in_([literal_column(f"'{status}'") for status in sorted(TAKES_SEAT)])
_ROLE_ORDER = {role: order for order, role in enumerate(Role)}
_PLACE = "place"


def page(
    event_id: int, number: int, first: int, most: int, by_role: Mapping[Role, int]
) -> tuple[list[Row[Any]], dict[int, int]]:
    """So many of a list from the one at `first`, with the columns of a row, and their places if it is the line.

    `by_role`: how many with a seat have each role.
    """
    if number == 0:
        return participant_rows.of_ids(event_id, _seated(event_id, first, most, by_role)), {}
    chosen = _waiting(event_id) if number == WAITING else _others(event_id, number)
    found = db.session.execute(chosen.limit(most).offset(first)).all()
    places = {one.id: one.place for one in found} if number == WAITING else {}
    return participant_rows.of_ids(event_id, [one.id for one in found]), places


def _seated(event_id: int, first: int, most: int, by_role: Mapping[Role, int]) -> list[int]:
    """Role by role from the index of each, in one question."""
    parts = []
    counts = [by_role.get(role, 0) for role in Role]
    for role, count, end in zip(Role, counts, accumulate(counts), strict=True):
        begin = max(first, end - count)
        many = min(first + most, end) - begin
        if many > 0:
            parts.append(_of_role(event_id, role, begin - end + count, many))
    if not parts:
        return []
    found = db.session.execute(union_all(*parts)).all()
    return [one.id for one in sorted(found, key=lambda one: (one.number, one.sort_key, one.id))]


def _of_role(event_id: int, role: Role, offset: int, many: int) -> Select[Any]:
    key = (Registration.sort_key, Registration.id)
    found = (
        select(literal_column(str(_ROLE_ORDER[role])).label("number"), *key)
        .where(Registration.event_id == event_id, _SEATED, Registration.primary_role == role)
        .order_by(*key)
        .limit(many)
        .offset(offset)
        .subquery()
    )
    return select(found)


def _waiting(event_id: int) -> Select[int, int]:
    """The line of the room first, then that of the video meeting, each with places of its own."""
    place = func.row_number().over(partition_by=Registration.mode, order_by=Registration.line_no)
    return (
        select(Registration.id, place.label(_PLACE))
        .where(Registration.event_id == event_id, Registration.status == Status.WAITLISTED)
        .order_by(_digital(), Registration.line_no)
    )


def _others(event_id: int, number: int) -> Select[int]:
    statuses = LISTS[number]
    order = Registration.status_at.desc() if Status.CANCELLED in statuses else Registration.created_at.asc()
    return (
        select(Registration.id)
        .where(Registration.event_id == event_id, Registration.status.in_(statuses))
        .order_by(order, Registration.id)
    )


def _digital() -> ColumnElement[int]:
    return case((Registration.mode == Mode.DIGITAL, 1), else_=0)


def walk(event_id: int, statuses: Set[Status], fits: Sequence[ColumnElement[bool]], sort: Sort) -> Iterator[Row[Any]]:
    """Everybody with those statuses, list after list, AT_ONCE at a time and in one question: one moment's picture.

    Of the line all come, with `fits` false on those that are not asked for: the places of the others depend on them.
    """
    asked = and_(true(), *fits)
    wanted = and_(Registration.status.in_(statuses), or_(asked, Registration.status == Status.WAITLISTED))
    people = (
        select(*participant_rows.COLUMNS, asked.label("fits"))
        .where(Registration.event_id == event_id, wanted)
        .order_by(*_whole_order(sort))
    )
    with reading() as session, session.execute(people, execution_options={"yield_per": AT_ONCE}) as found:
        for some in found.partitions():
            rows: Sequence[Any] = some
            yield from rows


def _whole_order(sort: Sort) -> tuple[ColumnElement[Any], ...]:
    """List by list; within each what orders that list, and nothing of what orders the others."""
    seated, waiting, applied, gone = (Registration.status.in_(sorted(statuses)) for statuses in LISTS)
    by_time = case((~waiting, Registration.created_at))
    own = (
        (case((seated, Registration.sort_key)), case((applied, Registration.created_at)), _latest(gone))
        if sort is Sort.NAME
        else (by_time,)
    )
    return (
        case((seated, 0), (waiting, 1), (applied, 2), else_=3),
        case((seated, case(_ROLE_ORDER, value=Registration.primary_role))),
        case((waiting, _digital())),
        case((waiting, Registration.line_no)),
        *own,
        Registration.id.expression,
    )


def _latest(gone: ColumnElement[bool]) -> ColumnElement[Any]:
    return case((gone, Registration.status_at)).desc()
