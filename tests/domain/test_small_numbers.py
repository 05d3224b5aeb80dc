"""Small counts of people: what readers outside are told gives none of them back, not even to who knows the rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations, product

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from courseapp.domain import figures, hushed_figures, small_numbers
from courseapp.domain.event import EventKind
from courseapp.domain.figures import FEW, Figure, Held, Known, Measure, exact
from courseapp.domain.small_numbers import few
from tests.domain.test_figures import COURSE, at_least


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([], []),
        ([0, 5, 30], [0, 5, 30]),
        ([4, 5, 30], [None, None, 30]),
        ([1, 1, 30, 40], [None, None, None, 40]),
        ([1, 4, 30], [None, None, 30]),
        ([4, 4, 5, 30], [None, None, None, 30]),
        ([4, 6, 6, 30], [None, None, None, 30]),
        ([3, 0], [None, 0]),
        ([3], [None]),
    ],
)
def test_small_counts_are_hushed_and_more_with_them(counts: list[int], shown: list[int | None]) -> None:
    assert small_numbers.hushed(counts) == shown


@pytest.mark.parametrize("places", [1, 2, 3, 4])
def test_nobody_can_reckon_a_hidden_part_from_the_sum(places: int) -> None:
    """Every list of counts there is, up to a bound, seen by a reader who knows the sum, the rest, and the rule."""
    seen: dict[tuple[int, tuple[int | None, ...]], list[tuple[int, ...]]] = defaultdict(list)
    for counts in product(range(12), repeat=places):
        seen[sum(counts), tuple(small_numbers.hushed(counts))].append(counts)
    for (_sum, shown), possible in seen.items():
        if not any(small_numbers.sum_tells(counts) for counts in possible):
            hidden = [place for place, one in enumerate(shown) if one is None]
            assert [place for place in hidden if len({counts[place] for counts in possible}) < 2] == []


def test_the_sum_itself_tells_only_where_nothing_more_can_be_hidden() -> None:
    for counts in product(range(9), repeat=3):
        if small_numbers.sum_tells(counts):
            shown = small_numbers.hushed(counts)
            assert [one for one in shown if one] == []


def test_a_part_that_is_known_from_elsewhere_is_taken_away_first() -> None:
    assert small_numbers.beside([12, 30], [9, 30]) == [None, 30]
    assert small_numbers.beside([12, 30], [6, 20]) == [12, 30]


@dataclass(frozen=True)
class Crowd:
    """One event by what people did: no two groups overlap."""

    there: int
    away: int
    unmarked: int
    waiting: int
    left: int
    marked: bool

    def held(self) -> Held:
        """As figures count it."""
        seated = self.there + self.away + self.unmarked
        marked = self.marked and self.there + self.away > 0
        return replace(
            COURSE,
            people=self.there if marked else seated,
            seated=seated,
            sign_ups=seated + self.waiting + self.left,
            attended=self.there if marked else None,
            absent=self.away if marked else None,
            queued=self.waiting,
            unseated=self.waiting,
            minutes=None,
            earners=0,
            answers=0,
        )


COUNT = st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 9, 14])
CROWDS = st.lists(st.builds(Crowd, COUNT, COUNT, COUNT, COUNT, COUNT, st.booleans()), min_size=1, max_size=2)
GROUPS = ("there", "away", "unmarked", "waiting", "left")


def told(crowds: list[Crowd]) -> tuple[object, ...]:
    """All that a reader sees: each row of the report, and the figures of the kind."""
    held = [one.held() for one in crowds]
    rows = tuple(FEW if few(one.people or 0) else one.people for one in held)
    return rows, tuple(hushed_figures.by_kind(EventKind.VEILEDERKURS, held).figures.items())


def hidden_of(crowds: list[Crowd]) -> dict[str, int]:
    """The small counts that were not told: who was there, event by event; who was away or got no seat, all together."""
    held = [one.held() for one in crowds]
    shown = hushed_figures.by_kind(EventKind.VEILEDERKURS, held).figures
    plain = figures.by_kind(EventKind.VEILEDERKURS, held).figures
    found = {f"row {number}": one.people or 0 for number, one in enumerate(held) if few(one.people or 0)}
    asked = (Measure.ABSENT, Measure.UNSEATED, Measure.QUEUED)
    small = [one for one in asked if shown[one] == FEW and few(int(plain[one].value or 0))]
    return found | {str(one): int(plain[one].value or 0) for one in small}


def twins(crowds: list[Crowd]) -> Iterator[list[Crowd]]:
    """Other years that could have been: up to three of the groups are one more or one fewer."""
    places = [(number, name) for number in range(len(crowds)) for name in GROUPS]
    for size in (1, 2, 3):
        for chosen in combinations(places, size):
            for moves in product((-1, 1), repeat=size):
                twin = list(crowds)
                for (number, name), move in zip(chosen, moves, strict=True):
                    twin[number] = replace(twin[number], **{name: getattr(twin[number], name) + move})
                if all(getattr(one, name) >= 0 for one in twin for name in GROUPS):
                    yield twin


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CROWDS)
@example([Crowd(0, 2, 2, 0, 0, marked=False), Crowd(0, 0, 4, 0, 0, marked=False)])
@example([Crowd(there=9, away=1, unmarked=0, waiting=0, left=0, marked=True)])
@example([Crowd(there=9, away=0, unmarked=0, waiting=1, left=0, marked=True)])
def test_for_every_hidden_count_another_year_would_look_the_same(crowds: list[Crowd]) -> None:
    """So no sum, difference or combination of what is told can give it back."""
    here, hidden = told(crowds), hidden_of(crowds)
    for name, count in hidden.items():
        same = (one for one in twins(crowds) if told(one) == here and hidden_of(one).get(name, count) != count)
        assert next(same, None) is not None, (name, count, here)


def test_readers_are_told_sums_of_what_is_told() -> None:
    tiny = replace(COURSE, people=3, attended=3, seated=3, sign_ups=3, absent=0, queued=0, unseated=0, earners=3)
    found = hushed_figures.by_kind(EventKind.VEILEDERKURS, [COURSE, tiny]).figures
    assert (found[Measure.PEOPLE], found[Measure.ATTENDED]) == (at_least(27), at_least(27))
    assert (found[Measure.ABSENT], found[Measure.FILLED], found[Measure.MINUTES]) == (FEW, FEW, at_least(27 * 1080))
    (alone,) = hushed_figures.sums([tiny])
    asked = (Measure.PEOPLE, Measure.ATTENDED, Measure.FILLED, Measure.SIGN_UPS, Measure.MINUTES)
    assert [alone.figures[one].known for one in asked] == [Known.FEW] * 5


def test_a_crowd_is_told_whole() -> None:
    crowd = replace(COURSE, absent=6, seated=33, sign_ups=48, unseated=8, queued=8, answers=5)
    assert (
        hushed_figures.by_kind(EventKind.VEILEDERKURS, [crowd]).figures
        == figures.by_kind(EventKind.VEILEDERKURS, [crowd]).figures
    )


def test_hours_do_not_tell_how_many_earned_them() -> None:
    few_earned = replace(COURSE, earners=2, minutes=2 * 1080)
    assert hushed_figures.by_kind(EventKind.VEILEDERKURS, [few_earned]).figures[Measure.MINUTES] == FEW


def test_fewer_than_five_answers_are_not_for_readers() -> None:
    found = hushed_figures.by_kind(EventKind.VEILEDERKURS, [COURSE, replace(COURSE, answers=5)]).figures
    assert (found[Measure.ANSWERS], found[Measure.MEAN]) == (at_least(5), exact(4.3))
    assert Figure(known=Known.FEW) == hushed_figures.by_kind(EventKind.VEILEDERKURS, [COURSE]).figures[Measure.MEAN]
