"""Which participants of an event an organizer wants to see, and in which order.

A search must find «Ødegård» for «odegard» on both databases, so names are compared here and not by the engine: one
event's rows are read without their answers, chosen among, and only those of one page are read in full.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from courseapp.db import db
from courseapp.domain import names
from courseapp.domain.modes import Mode
from courseapp.domain.registration import TAKES_SEAT, Role, Status
from courseapp.models.journal import MailState, OutboxEmail
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
class Light:
    """One registration, as far as choosing needs it."""

    id: int
    status: Status
    primary_role: Role
    sort_key: str
    created_at: datetime
    status_at: datetime
    line_no: int | None
    mode: Mode | None
    municipality: str
    workplace: str
    first_name: str
    last_name: str
    email: str

    @property
    def text(self) -> str:
        """What a search looks in."""
        return f"{self.first_name} {self.last_name} {self.email} {self.workplace} {self.municipality}"


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
    rows = _rows(event_id)
    fits = _fits(event_id, filters, frozenset(declined))
    found = [one for one in rows if all(test(one) for test in fits)]
    lists = tuple(
        tuple(one.id for one in sorted((one for one in found if one.status in statuses), key=_order(number, filters)))
        for number, statuses in enumerate(LISTS)
    )
    line = sorted((one for one in rows if one.status is Status.WAITLISTED), key=_in_line)
    before: Counter[Mode | None] = Counter()
    places: dict[int, int] = {}
    for one in line:
        before[one.mode] += 1
        places[one.id] = before[one.mode]
    return Chosen(
        lists=lists,
        by_role=Counter(one.primary_role for one in found if one.status in TAKES_SEAT),
        places=places,
    )


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


def _rows(event_id: int) -> list[Light]:
    found = db.session.execute(
        select(
            Registration.id,
            Registration.status,
            Registration.primary_role,
            Registration.sort_key,
            Registration.created_at,
            Registration.status_at,
            Registration.line_no,
            Registration.mode,
            Registration.municipality,
            Registration.workplace,
            Registration.first_name,
            Registration.last_name,
            Registration.email,
        ).where(Registration.event_id == event_id)
    )
    return [Light(**one._mapping) for one in found]  # noqa: SLF001 - SQLAlchemy's documented name


def _fits(event_id: int, filters: Filters, declined: frozenset[int]) -> Sequence[Callable[[Light], bool]]:
    tests: list[Callable[[Light], bool]] = []
    if filters.status is not None:
        tests.append(lambda one: one.status is filters.status)
    if filters.role is not None:
        tests.append(lambda one: one.primary_role is filters.role)
    if filters.mode is not None:
        tests.append(lambda one: one.mode is filters.mode)
    if filters.municipality:
        tests.append(lambda one: one.municipality == filters.municipality)
    if filters.group is not None:
        member = groups.of_event(event_id)
        tests.append(lambda one: one.status in TAKES_SEAT and member.get(one.id, 0) == filters.group)
    if filters.failed:
        failed = _failed(event_id)
        tests.append(lambda one: one.id in failed)
    if filters.declined:
        tests.append(lambda one: one.id in declined)
    if words := names.folded(filters.search).split():
        tests.append(lambda one: _holds(names.folded(one.text), words))
    return tests


def _holds(text: str, words: Iterable[str]) -> bool:
    """Each word somewhere, in any order."""
    return all(word in text for word in words)


def _failed(event_id: int) -> frozenset[int | None]:
    return frozenset(
        db.session.scalars(
            select(OutboxEmail.registration_id).where(
                OutboxEmail.event_id == event_id, OutboxEmail.state == MailState.FAILED
            )
        )
    )


_ROLE_ORDER = {role: order for order, role in enumerate(Role)}


def _order(number: int, filters: Filters) -> Callable[[Light], tuple[Any, ...]]:
    """The line stays in its order; the others stand as asked, or as the whole table has them."""

    def wanted(one: Light) -> tuple[Any, ...]:
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


def _in_line(one: Light) -> tuple[Any, ...]:
    """The line of the room first, then that of the video meeting."""
    return (one.mode is Mode.DIGITAL, one.line_no or 0)


def _usual(number: int, one: Light) -> tuple[Any, ...]:
    """Those with a seat by name, applications as they came, those who left last first."""
    if number == 0:
        return (one.sort_key,)
    return (one.created_at,) if number == WAITING + 1 else (-one.status_at.timestamp(),)
