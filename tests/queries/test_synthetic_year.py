"""The report and the figures of invented years equal a count done in plain Python, from the facts they are made of."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask

from courseapp.domain.access import Actor, UserRole
from courseapp.domain.event import EventKind, ReportTable
from courseapp.domain.figures import Measure
from courseapp.domain.registration import Status
from courseapp.domain.role_line import NOUNS
from courseapp.queries import country, figures, yearly
from tests import synthetic_year as year
from tests.conftest import NOW
from tests.synthetic_year import OFFICES, Course

ADMIN = Actor(user_id=1, name="", roles=(), national=UserRole.ADMINISTRATOR)
SEEDS = range(4)


def of(courses: list[Course], office: str) -> list[Course]:
    """What an office reports: its own and those it shares, called off left out."""
    return [one for one in courses if one.counts and office in {one.office, one.partner}]


def measured(courses: list[Course]) -> dict[Measure, float | None]:
    """Every figure, counted by hand; None is not known."""
    with_marks = [one for one in courses if year.marked(one)]
    limited = [one for one in courses if one.capacity is not None]
    granted = [one for one in courses if any(each.granted is not None for each in year.seated(one)) and one.going]
    heard = [one for one in courses if len(one.scores) >= 3]
    scores = [scores[day] for one in heard for scores in one.scores for day in one.going]
    doctors = [each for one in courses for each in one.doctors]
    known = [year.people(one) for one in courses if year.people(one) is not None]
    return {
        Measure.HELD: len(courses),
        Measure.PEOPLE: sum(one or 0 for one in known) if known else None,
        Measure.UNTOLD: sum(year.people(one) is None for one in courses),
        Measure.SIGN_UPS: len(doctors),
        Measure.SEATS: sum(one.capacity or 0 for one in limited) if limited else None,
        Measure.FILLED: sum(len(year.seated(one)) for one in limited) if limited else None,
        Measure.ATTENDED: sum(len(year.there(one)) for one in with_marks) if with_marks else None,
        Measure.ABSENT: sum(len(year.marked(one)) - len(year.there(one)) for one in with_marks) if with_marks else None,
        Measure.QUEUED: sum(each.queued for each in doctors),
        Measure.UNSEATED: sum(
            each.status in {Status.WAITLISTED, Status.APPLIED} or (each.status is Status.DECLINED and not each.queued)
            for each in doctors
        ),
        Measure.MINUTES: sum(year.minutes(one, each) for one in courses for each in year.seated(one))
        if with_marks or granted
        else None,
        Measure.ANSWERS: sum(len(one.scores) for one in heard) if heard else None,
        Measure.MEAN: int(sum(scores) / len(scores) * 10 + 0.5) / 10 if scores else None,
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_the_report_equals_a_count_done_without_the_database(app: Flask, seed: int) -> None:
    courses = year.draw(seed)
    year.write(courses)
    for office in OFFICES:
        report = yearly.of_office(ADMIN, office, 2026, NOW)
        told = {row.slug: (row.number, row.cells["comment"].text) for part in report.parts for row in part.rows}  # type: ignore[index]
        assert {slug: number for slug, (number, _line) in told.items()} == {
            one.slug: year.people(one) for one in of(courses, office)
        }
        for one in of(courses, office):
            assert counted(told[one.slug][1]) == year.roles([one])
        sums = {part.table: (part.sum.rows, part.sum.people, part.sum.blank) for part in report.parts}
        for table, kind in ((ReportTable.COURSES, EventKind.VEILEDERKURS), (ReportTable.NATIONAL, EventKind.WEBINAR)):
            mine = [year.people(one) for one in of(courses, office) if one.kind is kind]
            assert sums[table] == (len(mine), sum(one or 0 for one in mine), mine.count(None))


def counted(line: str) -> Counter[object]:
    """The roles of a comment line, read back: «9 ALIS og 2 LIS1. Felles med Øst»."""
    found: Counter[object] = Counter()
    for part in line.partition(". ")[0].replace(" og ", ", ").split(", "):
        number, _space, words = part.partition(" ")
        if number.isdigit():
            found[next(role for role, nouns in NOUNS.items() if words in nouns)] += int(number)
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_the_figures_equal_a_count_done_without_the_database(app: Flask, seed: int) -> None:
    courses = year.draw(seed)
    year.write(courses)
    for office in OFFICES:
        this, *_before = figures.of_office(ADMIN, office, 2026, NOW).sides
        mine = of(courses, office)
        for kind in (EventKind.VEILEDERKURS, EventKind.WEBINAR):
            told, wanted = this.of(kind).figures, measured([one for one in mine if one.kind is kind])
            if wanted[Measure.HELD]:
                assert {one: told[one].value for one in wanted} == wanted, (office, kind)
        assert dict(this.roles) == dict(year.roles(mine))
        places = {each.municipality for one in mine for each in year.seated(one)} - {""}
        led = {name for one in mine for name in one.leaders}
        assert (this.municipalities.value or 0, this.leaders.value or 0) == (len(places), len(led))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_country_counts_each_course_once(app: Flask, seed: int) -> None:
    courses = year.draw(seed)
    year.write(courses)
    shown = country.of_year(ADMIN, 2026, NOW)
    held = [one for one in courses if one.counts]
    wanted = measured(held)
    assert {one: shown.whole.sums.figures[one].value for one in wanted} == wanted
    assert (shown.whole.joint, shown.whole.joined) == (sum(bool(one.partner) for one in held),) * 2
    for office in shown.offices:
        own = measured([one for one in held if office.office and one.office == office.office.slug])
        if own[Measure.HELD]:
            assert {one: office.sums.figures[one].value for one in own} == own
