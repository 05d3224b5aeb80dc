"""Figures of a year: sums per kind, and how sure each is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from courseapp.domain import figures
from courseapp.domain.event import EventKind
from courseapp.domain.figures import FEW, NO_SIGN_UP, NOTHING, UNKNOWN, Figure, Held, Known, Measure, YearSum, exact
from courseapp.domain.registration import Role

COURSE = Held(
    kind=EventKind.VEILEDERKURS,
    people=27,
    seats=30,
    sign_ups=40,
    seated=28,
    attended=27,
    absent=1,
    queued=8,
    unseated=6,
    gives_hours=True,
    minutes=27 * 1080,
    earners=27,
    answers=4,
    scores=8,
    score_sum=34,
)
STAND = Held(
    kind=EventKind.STAND,
    people=None,
    seats=None,
    sign_ups=None,
    seated=0,
    attended=None,
    absent=None,
    queued=0,
    unseated=0,
    gives_hours=False,
    minutes=None,
    earners=0,
)
UNMARKED = replace(
    COURSE, people=10, seats=20, seated=10, attended=None, absent=None, minutes=None, earners=0, answers=2
)


def at_least(value: float, of: int | None = None) -> Figure:
    return Figure(known=Known.AT_LEAST, value=value, of=of)


def test_a_kind_is_summed_and_what_was_not_marked_makes_the_sum_a_least() -> None:
    courses, _stands = figures.sums([STAND, COURSE, UNMARKED])
    assert courses.figures == {
        Measure.HELD: exact(2),
        Measure.PEOPLE: exact(37),
        Measure.UNTOLD: exact(0),
        Measure.SIGN_UPS: exact(80),
        Measure.SEATS: exact(50),
        Measure.FILLED: exact(38, 50),
        Measure.RATE: exact(76),
        Measure.ATTENDED: at_least(27),
        Measure.ABSENT: at_least(1),
        Measure.QUEUED: exact(16),
        Measure.UNSEATED: exact(12),
        Measure.MINUTES: at_least(27 * 1080),
        Measure.ANSWERS: at_least(4),
        Measure.MEAN: exact(4.3),
    }


def test_what_nobody_wrote_down_is_unknown_and_never_zero() -> None:
    (stands,) = figures.sums([STAND])
    plain = [Measure.HELD, Measure.PEOPLE, Measure.UNTOLD]
    assert [stands.figures[one] for one in plain] == [exact(1), UNKNOWN, exact(1)]
    assert {stands.figures[one] for one in set(Measure) - set(plain)} == {NO_SIGN_UP}
    (unmarked,) = figures.sums([replace(UNMARKED, answers=0)])
    asked = (Measure.ATTENDED, Measure.ABSENT, Measure.MINUTES, Measure.ANSWERS, Measure.MEAN)
    assert [unmarked.figures[one] for one in asked] == [UNKNOWN] * 5


def test_nobody_came_is_zero() -> None:
    (found,) = figures.sums([replace(COURSE, people=0, attended=0, absent=28, minutes=0)])
    asked = (Measure.PEOPLE, Measure.ATTENDED, Measure.MINUTES)
    assert [found.figures[one] for one in asked] == [exact(0)] * 3


@pytest.mark.parametrize(
    ("seats", "seated", "filled", "rate"),
    [
        (30, 27, exact(27, 30), exact(90)),
        (30, 31, exact(31, 30), exact(103)),
        (30, 0, exact(0, 30), exact(0)),
        (None, 90, Figure(known=Known.NO_LIMIT), Figure(known=Known.NO_LIMIT)),
    ],
)
def test_seats_are_filled_of_those_there_were(seats: int | None, seated: int, filled: Figure, rate: Figure) -> None:
    (found,) = figures.sums([replace(COURSE, seats=seats, seated=seated)])
    assert (found.figures[Measure.FILLED], found.figures[Measure.RATE]) == (filled, rate)


def test_seats_without_a_limit_fill_nothing_of_the_others() -> None:
    (found,) = figures.sums([COURSE, replace(COURSE, seats=None, seated=90)])
    assert found.figures[Measure.FILLED] == exact(28, 30)


@pytest.mark.parametrize(
    ("answers", "told", "mean"),
    [
        ([], UNKNOWN, UNKNOWN),
        ([2], FEW, FEW),
        ([3], exact(3), exact(4.3)),
        ([2, 3], at_least(3), exact(4.3)),
        ([3, 4], exact(7), exact(4.3)),
    ],
)
def test_few_answers_are_not_counted(answers: list[int], told: Figure, mean: Figure) -> None:
    (found,) = figures.sums([replace(COURSE, answers=one) for one in answers] or [replace(COURSE, answers=0)])
    assert (found.figures[Measure.ANSWERS], found.figures[Measure.MEAN]) == (told, mean)


def test_kinds_together_know_what_each_of_them_knows() -> None:
    evening = replace(UNMARKED, kind=EventKind.ALIS_KVELD, seats=None, gives_hours=False, answers=0)
    found = figures.total(figures.sums([COURSE, evening, STAND])).figures
    assert [found[one] for one in (Measure.HELD, Measure.PEOPLE, Measure.UNTOLD)] == [exact(3), at_least(37), exact(1)]
    assert (found[Measure.FILLED], found[Measure.RATE], found[Measure.ATTENDED]) == (
        exact(28, 30),
        exact(93),
        at_least(27),
    )
    assert (found[Measure.MINUTES], found[Measure.MEAN]) == (exact(27 * 1080), exact(4.3))


def test_what_there_was_nothing_of_is_nothing() -> None:
    courses = figures.sums([COURSE])
    year = YearSum(year=2026, kinds=courses, roles=((Role.ALIS, 3),), municipalities=exact(1), leaders=exact(2))
    webinars = year.of(EventKind.WEBINAR).figures
    assert (webinars[Measure.HELD], webinars[Measure.PEOPLE], year.of(EventKind.VEILEDERKURS)) == (
        exact(0),
        NOTHING,
        courses[0],
    )
    assert (year.with_role(Role.ALIS), year.with_role(Role.LIS1)) == (3, 0)
    assert figures.total([]).figures[Measure.HELD] == exact(0)
