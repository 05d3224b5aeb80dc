"""What is counted in a yearly report and how a row is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from courseapp.domain import hushed_report, report_heads, yearly
from courseapp.domain.event import EventKind, EventStatus, ReportTable
from courseapp.domain.modes import Mode
from courseapp.domain.registration import Role
from courseapp.domain.report_heads import COLUMNS, ReportColumn
from courseapp.domain.yearly import Facts, Flag, Source, Written

NOW = datetime(2027, 1, 11, 9, tzinfo=UTC)
DAY = timedelta(days=1)
HEADS = report_heads.heads_of("sor", {})[ReportTable.COURSES]
OSLO = report_heads.heads_of("oslo", {})[ReportTable.COURSES]
FACTS = Facts(
    event_id=1,
    slug="kurs",
    kind=EventKind.VEILEDERKURS,
    table=ReportTable.COURSES,
    title="Kurs i individuell veiledning i spesialistutdanningen for leger",
    topic="",
    place="Kragerø",
    when="18.–19. mars 2026",
    days=(date(2026, 3, 18), date(2026, 3, 19)),
    office="sor",
    own=True,
    joint_with=(),
    external_organizer="",
    target_group="Veiledere",
    comment="",
    reported_number=None,
    reported_approximate=False,
    reported_text="",
    reported_roles="",
    seats=20,
    known=23,
    attended=None,
    unmarked=20,
    roles={Role.ALIS: 20},
    typed=False,
)


def texts(facts: Facts, heads: dict[ReportColumn, str] | None = None, **written: str) -> list[str]:
    told = {ReportColumn(name): Written(value=value, reason="x", by="Kari", at=NOW) for name, value in written.items()}
    return [cell.text for cell in yearly.row(facts, heads or HEADS, told).cells.values()]


@pytest.mark.parametrize(
    ("changed", "number", "text", "source"),
    [
        ({}, 20, "20", Source.SEATS),
        ({"attended": 18}, 18, "18", Source.ATTENDED),
        ({"attended": 0}, 0, "0", Source.ATTENDED),
        ({"attended": 18, "reported_number": 25}, 25, "25", Source.TYPED),
        ({"reported_number": 40, "reported_approximate": True}, 40, "Ca. 40", Source.TYPED),
        (
            {"reported_number": 100, "reported_approximate": True, "reported_text": "Ca 100 fysisk"},
            100,
            "Ca 100 fysisk",
            Source.TYPED,
        ),
        ({"reported_number": 41, "reported_text": "Ca 40"}, 41, "41", Source.TYPED),
        ({"reported_number": 0, "reported_text": "0"}, 0, "0", Source.TYPED),
        ({"reported_text": "mange"}, None, "mange", Source.TYPED),
        ({"known": 0, "seats": 0}, None, "", Source.BLANK),
        ({"known": 3, "seats": 0}, 0, "0", Source.SEATS),
    ],
)
def test_a_number(changed: dict[str, object], number: int | None, text: str, source: Source) -> None:
    found = yearly.count(replace(FACTS, **changed))  # type: ignore[arg-type]  # the table names fields
    assert (found.number, found.text, found.source) == (number, text, source)


@pytest.mark.parametrize(
    ("status", "starts", "ends", "counted"),
    [
        (EventStatus.HELD, -2 * DAY, -DAY, True),
        (EventStatus.HELD, None, None, True),
        (EventStatus.HELD, DAY, 2 * DAY, False),
        (EventStatus.CLOSED, -2 * DAY, -DAY, True),
        (EventStatus.PUBLISHED, -2 * DAY, -DAY, True),
        (EventStatus.PUBLISHED, -DAY, DAY, False),
        (EventStatus.CANCELLED, -2 * DAY, -DAY, False),
        (EventStatus.DRAFT, -2 * DAY, -DAY, False),
        (EventStatus.DRAFT, None, None, False),
    ],
)
def test_only_what_was_held_is_counted(
    status: EventStatus, starts: timedelta | None, ends: timedelta | None, counted: bool
) -> None:
    start, end = (None if one is None else NOW + one for one in (starts, ends))
    assert yearly.is_counted(status, start, end, NOW) is counted


@pytest.mark.parametrize(
    ("typed", "year", "day", "reported"),
    [
        (True, 2024, None, 2024),
        (True, 2024, date(2025, 1, 2), 2024),
        (False, 2024, date(2025, 1, 2), 2025),
        (False, 2024, None, 2024),
        (True, None, date(2025, 1, 2), 2025),
        (False, None, None, None),
    ],
)
def test_the_year_is_that_of_the_day_unless_it_was_typed(
    typed: bool, year: int | None, day: date | None, reported: int | None
) -> None:
    assert yearly.year_of(typed=typed, report_year=year, first_day=day) == reported


def test_a_joint_course_run_by_somebody_else_says_so_where_the_office_has_room_for_it() -> None:
    facts = replace(FACTS, joint_with=("Øst", "Oslo"), external_organizer="Legeforeningen")
    assert texts(facts) == [
        "Kragerø 18.–19. mars 2026",
        "20",
        "20 ALIS. Felles med Øst og Oslo. I regi av Legeforeningen",
    ]
    assert texts(facts, dict(OSLO))[0] == "Kragerø 18.–19. mars 2026 (felles med Øst og Oslo, i regi av Legeforeningen)"


def test_an_organizer_that_the_comment_names_is_not_said_twice() -> None:
    facts = replace(FACTS, external_organizer="Våruka", comment="Kurs i regi av Våruka", roles={})
    assert texts(facts)[2] == "Kurs i regi av Våruka"


def test_roles_that_do_not_sum_are_kept_and_flagged() -> None:
    row = yearly.row(replace(FACTS, reported_number=18), HEADS, {})
    assert (row.cells[ReportColumn.COMMENT].text, row.flags, row.over) == ("20 ALIS", (Flag.ROLES_OVER,), 2)


def test_roles_beside_an_approximate_number_are_not_made_to_sum() -> None:
    facts = replace(FACTS, reported_number=40, reported_approximate=True)
    row = yearly.row(facts, HEADS, {})
    assert (row.cells[ReportColumn.COMMENT].text, row.flags) == ("20 ALIS", ())


def test_attendance_that_is_not_complete_is_flagged() -> None:
    facts = replace(FACTS, attended=15, unmarked=3, roles={Role.ALIS: 15})
    assert yearly.row(facts, HEADS, {}).flags == (Flag.UNMARKED,)
    assert yearly.row(replace(facts, unmarked=0), HEADS, {}).flags == ()


def test_what_is_written_over_wins_and_the_rest_follows_it() -> None:
    row = yearly.row(FACTS, HEADS, {ReportColumn.NUMBER: Written(value="22", reason="To kom uten", by="Kari", at=NOW)})
    number = row.cells[ReportColumn.NUMBER]
    assert (row.number, number.text, number.computed) == (22, "22", "20")
    assert row.cells[ReportColumn.COMMENT].text == "20 ALIS, 2 ikke oppgitt"
    assert texts(FACTS, number="", comment="Som i fjor") == ["Kragerø 18.–19. mars 2026", "", "Som i fjor"]
    assert yearly.row(FACTS, HEADS, {ReportColumn.NUMBER: Written(value="", reason="x", by="", at=NOW)}).number is None


def test_heads_are_those_of_the_office_and_can_be_changed() -> None:
    assert list(OSLO.values()) == ["Sted og dato", "Antall deltakere", ""]
    assert list(HEADS.values()) == ["Sted og dato", "Antall deltakere", "Kommentarer"]
    assert report_heads.heads_of("oslo", {})[ReportTable.REGIONAL][ReportColumn.COMMENT] == "Hvem deltok/målgruppe"
    changed = report_heads.heads_of("oslo", {"4.1": {"comment": "Merknad"}})[ReportTable.COURSES]
    assert list(changed.values()) == ["Sted og dato", "Antall deltakere", "Merknad"]
    assert {table: tuple(heads) for table, heads in report_heads.heads_of("nord", {}).items()} == COLUMNS


def test_rows_come_by_day_and_those_without_one_last() -> None:
    later, none, first = (
        replace(FACTS, event_id=1, days=(date(2026, 5, 1),)),
        replace(FACTS, event_id=2, days=()),
        replace(FACTS, event_id=3),
    )
    assert [one.event_id for one in yearly.in_order([later, none, first])] == [3, 1, 2]


@pytest.mark.parametrize(
    ("roles", "written", "number", "told"),
    [
        ({Role.ALIS: 20}, "", 20, ("20", "20 ALIS")),
        ({Role.ALIS: 20, Role.LIS1: 4}, "", 24, ("24", hushed_report.ROLES)),
        ({Role.ALIS: 20}, "", 22, ("22", hushed_report.ROLES)),
        ({Role.ALIS: 4}, "", 4, (hushed_report.FEW, hushed_report.ROLES)),
        ({Role.LIS1: 4}, "14 LIS1", 14, ("14", "14 LIS1")),
        ({}, "4 LIS1", 4, (hushed_report.FEW, hushed_report.ROLES)),
        ({}, "", 0, ("0", "")),
    ],
)
def test_few_people_are_not_for_readers_outside(
    roles: dict[Role, int], written: str, number: int, told: tuple[str, str]
) -> None:
    facts = replace(FACTS, roles=roles, reported_roles=written, comment=written, reported_number=number)
    made = yearly.row(facts, dict.fromkeys(ReportColumn, "Noe"), {})
    hushed = hushed_report.row(made, facts)
    assert (hushed.cells[ReportColumn.NUMBER].text, hushed.cells[ReportColumn.COMMENT].text) == told
    assert hushed_report.tells_roles(made, facts) is (bool(roles) and told[1] == f"{number} ALIS")


def test_what_was_counted_before_it_was_written_over_is_the_offices_own() -> None:
    over = Written(value="12", reason="Tre kom uten", by="Kari Nordmann", at=NOW)
    facts = replace(FACTS, seats=3, known=3, roles={Role.ALIS: 3})
    made = yearly.row(facts, dict.fromkeys(ReportColumn, "Noe"), {ReportColumn.NUMBER: over})
    cell = hushed_report.row(made, facts).cells[ReportColumn.NUMBER]
    assert (cell.text, cell.computed, cell.written) == ("12", "", None)


HYBRID = replace(FACTS, kind=EventKind.CONFERENCE, hybrid=True, modes={Mode.PHYSICAL: 31, Mode.DIGITAL: 124}, roles={})


@pytest.mark.parametrize(
    ("changed", "comment"),
    [
        ({}, "Fysisk og digital deltakelse: 31 fysisk, 124 digitalt"),
        ({"reported_number": 150, "reported_digital": 110}, "Fysisk og digital deltakelse: 40 fysisk, 110 digitalt"),
        ({"reported_number": 150}, "Fysisk og digital deltakelse"),
        ({"reported_number": 5, "reported_digital": 9}, "Fysisk og digital deltakelse"),
        ({"comment": "Fysisk og digital deltakelse, opptak"}, "Fysisk og digital deltakelse, opptak"),
        ({"hybrid": False}, ""),
    ],
)
def test_the_comment_counts_the_two_rooms_apart(changed: dict[str, Any], comment: str) -> None:
    row = yearly.row(replace(HYBRID, **changed), HEADS, {})
    assert row.cells[ReportColumn.COMMENT].text == comment


@pytest.mark.parametrize(("digital", "hidden"), [(124, False), (2, True)])
def test_few_people_in_one_room_are_hushed(digital: int, hidden: bool) -> None:
    facts = replace(HYBRID, modes={Mode.PHYSICAL: 31, Mode.DIGITAL: digital})
    hushed = hushed_report.row(yearly.row(facts, HEADS, {}), facts)
    assert (hushed.cells[ReportColumn.COMMENT].text == hushed_report.ROLES) is hidden
