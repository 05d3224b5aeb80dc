"""A series in the yearly report and in the figures: one row or many, nobody counted twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from courseapp.db import transaction
from courseapp.domain import hushed_report
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.attendance import AttendanceState
from courseapp.domain.errors import NotFound
from courseapp.domain.event import EventKind, EventStatus, ReportTable
from courseapp.domain.figures import Measure
from courseapp.domain.registration import Role, Status
from courseapp.domain.report_heads import ReportColumn
from courseapp.domain.series import Counted
from courseapp.domain.yearly import Flag, Source
from courseapp.models.attendance import Attendance
from courseapp.models.event import Event
from courseapp.models.series import EventSeries
from courseapp.queries import country, figures, yearly
from courseapp.queries import series as looks
from courseapp.services import activities, report_overrides, series
from courseapp.services.series import RepeatWish
from tests.conftest import NOW
from tests.making import make_event
from tests.people import join, organizer, share
from tests.services.test_activities import WISH

ADMIN = Actor(user_id=1, name="", roles=(), national=UserRole.ADMINISTRATOR)
READER = Actor(user_id=1, name="", roles=(), national=UserRole.READER)


def kept(counted: Counted, title: str = "Nettverk") -> int:
    """A series of the office in the north."""
    with transaction() as tx:
        one = EventSeries(office_id=1, title=title, counted=counted, created_at=NOW)
        tx.add(one)
        tx.flush()
        return one.id


def meeting(month: int, series_id: int | None, *, year: int = 2026, **more: Any) -> Event:
    facts: dict[str, Any] = {
        "slug": f"nettverk-{year}-{month}",
        "kind": EventKind.ALIS_KVELD,
        "title": "Nettverksmøte",
        "status": EventStatus.HELD,
        "report_table": ReportTable.REGIONAL,
        "series_id": series_id,
        "starts": (datetime(year, month, 3, 16, tzinfo=UTC),),
        **more,
    }
    return make_event(**facts)


def lines(year: int = 2026, slug: str = "nord", actor: Actor = ADMIN) -> list[tuple[str, str, str, str]]:
    """Place and date, activity, number, comment of the regional table."""
    rows = yearly.of_office(actor, slug, year, NOW).parts[2].rows
    names = (ReportColumn.PLACE, ReportColumn.ACTIVITY, ReportColumn.NUMBER, ReportColumn.COMMENT)
    return [tuple(row.cells[name].text for name in names) for row in rows]  # type: ignore[misc]


def three(counted: Counted) -> list[Event]:
    """Three evenings: five people, three of them again with one new, and four of the first."""
    number = kept(counted)
    found = [meeting(month, number) for month in (2, 3, 4)]
    join(found[0], 5)
    join(found[1], 4, first=3)
    join(found[2], 4)
    return found


@pytest.mark.parametrize(
    ("counted", "told"),
    [
        (
            Counted.EACH,
            [
                ("Møterom Ås 3. februar 2026", "Nettverksmøte", "5", "5 ALIS"),
                ("Møterom Ås 3. mars 2026", "Nettverksmøte", "4", "4 ALIS"),
                ("Møterom Ås 3. april 2026", "Nettverksmøte", "4", "4 ALIS"),
            ],
        ),
        (Counted.VISITS, [("Møterom Ås 3. februar, 3. mars og 3. april 2026", "Nettverk", "13", "13 ALIS")]),
        (Counted.PEOPLE, [("Møterom Ås 3. februar, 3. mars og 3. april 2026", "Nettverk", "6", "6 ALIS")]),
    ],
)
def test_a_series_counts_as_the_office_chooses(app: Flask, counted: Counted, told: list[tuple[str, ...]]) -> None:
    three(counted)
    assert lines() == told


def in_country() -> tuple[float | None, int]:
    """People and rows under 4.2 in the whole country."""
    told = country.of_year(ADMIN, 2026, NOW).whole.tables[ReportTable.REGIONAL]
    return told.people.value, told.held


def test_the_figures_and_the_country_say_the_same_as_the_report(app: Flask) -> None:
    found: dict[str, object] = {}
    three(Counted.PEOPLE)
    shown = figures.of_office(ADMIN, "nord", 2026, NOW).sides[0]
    evenings = shown.of(EventKind.ALIS_KVELD).figures
    found["kind"] = (evenings[Measure.PEOPLE].value, evenings[Measure.HELD].value)
    found["roles"] = (shown.with_role(Role.ALIS), evenings[Measure.UNTOLD].value)
    found["country"] = in_country()
    assert found == {"kind": (6, 3), "roles": (6, 0), "country": (6, 1)}


def test_addresses_are_one_person_however_they_are_written_and_her_last_role_counts(app: Flask) -> None:
    number = kept(Counted.PEOPLE)
    first, last = meeting(2, number), meeting(3, number)
    join(first, 1, email="Kari@Lege.example.org")
    join(last, 1, email="kari@lege.example.org", primary_role=Role.SPECIALIST_GENERAL_PRACTICE)
    assert lines()[0][2:] == ("1", "1 spesialist i allmennmedisin")


def test_only_those_who_were_there_count_where_attendance_was_marked(app: Flask) -> None:
    number = kept(Counted.PEOPLE)
    first, last = meeting(2, number), meeting(3, number)
    here, away, _unmarked = join(first, 3)
    join(last, 1)
    with transaction() as tx:
        for person, state in ((here, AttendanceState.PRESENT), (away, AttendanceState.ABSENT)):
            tx.add(Attendance(registration_id=person, session_id=first.sessions[0].id, state=state, marked_at=NOW))
    (row,) = yearly.of_office(ADMIN, "nord", 2026, NOW).parts[2].rows
    assert (row.number, row.source, row.flags, row.unmarked) == (1, Source.SUMMED, (Flag.UNMARKED,), 1)


def test_people_on_the_line_and_those_who_left_do_not_count(app: Flask) -> None:
    event = three(Counted.PEOPLE)[0]
    join(event, 2, first=80, status=Status.WAITLISTED)
    join(event, 2, first=90, status=Status.CANCELLED, line_no=None)
    assert lines()[0][2] == "6"


@pytest.mark.parametrize(
    ("counted", "numbers", "told"),
    [
        (Counted.VISITS, [{"reported_number": 10}, {"reported_number": 20}], "30"),
        (Counted.VISITS, [{"reported_number": 10, "reported_approximate": True}, {"reported_number": 20}], "Ca. 30"),
        (Counted.VISITS, [{"reported_number": 10}, {}], "Minst 10"),
        (Counted.VISITS, [{"reported_number": 0}, {"reported_number": 0}], "0"),
        (Counted.VISITS, [{}, {}], ""),
        (Counted.PEOPLE, [{"reported_number": 10}, {"reported_number": 20}], "Ikke kjent"),
        (Counted.PEOPLE, [{}, {}], "Ikke kjent"),
    ],
)
def test_head_counts_add_up_but_do_not_tell_who_came_twice(
    app: Flask, counted: Counted, numbers: list[dict[str, Any]], told: str
) -> None:
    number = kept(counted)
    for month, more in enumerate(numbers, start=2):
        meeting(month, number, **more)
    assert [line[2] for line in lines()] == [told]


def test_one_head_count_among_lists_makes_different_people_unknown(app: Flask) -> None:
    number = kept(Counted.PEOPLE)
    join(meeting(2, number), 5)
    meeting(3, number, reported_number=12)
    part = yearly.of_office(ADMIN, "nord", 2026, NOW).parts[2]
    assert (lines()[0][2:], part.sum.people, part.sum.blank) == (("Ikke kjent", "5 ALIS"), 0, 1)


def test_many_dates_are_told_by_their_rhythm(app: Flask) -> None:
    number = kept(Counted.VISITS)
    for month in (1, 2, 3, 4, 5, 8, 9, 10):
        meeting(month, number, place_text="Bydel Frogner")
    assert lines() == [("Bydel Frogner månedlig, 8 ganger i 2026", "Nettverk", "", "")]


def test_over_new_year_each_year_counts_its_own_part(app: Flask) -> None:
    number = kept(Counted.PEOPLE)
    autumn, winter = meeting(12, number, year=2025), meeting(1, number)
    join(autumn, 3)
    join(winter, 2)
    assert [[line[2] for line in lines(year)] for year in (2025, 2026)] == [["3"], ["2"]]


def test_what_was_called_off_or_is_a_draft_or_still_to_come_is_not_in_it(app: Flask) -> None:
    number = kept(Counted.VISITS)
    for month, status in ((2, EventStatus.HELD), (3, EventStatus.CANCELLED), (4, EventStatus.DRAFT)):
        join(meeting(month, number, status=status), 3)
    meeting(12, number, year=2027)
    assert lines() == [("Møterom Ås 3. februar 2026", "Nettverk", "3", "3 ALIS")]


def test_a_number_written_over_counts_in_all_pages_and_stays_when_dates_are_added(app: Flask) -> None:
    nora, found = organizer("nord"), three(Counted.VISITS)
    report_overrides.write("nord", found[0].id, {ReportColumn.NUMBER: "11"}, "Talt på nytt", actor=nora)
    meeting(1, found[0].series_id, reported_number=1)
    assert lines()[0][2] == "11"
    evenings = figures.of_office(ADMIN, "nord", 2026, NOW).sides[0].of(EventKind.ALIS_KVELD)
    assert (evenings.figures[Measure.PEOPLE].value, in_country()[0]) == (11, 11)
    assert [(one.year, one.meetings, one.number) for one in looks.page(nora, 1, NOW).years] == [(2026, 4, "11")]
    assert yearly.row(nora, "nord", 2026, found[0].id, NOW).title == "Nettverk"
    with pytest.raises(NotFound):
        yearly.row(nora, "nord", 2026, found[1].id, NOW)


def test_partners_see_the_part_that_is_theirs_and_the_country_counts_it_once(app: Flask) -> None:
    found = three(Counted.PEOPLE)
    share(found[1], "ost")
    assert lines(slug="ost") == [("Møterom Ås 3. mars 2026", "Nettverk", "4", "4 ALIS. Felles med Nord")]
    assert lines()[0][2:] == ("6", "6 ALIS. Felles med Øst")
    assert in_country()[0] == 6


def test_few_people_of_a_role_are_hushed_for_readers_in_a_series_too(app: Flask) -> None:
    number = kept(Counted.VISITS)
    join(meeting(2, number), 9)
    event = meeting(3, number, reported_number=12, reported_roles="10 ALIS og 2 LIS1")
    join(meeting(4, number), 2, primary_role=Role.SAMLIS)
    assert lines()[0][2:] == ("23", "19 ALIS, 2 LIS1 og 2 SamLIS")
    assert lines(actor=READER)[0][3] == hushed_report.ROLES
    assert event.reported_number == 12


def test_typed_activities_are_one_row_with_what_differs_side_by_side(app: Flask) -> None:
    nora = organizer("nord")
    slugs = [
        activities.add("nord", replace(WISH, when=when, topic=topic, number=number, comment=comment), actor=nora)
        for when, topic, number, comment in (
            ("4. februar", "Vakt", "Ca. 12", "4 ALIS og 8 ledere"),
            ("4. mars", "Lønn", "10", "6 ALIS og 4 ledere"),
            ("", "Vakt", "", "Fulltegnet."),
        )
    ]
    number = kept(Counted.VISITS, "Dialogmøter")
    with transaction() as tx:
        for slug in slugs:
            tx.query(Event).filter_by(slug=slug).one().series_id = number
    (row,) = yearly.of_office(nora, "nord", 2026, NOW).parts[2].rows
    assert [cell.text for cell in row.cells.values()] == [
        "Bodø 4. februar 2026; 4. mars 2026",
        "Dialogmøter",
        "Vakt; Lønn",
        "Minst 22",
        "10 ALIS og 12 ledere. Fulltegnet",
    ]


def test_the_page_shows_each_with_its_count_and_is_for_members(app: Flask) -> None:
    nora = organizer("nord")
    three(Counted.PEOPLE)
    shown = looks.page(nora, 1, NOW)
    assert [(one.when, one.number, one.counted) for one in shown.members] == [
        ("3. februar 2026", "5", True),
        ("3. mars 2026", "4", True),
        ("3. april 2026", "4", True),
    ]
    assert (shown.latest, shown.drafts, shown.decides) == ("nettverk-2026-4", 0, True)
    for actor, number in ((organizer("ost"), 1), (READER, 1), (nora, 2)):
        with pytest.raises(NotFound):
            looks.page(actor, number, NOW)


def test_a_series_that_is_made_counts_from_the_first_of_them(app: Flask) -> None:
    nora = organizer("nord")
    first = meeting(2, None)
    join(first, 2)
    series.repeat(first.slug, RepeatWish(days=(NOW.date(),), title="Ny", counted=Counted.PEOPLE), actor=nora)
    assert lines() == [("Møterom Ås 3. februar 2026", "Ny", "2", "2 ALIS")]
