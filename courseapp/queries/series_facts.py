"""The rows of a report: every event by itself, but a series that counts as one gives one row. For other queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import func, select

from courseapp import when
from courseapp.db import db
from courseapp.domain import series, yearly
from courseapp.domain.event import ReportTable
from courseapp.domain.registration import Role, Status
from courseapp.domain.report_heads import ReportColumn
from courseapp.domain.series import Counted, Series
from courseapp.domain.yearly import Facts, Written
from courseapp.models.account import User
from courseapp.models.attendance import Attendance
from courseapp.models.event import Event
from courseapp.models.registration import Registration
from courseapp.models.report import ReportOverride
from courseapp.models.series import EventSeries
from courseapp.queries import yearly_facts
from courseapp.queries.yearly_facts import THERE, People

Overrides = Mapping[int, Mapping[ReportColumn, Written]]


def rows(events: Sequence[Event], people: Mapping[int, People], office_id: int) -> list[Facts]:
    """What the report of an office is made of, in its order. One question more where a series counts people once."""
    alone: list[Facts] = []
    grouped: dict[tuple[int, ReportTable], list[Facts]] = defaultdict(list)
    for event in events:
        facts = yearly_facts.facts(event, people[event.id], office_id)
        if event.series is None or event.series.counted is Counted.EACH:
            alone.append(facts)
        else:
            grouped[event.series.id, facts.table].append(facts)
    known = {event.series.id: as_series(event.series) for event in events if event.series is not None}
    came = _came(
        [
            one
            for (number, _table), members in grouped.items()
            if known[number].counted is Counted.PEOPLE
            for one in members
        ]
    )
    for (number, _table), members in grouped.items():
        ordered = yearly.in_order(members)
        alone.append(series.together(known[number], ordered, [came[one.event_id] for one in ordered], when.dates))
    return yearly.in_order(alone)


def numbers(events: Sequence[Event], found: Sequence[Facts], written: Overrides) -> dict[int, int | None]:
    """How many took part in each event, for sums that must equal the report's.

    Of a series that is one row, the event it goes by has its number and the others have nobody more.
    """
    told: dict[int, int | None] = {event.id: 0 for event in events}
    return told | {one.event_id: yearly.number(one, written.get(one.event_id, {})) for one in found}


def as_series(kept: EventSeries) -> Series:
    """A series as rules see it."""
    return Series(id=kept.id, title=kept.title, counted=kept.counted)


def _came(members: Iterable[Facts]) -> dict[int, dict[str, Role]]:
    """The addresses of those who are counted at each event, with their roles."""
    marked = {one.event_id: one.attended is not None for one in members}
    found: dict[int, dict[str, Role]] = defaultdict(dict)
    if not marked:
        return found
    was_there = Registration.id.in_(select(Attendance.registration_id).where(Attendance.state.in_(THERE)))
    who = func.coalesce(func.nullif(Registration.alias, ""), Registration.email_key)
    asked = select(Registration.event_id, Registration.id, who, Registration.primary_role, was_there)
    seated = asked.where(Registration.event_id.in_(list(marked)), Registration.status == Status.REGISTERED)
    for event_id, number, address, role, there in db.session.execute(seated.order_by(Registration.id)):
        if there or not marked[event_id]:
            found[event_id][address or f"#{number}"] = role
    return found


def overrides() -> dict[int, dict[int, dict[ReportColumn, Written]]]:
    """What every office wrote over, by office and event."""
    rows = db.session.execute(select(ReportOverride, User.name).join(User, User.id == ReportOverride.user_id))
    found: dict[int, dict[int, dict[ReportColumn, Written]]] = {}
    for one, by in rows:
        told = Written(value=one.value, reason=one.reason, by=by, at=one.at)
        found.setdefault(one.office_id, {}).setdefault(one.event_id, {})[one.field] = told
    return found


def overrides_of(office_id: int) -> Overrides:
    """The same of one office, by event."""
    return overrides().get(office_id, {})
