"""When something happens again."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courseapp.domain.errors import DomainError
from courseapp.domain.recurrence import MOST, NoDays, NoEnd, Pattern, Rhythm, TooMany, WrongGap, proposed, rhythm_of
from courseapp.domain.report import NotADate


def told(rhythm: Rhythm, first: str, **more: object) -> list[str]:
    pattern = Pattern(rhythm=rhythm, first=date.fromisoformat(first), **more)  # type: ignore[arg-type]
    return [day.isoformat() for day in proposed(pattern)]


@pytest.mark.parametrize(
    ("rhythm", "first", "more", "days"),
    [
        (Rhythm.WEEKS, "2027-03-02", {"number": 3}, ["2027-03-09", "2027-03-16", "2027-03-23"]),
        (Rhythm.WEEKS, "2027-12-14", {"every": 2, "number": 2}, ["2027-12-28", "2028-01-11"]),
        (Rhythm.WEEKDAY, "2027-03-02", {"number": 3}, ["2027-04-06", "2027-05-04", "2027-06-01"]),
        (Rhythm.WEEKDAY, "2027-03-30", {"number": 3}, ["2027-04-27", "2027-05-25", "2027-06-29"]),
        (Rhythm.WEEKDAY, "2027-03-02", {"every": 6, "number": 2}, ["2027-09-07", "2028-03-07"]),
        (Rhythm.WEEKDAY, "2027-11-09", {"until": date(2028, 1, 11)}, ["2027-12-14", "2028-01-11"]),
        (Rhythm.DATE, "2027-01-31", {"number": 3}, ["2027-02-28", "2027-03-31", "2027-04-30"]),
        (Rhythm.DATE, "2027-11-15", {"number": 5, "until": date(2028, 1, 14)}, ["2027-12-15"]),
        (Rhythm.DATE, "2028-01-30", {"number": 1}, ["2028-02-29"]),
        (
            Rhythm.LIST,
            "2027-03-02",
            {"listed": "12. mai\n04.02.2028; 6. april"},
            ["2027-04-06", "2027-05-12", "2028-02-04"],
        ),
        (Rhythm.LIST, "2027-11-02", {"listed": "5. januar"}, ["2028-01-05"]),
        (Rhythm.LIST, "2027-03-02", {"listed": "2. mars 2027\n22.02 og 21.03 2026"}, ["2026-02-22", "2026-03-21"]),
        (Rhythm.LIST, "2027-03-02", {"listed": "12. mai\n12.05.2027"}, ["2027-05-12"]),
    ],
)
def test_days_that_follow(rhythm: Rhythm, first: str, more: dict[str, object], days: list[str]) -> None:
    assert told(rhythm, first, **more) == days


@pytest.mark.parametrize(
    ("rhythm", "more", "refusal"),
    [
        (Rhythm.WEEKS, {}, NoEnd),
        (Rhythm.WEEKS, {"every": 0, "number": 1}, WrongGap),
        (Rhythm.WEEKS, {"every": 53, "number": 1}, WrongGap),
        (Rhythm.WEEKS, {"number": 61}, TooMany),
        (Rhythm.WEEKS, {"until": date(2028, 6, 1)}, TooMany),
        (Rhythm.WEEKDAY, {"until": date(2027, 3, 2)}, NoDays),
        (Rhythm.DATE, {"number": 0}, NoDays),
        (Rhythm.LIST, {}, NoDays),
        (Rhythm.LIST, {"listed": "2. mars 2027"}, NoDays),
        (Rhythm.LIST, {"listed": "31.02"}, NotADate),
        (Rhythm.LIST, {"listed": "en gang til våren"}, NotADate),
        (
            Rhythm.LIST,
            {"listed": "\n".join(f"{day}.{month}.2028" for month in (1, 3, 5) for day in range(1, 31))},
            TooMany,
        ),
    ],
)
def test_what_cannot_be_is_refused(rhythm: Rhythm, more: dict[str, object], refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        told(rhythm, "2027-03-02", **more)


def test_sixty_can_be_made_and_the_calendar_ends_in_2100() -> None:
    assert len(told(Rhythm.WEEKS, "2027-03-02", number=MOST)) == 60
    assert told(Rhythm.DATE, "2100-10-05", number=9) == ["2100-11-05", "2100-12-05"]


@given(
    first=st.dates(date(2020, 1, 1), date(2060, 12, 31)),
    every=st.integers(1, 12),
    number=st.integers(1, 24),
    rhythm=st.sampled_from([Rhythm.WEEKS, Rhythm.WEEKDAY, Rhythm.DATE]),
)
def test_every_pattern_goes_forward_and_keeps_what_it_promises(
    first: date, every: int, number: int, rhythm: Rhythm
) -> None:
    days = proposed(Pattern(rhythm=rhythm, first=first, every=every, number=number))
    assert len(days) == number
    assert [first, *days] == sorted({first, *days})
    if rhythm is not Rhythm.DATE:
        assert {day.weekday() for day in days} == {first.weekday()}
    if rhythm is not Rhythm.WEEKS:
        months = [day.year * 12 + day.month for day in [first, *days]]
        assert months == list(range(months[0], months[0] + every * number + 1, every))


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (["2027-01-05", "2027-02-02", "2027-03-02"], "månedlig"),
        (["2027-01-05", "2027-02-02", "2027-03-02", "2027-05-04", "2027-06-01"], "månedlig"),
        (["2027-01-05", "2027-01-12", "2027-01-19"], "hver uke"),
        (["2027-01-05", "2027-01-12", "2027-01-19", "2027-02-02"], "hver uke"),
        (["2027-01-05", "2027-01-19", "2027-02-02"], "annenhver uke"),
        (["2027-01-05", "2027-06-08", "2027-11-02"], ""),
        (["2027-01-05", "2027-01-07", "2027-01-21"], ""),
        (["2027-01-05", "2027-02-02"], ""),
    ],
)
def test_a_rhythm_is_told_from_its_days(days: list[str], said: str) -> None:
    assert rhythm_of([date.fromisoformat(day) for day in days]) == said
