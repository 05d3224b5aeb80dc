"""The pages of figures: an office's year beside the last, and the six offices."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask

from courseapp.domain.access import UserRole
from courseapp.domain.event import EventStatus
from courseapp.domain.registration import Role
from courseapp.services.imports import import_activities
from tests.making import make_event
from tests.pages import Page, words
from tests.people import join, logged_in
from tests.services.test_imports import REPORTS


def table(page: Page, name: str) -> list[list[str]]:
    (found,) = [one for one in page.all("table") if one.get("aria-labelledby") == name]
    return [[words(cell) for cell in row] for row in found.iter() if row.tag.endswith("}tr")]


def held() -> None:
    event = make_event(starts=(datetime(2026, 3, 22, 8, tzinfo=UTC),), status=EventStatus.HELD)
    join(event, 9)
    join(event, 3, first=20, primary_role=Role.LIS1)


def test_the_table_and_the_picture_say_the_same(app: Flask) -> None:
    held()
    page = logged_in(app).get("/kontor/rapport/2026/tall")
    assert table(page, "people") == [["Type", "2026", "2025"], ["Veilederkurs", "12", "0"]]
    assert table(page, "roles")[1:] == [["ALIS (allmennlege i spesialisering)", "9", "0"], ["LIS1", "3", "0"]]
    svg = [one for one in page.tree.iter() if one.get("role") == "img"]
    assert [one.get("aria-label") for one in svg] == [
        "Deltakere, 2026 og 2025. Tallene står i tabellen.",
        "Holdt, 2026 og 2025. Tallene står i tabellen.",
    ]
    assert [words(one) for one in svg[0].iter() if one.tag.endswith("}text")] == ["Veilederkurs", "12", "0"]
    rates = [words(row) for row in page.all("tr") if "plass" not in words(row) and "%" in words(row)]
    assert rates == ["Veilederkurs 30 12 40 % ikke ført ikke ført 0 0 timer"]


def test_a_reader_is_not_told_small_counts(app: Flask) -> None:
    held()
    page = logged_in(app, office=None, role=UserRole.READER).get("/kontor/rapport/2026/tall?kontor=nord")
    assert table(page, "roles")[1:] == [["ALIS (allmennlege i spesialisering)", "få", "0"], ["LIS1", "få", "0"]]
    assert "«få» er færre enn fem." in page.text


def test_a_number_that_nobody_wrote_is_unknown_and_not_zero(app: Flask) -> None:
    import_activities(REPORTS, actor=None)
    page = logged_in(app, office="sor").get("/kontor/rapport/2025/tall")
    told = {row[0]: row[1:] for row in table(page, "people")}
    assert (told["Nyhetsbrev"], told["Veilederkurs"], told["Konferanse"]) == (
        ["ukjent", "0"],
        ["91", "0"],
        ["165", "0"],
    )


def test_an_empty_year_says_so(app: Flask) -> None:
    assert "Ingenting er holdt i 2019 eller 2018." in logged_in(app).get("/kontor/rapport/2019/tall").text


def test_the_country_for_readers_and_administrators_only(app: Flask) -> None:
    import_activities(REPORTS, actor=None)
    for role in (UserRole.READER, UserRole.ADMINISTRATOR):
        page = logged_in(app, office=None, role=role).get("/kontor/rapport/2025/landet")
        rows = [[words(cell) for cell in row] for row in page.all("tr")]
        assert rows[0][1:] == ["Nord", "Midt", "Vest", "Øst", "Sør", "Oslo", "I alt"]
        assert rows[2:4] == [
            ["Holdt", "0", "0", "0", "0", "3", "0", "3"],
            ["Deltakere", "0", "0", "0", "0", "91", "0", "91"],
        ]
        assert rows[11] == ["Deltakere", "0", "0", "0", "0", "ukjent", "0", "ukjent"]
    office = logged_in(app)
    assert office.ask("GET", "/kontor/rapport/2025/landet").status_code == 404
    assert "Hele landet" not in office.get("/kontor/rapport/2025").text


def test_choosing_a_year_leads_back_to_the_same_page(app: Flask) -> None:
    visitor = logged_in(app, office=None, role=UserRole.READER)
    asked = {"tall": "?ar=2025&kontor=sor&vis=tall", "landet": "?ar=2025&vis=landet"}
    led = {name: visitor.ask("GET", f"/kontor/rapport{query}").headers["Location"] for name, query in asked.items()}
    assert led == {"tall": "/kontor/rapport/2025/tall?kontor=sor", "landet": "/kontor/rapport/2025/landet"}
