"""What a new event of each kind starts as, and how an earlier one becomes the next: days move, clock times stay."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from courseapp.domain.event import EventKind, EventStatus
from courseapp.domain.planning import (
    COURSE_APPROVALS,
    COURSE_CAPACITY,
    COURSE_MINUTES,
    COURSE_TITLE,
    NewEvent,
    NewSession,
)
from courseapp.domain.rows import ApprovalRow

OSLO = ZoneInfo("Europe/Oslo")
A_YEAR = 364
"""Days to the same weekday a year later."""

COURSE_TARGET = "Leger som er eller skal bli veileder for LIS1, ALIS eller SamLIS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What the form of a new event holds before anybody types. Times are Norwegian; `minutes` is per session.

    `closes_days`: sign-up ends with the day that lies so many days before the first session.
    """

    title: str = ""
    sessions: int = 1
    start: time = time(17)
    end: time = time(20)
    minutes: int | None = None
    capacity: int | None = None
    approvals: tuple[ApprovalRow, ...] = ()
    closes_days: int = 7
    target_group: str = ""


_DAY = Template(start=time(9), end=time(16))
TEMPLATES: dict[EventKind, Template] = {
    EventKind.VEILEDERKURS: Template(
        title=COURSE_TITLE,
        sessions=2,
        start=time(8, 30),
        end=time(17, 30),
        minutes=COURSE_MINUTES // 2,
        capacity=COURSE_CAPACITY,
        approvals=COURSE_APPROVALS,
        closes_days=21,
        target_group=COURSE_TARGET,
    ),
    EventKind.ALIS_KVELD: Template(title="ALIS-kveld", closes_days=2, target_group="ALIS og veilederne deres"),
    EventKind.ALIS_DAG: replace(_DAY, title="ALIS-dag", target_group="ALIS"),
    EventKind.KURSHOLDERDAG: replace(_DAY, title="Kursholderdag", target_group="Kursholdere"),
    EventKind.WEBINAR: Template(start=time(12), end=time(13), closes_days=1),
    EventKind.CONFERENCE: replace(_DAY, closes_days=14),
}
"""The kinds with sign-up. A veilederkurs: two sessions of 9 hours, 30 seats, both approvals, three weeks' notice."""


def shifted(wish: NewEvent, first_day: date) -> NewEvent:
    """The same event as a draft with its first session on `first_day`; everything else keeps its distance in days.

    Norwegian clock times stay, also across summer time. Numbers reported for the old event do not come along.
    """
    start = min(one.starts_at for one in wish.sessions)
    days = first_day - start.astimezone(OSLO).date()
    return replace(
        wish,
        status=EventStatus.DRAFT,
        sessions=tuple(_session(one, days) for one in wish.sessions),
        opens_at=_moved(wish.opens_at, days),
        closes_at=_moved(wish.closes_at, days),
        report_year=None,
        dates_text="",
        reported_number=None,
        reported_approximate=False,
        reported_text="",
        reported_roles="",
        comment="",
    )


def next_time(wish: NewEvent, today: date) -> date:
    """A first day to propose for a copy: the same weekday a year later, or as many years as it takes to come."""
    day = min(one.starts_at for one in wish.sessions).astimezone(OSLO).date() + timedelta(days=A_YEAR)
    while day <= today:
        day += timedelta(days=A_YEAR)
    return day


def end_of_day(day: date) -> datetime:
    """The last minute of a Norwegian day, in UTC: «frist 1. mars» lasts through the evening."""
    return datetime.combine(day, time(23, 59), tzinfo=OSLO).astimezone(UTC)


def start_of_day(day: date) -> datetime:
    """The first moment of a Norwegian day, in UTC."""
    return datetime.combine(day, time(0), tzinfo=OSLO).astimezone(UTC)


def _session(session: NewSession, days: timedelta) -> NewSession:
    starts, ends = _moved(session.starts_at, days), _moved(session.ends_at, days)
    assert starts is not None
    assert ends is not None
    return replace(session, starts_at=starts, ends_at=ends)


def _moved(moment: datetime | None, days: timedelta) -> datetime | None:
    if moment is None:
        return None
    local = moment.astimezone(OSLO).replace(tzinfo=None) + days
    return local.replace(tzinfo=OSLO).astimezone(UTC)
