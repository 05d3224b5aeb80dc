"""The odd numbers and dates of the yearly reports, every one of them, and what must be refused."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from courseapp.domain.errors import DomainError
from courseapp.domain.report import NotADate, NotANumber, Participants, dates, participants

REPORTS = Path(__file__).parent.parent / "data" / "activities_from_reports.csv"


@pytest.mark.parametrize(
    ("text", "number", "approximate", "mode"),
    [
        ("24", 24, False, ""),
        (" 24 ", 24, False, ""),
        ("Ca. 40", 40, True, ""),
        ("ca 40", 40, True, ""),
        ("cirka 40 deltakere", 40, True, ""),
        ("~40", 40, True, ""),
        ("Ca 100 fysisk", 100, True, "fysisk"),
        ("55 digitalt", 55, False, "digitalt"),
        ("Totalt deltok 44 personer", 44, False, ""),
        ("0", 0, False, ""),
        ("1 200", 1200, False, ""),
        ("1\u00a0200", 1200, False, ""),
        ("", None, False, ""),
        ("   ", None, False, ""),
        ("Ca.", None, False, ""),
        ("mange", None, False, ""),
        ("fysisk", None, False, ""),
    ],
)
def test_participants(text: str, number: int | None, approximate: bool, mode: str) -> None:
    assert participants(text) == Participants(number=number, approximate=approximate, mode=mode)


@pytest.mark.parametrize("text", ["-3", "40-50", "Ca 100 fysisk og 50 digitalt", "9999999999", "24,5"])
def test_numbers_that_are_refused(text: str) -> None:
    with pytest.raises(NotANumber) as refusal:
        participants(text)
    assert text in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "year", "days"),
    [
        ("22.02 og 21.03 2024", 2024, ["2024-02-22", "2024-03-21"]),
        ("08.10 og 06.11 2024", 2024, ["2024-10-08", "2024-11-06"]),
        ("18-19.mars", 2025, ["2025-03-18", "2025-03-19"]),
        ("5-6.mai", 2025, ["2025-05-05", "2025-05-06"]),
        ("25.-26. november", 2025, ["2025-11-25", "2025-11-26"]),
        ("27.mars", 2025, ["2025-03-27"]),
        ("27. mars.", 2025, ["2025-03-27"]),
        ("12.08.2025", 2025, ["2025-08-12"]),
        ("12.8.25", 2025, ["2025-08-12"]),
        ("12/8", 2025, ["2025-08-12"]),
        ("2025-08-12", 2025, ["2025-08-12"]),
        ("2025-08-12 og 2025-09-01", 2025, ["2025-08-12", "2025-09-01"]),
        ("18.–19. mars 2025", 2025, ["2025-03-18", "2025-03-19"]),
        ("18. og 19. mars 2025", 2025, ["2025-03-18", "2025-03-19"]),
        ("tirsdag 18. og onsdag 19. mars 2025", 2025, ["2025-03-18", "2025-03-19"]),
        ("18., 19. og 20. mars", 2025, ["2025-03-18", "2025-03-19", "2025-03-20"]),
        ("12. til 14. juni", 2025, ["2025-06-12", "2025-06-13", "2025-06-14"]),
        ("30. mai–1. juni", 2025, ["2025-05-30", "2025-05-31", "2025-06-01"]),
        ("28.02-01.03", 2024, ["2024-02-28", "2024-02-29", "2024-03-01"]),
        ("30.12.2024–02.01.2025", 2025, ["2024-12-30", "2024-12-31", "2025-01-01", "2025-01-02"]),
        ("21.03 og 22.02", 2024, ["2024-02-22", "2024-03-21"]),
        ("3. Sept. 2025", 2025, ["2025-09-03"]),
        ("29. februar", 2024, ["2024-02-29"]),
    ],
)
def test_dates(text: str, year: int, days: list[str]) -> None:
    assert dates(text, year=year) == [date.fromisoformat(day) for day in days]


@pytest.mark.parametrize(
    "text", ["", "  ", "Vår og høst", "våren 2025", "uke 12", "mars 2025", "flere ganger", "2 dager"]
)
def test_vague_texts_are_no_dates(text: str) -> None:
    assert dates(text, year=2025) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("31.02.2025", "«31.02.2025» er ikke en dato som finnes."),
        ("29. februar", "«29. februar» er ikke en dato som finnes."),
        ("40.13.2025", "«40.13.2025» er ikke en dato som finnes."),
        ("2025-02-30", "«2025-02-30» er ikke en dato som finnes."),
        ("0.1.2025", "«0.1.2025» er ikke en dato som finnes."),
        ("19-18.mars", "«19-18.mars» slutter før det begynner, eller varer i over en måned."),
        ("01.03-30.05", "«01.03-30.05» slutter før det begynner, eller varer i over en måned."),
        ("18. mars og 5", "«18. mars og 5» mangler måned."),
        ("12.08.202", "«12.08.202» ser ut som en dato, men kan ikke leses."),
        ("12.08.2025 kl. 9", "«12.08.2025 kl. 9» ser ut som en dato, men kan ikke leses."),
        ("18.19. mars", "«18.19. mars» ser ut som en dato, men kan ikke leses."),
        ("1.1.1.1", "«1.1.1.1» ser ut som en dato, men kan ikke leses."),
        ("ca. 12. mars", "«ca. 12. mars» ser ut som en dato, men kan ikke leses."),
    ],
)
def test_what_looks_like_a_date_and_is_none_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(NotADate) as refusal:
        dates(text, year=2025)
    assert str(refusal.value) == reason
    assert isinstance(refusal.value, DomainError)


def test_every_row_of_the_reports_reads_as_its_own_columns_say() -> None:
    with REPORTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 35
    for row in rows:
        days = dates(row["dates_text"], year=int(row["year"])) or []
        ends = [days[0].isoformat(), days[-1].isoformat()] if days else ["", ""]
        assert ends == [row["start_date"], row["end_date"]]
        read = participants(row["participants_text"])
        assert ("" if read.number is None else str(read.number)) == row["participants_number"]
        assert read.approximate == (row["approximate"] == "true")
