"""The pages of figures: an office's years side by side, what is behind a number, and the six offices."""

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


def held() -> str:
    event = make_event(starts=(datetime(2026, 3, 22, 8, tzinfo=UTC),), status=EventStatus.HELD)
    join(event, 9)
    join(event, 3, first=20, primary_role=Role.LIS1)
    return event.slug


def test_three_years_stand_side_by_side_and_the_picture_says_the_same(app: Flask) -> None:
    held()
    page = logged_in(app).get("/kontor/rapport/2026/tall")
    assert table(page, "people")[0] == ["Type", "2026", "2025", "2024"]
    assert table(page, "people")[1] == ["Veilederkurs", "12 Veilederkurs 2026, se hva som er telt", "–", "–"]
    told = {name: table(page, name)[1][1].partition(" Veilederkurs 2026")[0] for name in ("filled", "rate", "attended")}
    assert told == {"filled": "12 av 30 plasser", "rate": "40 %", "attended": "ikke kjent"}
    assert table(page, "roles")[1:] == [
        ["ALIS (allmennlege i spesialisering)", "9", "0", "0"],
        ["LIS1", "3", "0", "0"],
    ]
    pictures = [one for one in page.tree.iter() if one.get("role") == "img"]
    said = [[words(one) for one in picture.iter() if one.tag.endswith(("}title", "}desc"))] for picture in pictures]
    assert said[0] == ["Deltakere, 2026, 2025 og 2024", "Veilederkurs: 2026 12; 2025 –; 2024 –."]
    assert [title for title, _desc in said] == [
        "Deltakere, 2026, 2025 og 2024",
        "Fylt, i prosent, 2026, 2025 og 2024",
        "Roller, 2026, 2025 og 2024",
    ]
    drawn = [words(one) for one in pictures[0].iter() if one.tag.endswith("}text")]
    assert drawn == ["Veilederkurs", "2026", "12", "2025", "–", "2024", "–"]


def test_every_number_has_its_meaning_beside_it(app: Flask) -> None:
    held()
    page = logged_in(app).get("/kontor/rapport/2026/tall")
    parts = [one for one in page.all("section") if one.get("aria-labelledby") not in {"definitions", None}]
    without = [one.get("aria-labelledby") for one in parts if not any(p.get("class") == "about" for p in one.iter())]
    assert (len(parts) > 10, without) == (True, [])


def test_a_number_leads_to_the_events_behind_it(app: Flask) -> None:
    slug = held()
    nora = logged_in(app)
    (link,) = [one for one in nora.get("/kontor/rapport/2026/tall").all("a") if "Veilederkurs 2026" in words(one)][:1]
    page = nora.get(link.get("href") or "")
    assert page.h1 == "Veilederkurs 2026, Nord"
    (row,) = page.all("tr", data_behind=slug)
    assert [words(cell) for cell in row][1:4] == ["12", "12", "12 av 30 plasser"]
    assert [one.get("href") for one in row.iter() if one.get("href")] == [f"/kontor/arrangementer/{slug}/deltakere"]
    for wrong in ("/kontor/rapport/2026/tall/finnes-ikke", "/kontor/rapport/1999/tall/webinar"):
        assert nora.ask("GET", wrong).status_code == 404
    assert "Ingenting er holdt av dette i 2026." in nora.get("/kontor/rapport/2026/tall/webinar").text


def test_a_reader_is_not_told_small_counts_nor_what_is_behind(app: Flask) -> None:
    held()
    leif = logged_in(app, office=None, role=UserRole.READER)
    page = leif.get("/kontor/rapport/2026/tall?kontor=nord")
    assert [row[1] for row in table(page, "roles")[1:]] == ["vises ikke", "vises ikke"]
    assert table(page, "people")[1] == ["Veilederkurs", "12", "–", "–"]
    assert "«Vises ikke» er tall under fem, og tall som slike kunne vært regnet ut fra." in page.text
    assert leif.ask("GET", "/kontor/rapport/2026/tall/veilederkurs?kontor=nord").status_code == 404


def test_a_number_that_nobody_wrote_is_unknown_and_not_zero(app: Flask) -> None:
    import_activities(REPORTS, actor=None)
    page = logged_in(app, office="sor").get("/kontor/rapport/2025/tall")
    told = {row[0]: [cell.partition(f" {row[0]} 2025")[0] for cell in row[1:]] for row in table(page, "people")}
    assert (told["Nyhetsbrev"], told["Veilederkurs"], told["Konferanse"]) == (
        ["ikke kjent", "–", "–"],
        ["91", "–", "–"],
        ["minst 165", "–", "–"],
    )


def test_an_empty_year_says_so(app: Flask) -> None:
    assert "Ingenting er holdt i 2019, 2018 og 2017." in logged_in(app).get("/kontor/rapport/2019/tall").text


def test_the_country_for_readers_and_administrators_only(app: Flask) -> None:
    import_activities(REPORTS, actor=None)
    for role in (UserRole.READER, UserRole.ADMINISTRATOR):
        page = logged_in(app, office=None, role=role).get("/kontor/rapport/2025/landet")
        rows = [[words(cell) for cell in row] for row in page.all("tr")]
        assert rows[0][1:] == ["Nord", "Midt", "Vest", "Øst", "Sør", "Oslo", "I alt"]
        assert rows[2:4] == [
            ["Holdt", "0", "0", "0", "0", "3", "0", "3"],
            ["Deltakere", "–", "–", "–", "–", "91", "–", "91"],
        ]
        assert rows[11] == ["Deltakere", "–", "–", "–", "–", "ikke kjent", "–", "ikke kjent"]
    office = logged_in(app)
    for closed in ("landet", "landet.xlsx"):
        assert office.ask("GET", f"/kontor/rapport/2025/{closed}").status_code == 404
    assert "Hele landet" not in office.get("/kontor/rapport/2025").text


def test_choosing_a_year_leads_back_to_the_same_page(app: Flask) -> None:
    visitor = logged_in(app, office=None, role=UserRole.READER)
    asked = {"tall": "?ar=2025&kontor=sor&vis=tall", "landet": "?ar=2025&vis=landet"}
    led = {name: visitor.ask("GET", f"/kontor/rapport{query}").headers["Location"] for name, query in asked.items()}
    assert led == {"tall": "/kontor/rapport/2025/tall?kontor=sor", "landet": "/kontor/rapport/2025/landet"}
