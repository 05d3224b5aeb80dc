"""Who earns which hours, and when attendance may be marked: a table of cases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from courseapp.domain import attendance
from courseapp.domain.attendance import (
    AttendanceState,
    Earned,
    HoursRule,
    Lack,
    Mark,
    Meeting,
    MinutesWrong,
    TooEarly,
    TooLate,
)

TWO_DAYS = (Meeting(id=1, minutes=540), Meeting(id=2, minutes=540))
HERE, AWAY = Mark(state=AttendanceState.PRESENT), Mark(state=AttendanceState.ABSENT)
ALL, EACH = HoursRule.ALL_SESSIONS, HoursRule.EACH_SESSION
START = datetime(2027, 3, 22, 8, tzinfo=UTC)
END = START + timedelta(hours=9)


def partly(minutes: int) -> Mark:
    return Mark(state=AttendanceState.PARTLY, minutes=minutes)


CASES = [
    # sessions, marks, rule, granted → attended, earned, given, missing
    (TWO_DAYS, {1: HERE, 2: HERE}, ALL, None, 1080, Earned.FULL, 1080, ()),
    (TWO_DAYS, {1: HERE}, ALL, None, 540, Earned.NONE, 0, ((2, Lack.UNMARKED),)),
    (TWO_DAYS, {1: HERE, 2: AWAY}, ALL, None, 540, Earned.NONE, 0, ((2, Lack.ABSENT),)),
    (TWO_DAYS, {1: HERE, 2: partly(300)}, ALL, None, 840, Earned.NONE, 0, ((2, Lack.PARTLY),)),
    (TWO_DAYS, {1: HERE, 2: partly(540)}, ALL, None, 1080, Earned.FULL, 1080, ()),
    (TWO_DAYS, {1: HERE, 2: partly(900)}, ALL, None, 1080, Earned.FULL, 1080, ()),
    (TWO_DAYS, {}, ALL, None, 0, Earned.NONE, 0, ((1, Lack.UNMARKED), (2, Lack.UNMARKED))),
    (TWO_DAYS, {1: HERE, 2: AWAY}, ALL, 540, 540, Earned.GRANTED, 540, ((2, Lack.ABSENT),)),
    (TWO_DAYS, {1: AWAY, 2: AWAY}, ALL, 300, 0, Earned.GRANTED, 300, ((1, Lack.ABSENT), (2, Lack.ABSENT))),
    (TWO_DAYS, {1: HERE, 2: HERE}, ALL, 540, 1080, Earned.FULL, 1080, ()),
    (TWO_DAYS, {1: HERE}, ALL, 5000, 540, Earned.GRANTED, 1080, ((2, Lack.UNMARKED),)),
    (TWO_DAYS, {1: HERE, 2: AWAY}, EACH, None, 540, Earned.PART, 540, ((2, Lack.ABSENT),)),
    (TWO_DAYS, {1: partly(200), 2: AWAY}, EACH, None, 200, Earned.PART, 200, ((1, Lack.PARTLY), (2, Lack.ABSENT))),
    (TWO_DAYS, {1: AWAY, 2: AWAY}, EACH, None, 0, Earned.NONE, 0, ((1, Lack.ABSENT), (2, Lack.ABSENT))),
    (TWO_DAYS, {1: HERE, 2: AWAY}, EACH, 300, 540, Earned.GRANTED, 300, ((2, Lack.ABSENT),)),
    (TWO_DAYS, {1: HERE, 2: HERE}, EACH, None, 1080, Earned.FULL, 1080, ()),
    (TWO_DAYS, {1: HERE, 2: HERE, 9: HERE}, ALL, None, 1080, Earned.FULL, 1080, ()),
    (TWO_DAYS[:1], {1: HERE, 2: HERE}, ALL, None, 540, Earned.FULL, 540, ()),
    ((), {}, ALL, None, 0, Earned.NONE, 0, ()),
    ((), {}, EACH, None, 0, Earned.NONE, 0, ()),
    ((Meeting(id=1, minutes=0),), {1: HERE}, ALL, None, 0, Earned.FULL, 0, ()),
    ((Meeting(id=1, minutes=0),), {1: partly(30)}, ALL, None, 0, Earned.NONE, 0, ((1, Lack.PARTLY),)),
    ((Meeting(id=1, minutes=0),), {1: partly(30)}, EACH, None, 0, Earned.NONE, 0, ((1, Lack.PARTLY),)),
]


@pytest.mark.parametrize(("meetings", "marks", "rule", "granted", "attended", "earned", "given", "missing"), CASES)
def test_hours(
    meetings: tuple[Meeting, ...],
    marks: dict[int, Mark],
    rule: HoursRule,
    granted: int | None,
    attended: int,
    earned: Earned,
    given: int,
    missing: tuple[tuple[int, Lack], ...],
) -> None:
    found = attendance.hours(meetings, marks, rule=rule, granted=granted)
    assert (found.attended, found.earned, found.given, found.missing) == (attended, earned, given, missing)
    assert found.total == sum(one.minutes for one in meetings)


@pytest.mark.parametrize("minutes", [1, 300, 540])
def test_minutes_of_somebody_who_was_there_for_a_part(minutes: int) -> None:
    attendance.check_mark(partly(minutes), 540)


@pytest.mark.parametrize("minutes", [None, 0, -5, 541])
def test_minutes_that_cannot_be(minutes: int | None) -> None:
    with pytest.raises(MinutesWrong) as refusal:
        attendance.check_mark(Mark(state=AttendanceState.PARTLY, minutes=minutes), 540)
    assert str(refusal.value) == "Skriv hvor mange minutter det ble, fra 1 til 540. Mer varer ikke samlingen."


def test_a_session_without_course_hours_lasts_by_the_clock() -> None:
    assert (attendance.length(START, END, 480), attendance.length(START, END, None)) == (480, 540)


def test_marking_opens_twelve_hours_before_and_ends_after_sixty_days() -> None:
    attendance.check_time(START, END, START - timedelta(hours=12))
    attendance.check_time(START, END, END + timedelta(days=60))
    with pytest.raises(TooEarly):
        attendance.check_time(START, END, START - timedelta(hours=12, seconds=1))
    with pytest.raises(TooLate):
        attendance.check_time(START, END, END + timedelta(days=60, seconds=1))


def test_people_check_in_from_an_hour_before_until_the_end() -> None:
    moments = [START - timedelta(minutes=61), START - timedelta(minutes=60), END, END + timedelta(seconds=1)]
    assert [attendance.may_check_in(START, END, one) for one in moments] == [False, True, True, False]
