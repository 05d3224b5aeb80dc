"""Which participants of an event an organizer wants to see, and in which order.

The database leaves out whom it can. A search must find «Ødegård» for «odegard» on both databases, so names are compared
here: of the others only what is looked at is read, and only those of one page are read in full.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, select
from sqlalchemy.orm import InstrumentedAttribute

from courseapp.db import db
from courseapp.domain import names
from courseapp.domain.modes import Mode
from courseapp.domain.registration import TAKES_SEAT, Role, Status
from courseapp.models.group import GroupMember, PracticeGroup
from courseapp.models.journal import IS_FAILED, OutboxEmail
from courseapp.models.registration import Registration
from courseapp.queries import groups

LISTS: tuple[Set[Status], ...] = (
    TAKES_SEAT,
    frozenset({Status.WAITLISTED}),
    frozenset({Status.APPLIED}),
    frozenset({Status.CANCELLED, Status.DECLINED}),
)
"""The lists of the table, from the top."""

WAITING = 1
"""Which of them is the line."""


class Sort(StrEnum):
    """What the rows of a list are ordered by; those with a seat stand under their role in any case."""

    NAME = "name"
    TIME = "time"
    WORKPLACE = "workplace"
    MUNICIPALITY = "municipality"


BY_KEY = frozenset({Sort.NAME, Sort.TIME})
"""Orders that the database knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What to look for; empty ones ask for nothing. Group 0 is those with a seat who are in no group.

    `failed`: a letter did not arrive. `declined`: she said no in her calendar, and nobody has asked.
    """

    status: Status | None = None
    role: Role | None = None
    mode: Mode | None = None
    municipality: str = ""
    group: int | None = None
    failed: bool = False
    declined: bool = False
    search: str = ""
    sort: Sort = Sort.NAME

    @property
    def narrows(self) -> bool:
        """Whether anybody may be left out."""
        asked = (self.status, self.role, self.mode, self.municipality, self.search.strip(), self.failed, self.declined)
        return any(asked) or self.group is not None


EVERYBODY = Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Who was found, list by list in order; how many seats of each role; and the places in line, one line a room."""

    lists: tuple[tuple[int, ...], ...]
    by_role: Mapping[Role, int]
    places: Mapping[int, int]

    @property
    def ids(self) -> frozenset[int]:
        """All of them."""
        return frozenset(one for found in self.lists for one in found)


def choose(event_id: int, filters: Filters, declined: Iterable[int]) -> Chosen:
    """Whom the filters let through. The caller has checked who asks, and knows who `declined` in the calendar."""
    looks = sought(filters)
    rows = db.session.execute(select(*_columns(filters)).where(*conditions(event_id, filters, declined)))
    found = [one for one in rows if looks is None or looks(one)]
    lists = tuple(
        tuple(one.id for one in sorted((one for one in found if one.status in statuses), key=_order(number, filters)))
        for number, statuses in enumerate(LISTS)
    )
    return Chosen(
        lists=lists,
        by_role=Counter(one.primary_role for one in found if one.status in TAKES_SEAT),
        places=places_in_line(event_id) if lists[WAITING] else {},
    )


def conditions(event_id: int, filters: Filters, declined: Iterable[int]) -> list[ColumnElement[bool]]:
    """What the database can tell of who is let through: everything but a search."""
    tests = [Registration.event_id == event_id]
    if filters.status is not None:
        tests.append(Registration.status == filters.status)
    if filters.role is not None:
        tests.append(Registration.primary_role == filters.role)
    if filters.mode is not None:
        tests.append(Registration.mode == filters.mode)
    if filters.municipality:
        tests.append(Registration.municipality == filters.municipality)
    if filters.group is not None:
        tests.append(_in_group(event_id, filters.group))
    if filters.failed:
        tests.append(Registration.id.in_(_failed(event_id)))
    if filters.declined:
        tests.append(Registration.id.in_(list(declined)))
    return tests


def sought(filters: Filters) -> Callable[[Row[Any]], bool] | None:
    """What a search asks of a row with the columns SEARCHED, each word somewhere, in any order; None without one."""
    words = names.folded(filters.search).split()
    if not words:
        return None

    def holds(one: Row[Any]) -> bool:
        text = names.folded(f"{one.first_name} {one.last_name} {one.email} {one.workplace} {one.municipality}")
        return all(word in text for word in words)

    return holds


