"""Every word a person can meet has a label, and dates read as the offices write them."""

from datetime import UTC, date, datetime
from enum import StrEnum

import pytest

from courseapp import labels, when, wording
from courseapp.domain import event, registration

ENUMS = [
    one
    for module in (event, registration)
    for one in vars(module).values()
    if isinstance(one, type) and issubclass(one, StrEnum) and one is not StrEnum
]


@pytest.mark.parametrize("kind", ENUMS)
def test_every_member_has_a_label(kind: type[StrEnum]) -> None:
    assert [member for member in kind if not labels.LABELS.get((kind, str(member)))] == []


def test_the_same_value_in_two_enums_has_two_labels() -> None:
    told = [wording.label(one.CANCELLED) for one in (registration.Status, event.EventStatus, event.SignUpState)]
    assert told == ["Avmeldt", "Avlyst", "Avlyst"]


def test_the_list_of_enums_is_not_empty() -> None:
    assert len(ENUMS) >= 9


DAYS = [
    (["2025-03-18", "2025-03-19"], "18.–19. mars 2025", "tirsdag 18. og onsdag 19. mars 2025"),
    (["2024-02-22", "2024-03-21"], "22. februar og 21. mars 2024", "torsdag 22. februar og torsdag 21. mars 2024"),
    (["2025-04-30", "2025-05-01"], "30. april–1. mai 2025", "onsdag 30. april og torsdag 1. mai 2025"),
    (
        ["2025-12-31", "2026-01-01"],
        "31. desember 2025–1. januar 2026",
        "onsdag 31. desember 2025 og torsdag 1. januar 2026",
    ),
    (["2025-03-04", "2025-03-18"], "4. og 18. mars 2025", "tirsdag 4. og tirsdag 18. mars 2025"),
    (
        ["2025-12-04", "2026-01-08"],
        "4. desember 2025 og 8. januar 2026",
        "torsdag 4. desember 2025 og torsdag 8. januar 2026",
    ),
    (
        ["2025-03-04", "2025-03-11", "2025-04-01"],
        "4., 11. mars og 1. april 2025",
        "tirsdag 4., tirsdag 11. mars og tirsdag 1. april 2025",
    ),
    (["2025-03-04"], "4. mars 2025", "tirsdag 4. mars 2025"),
]


@pytest.mark.parametrize(("days", "short", "spoken"), DAYS)
def test_dates(days: list[str], short: str, spoken: str) -> None:
    given = [date.fromisoformat(one) for one in days]
    assert (when.dates(given), when.weekday_dates(given)) == (short, spoken)


def test_times_are_norwegian_in_winter_and_summer() -> None:
    winter, summer = datetime(2027, 1, 4, 8, tzinfo=UTC), datetime(2027, 7, 5, 8, tzinfo=UTC)
    assert [when.moment(one).replace("\N{NO-BREAK SPACE}", " ") for one in (winter, summer)] == [
        "4. januar 2027 kl. 09.00",
        "5. juli 2027 kl. 10.00",
    ]


@pytest.mark.parametrize(
    ("minutes", "said"), [(1080, "18 timer"), (60, "1 time"), (450, "7,5 timer"), (45, "0,75 timer"), (600, "10 timer")]
)
def test_hours(minutes: int, said: str) -> None:
    assert wording.hours(minutes).replace("\N{NO-BREAK SPACE}", " ") == said


@pytest.mark.parametrize(
    ("kept", "said"),
    [("+4791234567", "91 23 45 67"), ("+4780012345", "800 12 345"), ("+46701234567", "+46701234567"), ("", "")],
)
def test_phone_numbers(kept: str, said: str) -> None:
    assert wording.phone(kept).replace("\N{NO-BREAK SPACE}", " ") == said
