"""The comment line of the yearly report, from people and from what somebody wrote."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courseapp.domain import role_line
from courseapp.domain.registration import Role
from courseapp.domain.role_line import RoleLine

GP, CM = Role.SPECIALIST_GENERAL_PRACTICE, Role.SPECIALIST_COMMUNITY_MEDICINE

COUNTED: list[tuple[dict[Role, int], int | None, str, int]] = [
    (
        {GP: 12, Role.ALIS: 14, Role.SAMLIS: 1},
        31,
        "12 spesialister i allmennmedisin, 14 ALIS og 1 SamLIS, 4 ikke oppgitt",
        0,
    ),
    ({GP: 1, CM: 1}, 2, "1 spesialist i allmennmedisin og 1 spesialist i samfunnsmedisin", 0),
    ({Role.ALIS: 3}, 3, "3 ALIS", 0),
    ({Role.ALIS: 3, Role.LIS1: 0}, None, "3 ALIS", 0),
    ({Role.OTHER_SPECIALIST: 1, Role.DOCTOR: 1}, 2, "1 annen spesialist og 1 lege uten påbegynt spesialisering", 0),
    ({Role.OTHER_SPECIALIST: 2, Role.DOCTOR: 2}, 4, "2 andre spesialister og 2 leger uten påbegynt spesialisering", 0),
    ({Role.MEDICAL_STUDENT: 1, Role.NOT_DOCTOR: 1}, 2, "1 medisinstudent og 1 som ikke er lege", 0),
    ({Role.MEDICAL_STUDENT: 2, Role.NOT_DOCTOR: 2}, 4, "2 medisinstudenter og 2 som ikke er leger", 0),
    ({GP: 8, Role.ALIS: 24}, 30, "8 spesialister i allmennmedisin og 24 ALIS", 2),
    ({}, 12, "", 0),
]
SAID: list[tuple[str, int | None, str, int, int]] = [
    (
        "12 spesialister i allmenntmedisin, 14 ALIS og 1 SamLIS",
        31,
        "12 spesialister i allmennmedisin, 14 ALIS og 1 SamLIS, 4 ikke oppgitt",
        27,
        0,
    ),
    (
        "8 spesialister i allmenntmedisin, 21 ALIS og 3 spesialister i samfunnsmedisin",
        30,
        "8 spesialister i allmennmedisin, 21 ALIS og 3 spesialister i samfunnsmedisin",
        32,
        2,
    ),
    ("21 var kursholdere og 23 var ansatte", 44, "21 var kursholdere og 23 var ansatte", 44, 0),
    ("3 ALIS og 1 SamLIS, 4 ikke oppgitt", 8, "3 ALIS og 1 SamLIS, 4 ikke oppgitt", 4, 0),
    ("1 lege uten påbegynt spesialisering, 2 lis1.", 3, "1 lege uten påbegynt spesialisering og 2 LIS1", 3, 0),
]


@pytest.mark.parametrize(("counts", "people", "text", "over"), COUNTED)
def test_people_become_a_line_that_sums(counts: dict[Role, int], people: int | None, text: str, over: int) -> None:
    line = role_line.line(role_line.counted(counts), people)
    assert line == RoleLine(text=text, total=sum(counts.values()), over=over)


@pytest.mark.parametrize(("written", "people", "text", "total", "over"), SAID)
def test_a_written_line_is_read_and_set_right(written: str, people: int, text: str, total: int, over: int) -> None:
    assert role_line.line(role_line.said(written), people) == RoleLine(text=text, total=total, over=over)


@pytest.mark.parametrize(
    "text", ["", "Kurs i regi av Legeforeningen/Våruka", "2 dager og mer", "ALIS 3", "3 og ALIS 4"]
)
def test_what_is_no_such_line_has_no_known_roles(text: str) -> None:
    assert [one for one in role_line.said(text) if one.role] == []


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(Role), st.integers(1, 40), min_size=1), st.integers(0, 20))
def test_a_line_says_everybody_and_is_read_as_it_was_written(counts: dict[Role, int], missing: int) -> None:
    people = sum(counts.values()) + missing
    line = role_line.line(role_line.counted(counts), people)
    numbers = [int(word) for word in line.text.replace(",", "").split() if word.isdigit()]
    assert (sum(numbers), {one.role: one.count for one in role_line.said(line.text)}) == (people, counts)