def places_in_line(event_id: int) -> dict[int, int]:
    """The place of everybody who waits, from 1, in the line of her room."""
    line = db.session.execute(
        select(Registration.id, Registration.mode)
        .where(Registration.event_id == event_id, Registration.status == Status.WAITLISTED)
        .order_by(Registration.line_no)
    )
    before: Counter[Mode | None] = Counter()
    places: dict[int, int] = {}
    for one in line:
        before[one.mode] += 1
        places[one.id] = before[one.mode]
    return places


def municipalities(event_id: int) -> tuple[str, ...]:
    """Where an event's people come from, in Norwegian order."""
    found = db.session.scalars(
        select(Registration.municipality)
        .where(Registration.event_id == event_id, Registration.municipality != "")
        .distinct()
    )
    return tuple(sorted(found, key=lambda name: names.sort_key(name, "")))


def group_numbers(event_id: int) -> tuple[int, ...]:
    """The numbers of the groups that somebody is in."""
    return tuple(sorted(set(groups.of_event(event_id).values())))


SEARCHED: tuple[InstrumentedAttribute[Any], ...] = (
    Registration.first_name,
    Registration.last_name,
    Registration.email,
    Registration.workplace,
    Registration.municipality,
)
"""What a search looks in."""


def _columns(filters: Filters) -> Sequence[InstrumentedAttribute[Any]]:
    """As far as choosing and ordering need them."""
    needed = (
        Registration.id,
        Registration.status,
        Registration.primary_role,
        Registration.sort_key,
        Registration.created_at,
        Registration.status_at,
        Registration.line_no,
        Registration.mode,
    )
    return (*needed, *SEARCHED) if filters.search or filters.sort not in BY_KEY else needed


def _in_group(event_id: int, number: int) -> ColumnElement[bool]:
    """With a seat and in the group of that number; for 0 in none. Whoever only has an offer is in none."""
    members = (
        select(GroupMember.registration_id)
        .join(PracticeGroup, PracticeGroup.id == GroupMember.group_id)
        .where(PracticeGroup.event_id == event_id)
    )
    if number:
        mine = members.where(PracticeGroup.number == number)
        return and_(Registration.status == Status.REGISTERED, Registration.id.in_(mine))
    member = and_(Registration.status == Status.REGISTERED, Registration.id.in_(members))
    return and_(Registration.status.in_(TAKES_SEAT), ~member)


def _failed(event_id: int) -> Select[int | None]:
    return select(OutboxEmail.registration_id).where(OutboxEmail.event_id == event_id, IS_FAILED)


_ROLE_ORDER = {role: order for order, role in enumerate(Role)}


def _order(number: int, filters: Filters) -> Callable[[Row[Any]], tuple[Any, ...]]:
    """The line stays in its order; the others stand as asked, or as the whole table has them."""

    def wanted(one: Row[Any]) -> tuple[Any, ...]:
        match filters.sort:
            case Sort.TIME:
                return (one.created_at,)
            case Sort.WORKPLACE:
                return (not one.workplace, names.sort_key(one.workplace, ""), one.sort_key)
            case Sort.MUNICIPALITY:
                return (not one.municipality, names.sort_key(one.municipality, ""), one.sort_key)
            case _:
                return _usual(number, one)

    if number == WAITING:
        return _in_line
    role_first = number == 0
    return lambda one: (_ROLE_ORDER[one.primary_role] if role_first else 0, *wanted(one), one.id)


def _in_line(one: Row[Any]) -> tuple[Any, ...]:
    """The line of the room first, then that of the video meeting."""
    return (one.mode is Mode.DIGITAL, one.line_no or 0)


def _usual(number: int, one: Row[Any]) -> tuple[Any, ...]:
    """Those with a seat by name, applications as they came, those who left last first."""
    if number == 0:
        return (one.sort_key,)
    return (one.created_at,) if number == WAITING + 1 else (-one.status_at.timestamp(),)
