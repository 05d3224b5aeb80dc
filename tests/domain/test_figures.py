"""Figures of a year, and what readers outside may see of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from courseapp.domain import figures
from courseapp.domain.event import EventKind
from courseapp.domain.figures import Held, KindSum, YearSum
from courseapp.domain.registration import Role

COURSE = Held(
    kind=EventKind.VEILEDERKURS,
    people=27,
    seats=30,
    seated=28,
    sign_ups=40,
    attended=27,
    absent=1,
    waiting=6,
    minutes=27 * 1080,
)
STAND = Held(
    kind=EventKind.STAND,
    people=None,
    seats=None,
    seated=0,
    sign_ups=0,
    attended=None,
    absent=0,
    waiting=0,
    minutes=0,
)


def test_kinds_are_summed_and_an_unknown_number_is_no_zero() -> None:
    other = replace(COURSE, seats=20, seated=10, people=10, attended=None, absent=0, minutes=0)
    courses, stands = figures.sums([STAND, COURSE, other])
    assert courses == KindSum(
        kind=EventKind.VEILEDERKURS,
        held=2,
        people=37,
        unknown=0,
        seats=50,
        filled=38,
        sign_ups=80,
        attended=27,
        absent=1,
        waiting=12,
        minutes=27 * 1080,
    )
    assert (courses.fill_rate, stands.held, stands.people, stands.unknown, stands.attended, stands.fill_rate) == (
        76,
        1,
        0,
        1,
        None,
        None,
    )


def test_seats_without_a_limit_fill_nothing() -> None:
    (found,) = figures.sums([COURSE, replace(COURSE, seats=None, seated=90)])
    assert (found.seats, found.filled, found.fill_rate) == (30, 28, 93)


def test_what_there_was_nothing_of_is_nothing() -> None:
    year = YearSum(year=2026, kinds=figures.sums([COURSE]), roles=((Role.ALIS, 3),), municipalities=1, leaders=2)
    assert (year.of(EventKind.WEBINAR).held, year.of(EventKind.VEILEDERKURS).held) == (0, 1)
    assert (year.with_role(Role.ALIS), year.with_role(Role.LIS1)) == (3, 0)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([], []),
        ([0, 5, 30], [0, 5, 30]),
        ([4, 5, 30], [None, None, 30]),
        ([1, 4, 30], [None, None, 30]),
        ([3, 0], [None, 0]),
        ([3], [None]),
    ],
)
def test_small_counts_are_hushed_and_cannot_be_reckoned(counts: list[int], shown: list[int | None]) -> None:
    assert figures.hushed(counts) == shown
