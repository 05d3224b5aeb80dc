"""What new events start from, and how copies move."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from courseapp.domain.event import WITH_SIGN_UP, EventKind, EventStatus
from courseapp.domain.kinds import OSLO, TEMPLATES, end_of_day, next_time, shifted
from courseapp.domain.planning import COURSE_MINUTES, Advice, NewEvent, NewSession, advice, has_both_approvals

FIRST = datetime(2027, 3, 22, 8, tzinfo=UTC)  # 09.00 in winter time
SECOND = datetime(2027, 4, 22, 7, tzinfo=UTC)  # 09.00 in summer time


def session(starts_at: datetime) -> NewSession:
    return NewSession(starts_at=starts_at, ends_at=starts_at + timedelta(hours=7), place="Bodø", minutes=540)


COURSE = NewEvent(
    office="nord",
    kind=EventKind.VEILEDERKURS,
    title="Veilederkurs",
    status=EventStatus.HELD,
    sessions=(session(FIRST), session(SECOND)),
    closes_at=end_of_day(date(2027, 3, 1)),
    reported_number=28,
    comment="28 deltakere",
)


def test_every_kind_with_sign_up_has_a_template() -> None:
    assert set(TEMPLATES) == WITH_SIGN_UP


def test_a_course_starts_as_eighteen_hours_with_both_approvals() -> None:
    course = TEMPLATES[EventKind.VEILEDERKURS]
    assert course.sessions * (course.minutes or 0) == COURSE_MINUTES
    assert has_both_approvals(course.approvals)
    assert (course.capacity, course.closes_days) == (30, 21)


def test_a_copy_keeps_distances_and_norwegian_clock_times() -> None:
    copy = shifted(COURSE, date(2027, 9, 20))
    local = [one.starts_at.astimezone(OSLO) for one in copy.sessions]
    assert [f"{one:%Y-%m-%d %H:%M}" for one in local] == ["2027-09-20 09:00", "2027-10-21 09:00"]
    assert copy.closes_at == end_of_day(date(2027, 8, 30))
    assert (copy.status, copy.reported_number, copy.comment) == (EventStatus.DRAFT, None, "")


def test_a_copy_is_proposed_on_the_same_weekday_of_a_year_to_come() -> None:
    assert next_time(COURSE, date(2027, 4, 1)) == date(2028, 3, 20)
    assert next_time(COURSE, date(2029, 6, 1)) == date(2030, 3, 18)


@given(day=some.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_moving_there_and_back_is_no_move(day: date) -> None:
    back = shifted(shifted(COURSE, day), date(2027, 3, 22))
    assert (back.sessions, back.closes_at) == (COURSE.sessions, COURSE.closes_at)


@pytest.mark.parametrize(
    ("wish", "leaders", "expected"),
    [
        (replace(COURSE, description="Om", capacity=30), 2, []),
        (replace(COURSE, description="Om", capacity=30), 1, [Advice.LEADERS]),
        (replace(COURSE, capacity=30), 2, [Advice.DESCRIPTION]),
        (replace(COURSE, description="Om", capacity=None, closes_at=None), 2, [Advice.DEADLINE, Advice.CAPACITY]),
        (replace(COURSE, kind=EventKind.ALIS_KVELD, description="Om"), 0, []),
    ],
)
def test_what_is_worth_a_look_is_said(wish: NewEvent, leaders: int, expected: list[Advice]) -> None:
    assert advice(wish, leaders=leaders) == expected
