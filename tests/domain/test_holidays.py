"""Days on which few people come, against calendars that were printed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from courseapp.domain import holidays

EASTERS = {
    1961: "04-02",
    1981: "04-19",
    2000: "04-23",
    2008: "03-23",
    2011: "04-24",
    2019: "04-21",
    2024: "03-31",
    2025: "04-20",
    2026: "04-05",
    2027: "03-28",
    2028: "04-16",
    2029: "04-01",
    2038: "04-25",
    2049: "04-18",
    2076: "04-19",
    2100: "03-28",
}


@pytest.mark.parametrize(("year", "day"), EASTERS.items())
def test_easter_is_where_the_almanac_has_it(year: int, day: str) -> None:
    assert holidays.easter(year) == date.fromisoformat(f"{year}-{day}")


def test_easter_is_always_a_sunday_between_22_march_and_25_april() -> None:
    for year in range(1900, 2101):
        found = holidays.easter(year)
        assert found.isoweekday() == 7
        assert date(year, 3, 22) <= found <= date(year, 4, 25)


def test_the_twelve_public_holidays_of_a_year() -> None:
    assert [f"{day:%d.%m.} {name}" for day, name in sorted(holidays.holidays(2026).items())] == [
        "01.01. Første nyttårsdag",
        "02.04. Skjærtorsdag",
        "03.04. Langfredag",
        "05.04. Første påskedag",
        "06.04. Andre påskedag",
        "01.05. 1. mai",
        "14.05. Kristi himmelfartsdag",
        "17.05. 17. mai",
        "24.05. Første pinsedag",
        "25.05. Andre pinsedag",
        "25.12. Første juledag",
        "26.12. Andre juledag",
    ]


def test_two_on_one_day_are_both_told() -> None:
    assert holidays.holidays(2008)[date(2008, 5, 1)] == "1. mai, Kristi himmelfartsdag"
    assert len(holidays.holidays(2008)) == 11


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-05-17", "17. mai"),
        ("2027-05-17", "17. mai, Andre pinsedag"),
        ("2027-03-26", "Langfredag"),
        ("2027-12-24", "Julaften"),
        ("2027-07-06", "Juli"),
        ("2027-07-03", "Juli"),
        ("2027-02-06", "Helg"),
        ("2027-02-07", "Helg"),
        ("2027-02-08", ""),
        ("2027-06-30", ""),
        ("2027-08-02", ""),
    ],
)
def test_why_few_will_come(day: str, said: str) -> None:
    assert holidays.remark(date.fromisoformat(day)) == said


def test_most_days_are_days_like_any_other() -> None:
    year = [date(2027, 1, 1) + timedelta(days=days) for days in range(365)]
    assert sum(not holidays.remark(day) for day in year) == 231
