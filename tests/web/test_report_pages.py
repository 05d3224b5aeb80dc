"""The page of the yearly report: tables, definitions, what was written over, and who may open the lists."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from courseapp.domain.access import UserRole
from courseapp.domain.event import EventStatus
from courseapp.services.imports import import_activities
from tests.conftest import Clock
from tests.making import make_event
from tests.pages import Page, words
from tests.people import join, logged_in
from tests.services.test_imports import REPORTS

PAGE = "/kontor/rapport/2026"


def rows(page: Page) -> list[str]:
    return [words(row) for row in page.all("tr") if row.get("data-row")]


def test_a_real_report_stands_on_the_page_with_its_sums(app: Flask) -> None:
    import_activities(REPORTS, actor=None)
    page = logged_in(app, office="sor").get("/kontor/rapport/2025")
    assert (page.h1, len(rows(page))) == ("Årsrapport 2025, Sør", 12)
    assert "12 spesialister i allmennmedisin, 14 ALIS og 1 SamLIS, 4 ikke oppgitt" in page.text
    assert "Rollene er 32 til sammen, men det er 30 deltakere." in page.text
    assert [words(one) for one in page.all("p", class_="report-sum")] == [
        "I alt 91 deltakere på 3 kurs.",
        "I alt 44 deltakere på 1 aktivitet.",
        "I alt 4 aktiviteter. Antallet deltakere er ikke kjent.",
        "I alt ca. 265 deltakere på 4 aktiviteter. 2 rader er uten antall.",
    ]
    assert "Et tomt felt betyr ukjent, ikke null." in page.text


@pytest.mark.parametrize(("month", "year"), [(1, 2026), (4, 2026), (5, 2027)])
def test_the_report_that_is_due_comes_first(app: Flask, time: Clock, month: int, year: int) -> None:
    nora = logged_in(app)
    time.moment = datetime(2027, month, 20, 9, tzinfo=UTC)
    assert nora.ask("GET", "/kontor/rapport").headers["Location"] == f"/kontor/rapport/{year}"
    chosen = nora.ask("GET", "/kontor/rapport?ar=2024&kontor=nord").headers["Location"]
    assert chosen == "/kontor/rapport/2024?kontor=nord"


def test_a_row_is_written_over_marked_and_taken_back(app: Flask) -> None:
    event = make_event(starts=(datetime(2026, 3, 22, 8, tzinfo=UTC),), status=EventStatus.HELD)
    join(event, 6)
    nora = logged_in(app)
    address = f"{PAGE}/rad/{event.id}?kontor=nord"
    form = nora.get(address)
    assert (form.value("number"), form.value("comment")) == ("6", "6 ALIS")
    page = nora.post(address, {**form.fields, "number": "8"}, expect=422)
    assert (page.errors, page.value("number")) == (["Skriv hvorfor tallet eller teksten skal være en annen."], "8")
    page = nora.follow(nora.post(address, {**form.fields, "number": "8", "reason": "To kom uten"}))
    assert rows(page) == [
        "Møterom Ås 22. mars 2026 8 deltakere, åpne listen 6 ALIS, 2 ikke oppgitt Endre Møterom Ås 22. mars 2026"
    ]
    assert "Skrevet inn Antall deltakere: regnet ut «6». To kom uten Kari Nordmann, 11. januar 2027" in page.text
    back = f"{PAGE}/rad/{event.id}/tilbake?kontor=nord"
    page = nora.follow(nora.post(back, form_at=address))
    assert ("Skrevet inn" in page.text, "6 deltakere, åpne listen" in rows(page)[0]) == (False, True)


def test_a_number_that_is_none_is_refused_and_nothing_typed_is_lost(app: Flask) -> None:
    event = make_event(starts=(datetime(2026, 3, 22, 8, tzinfo=UTC),), status=EventStatus.HELD)
    nora = logged_in(app)
    address = f"{PAGE}/rad/{event.id}?kontor=nord"
    page = nora.post(address, {"number": "8 og 9", "reason": "Fordi"}, expect=422)
    assert (page.errors, page.value("reason")) == (["«8 og 9» har flere tall. Skriv ett antall."], "Fordi")


def test_the_heads_are_changed(app: Flask) -> None:
    oda = logged_in(app, office="oslo")
    import_activities(REPORTS, actor=None)
    address = "/kontor/rapport/overskrifter?kontor=oslo"
    form = oda.get(address)
    assert (form.value("courses_comment"), form.value("regional_comment")) == ("", "Hvem deltok/målgruppe")
    page = oda.post(address, {**form.fields, "courses_number": " "}, expect=422)
    assert page.errors == ["«Antall (4.1 Veilederkurs)» må ha en overskrift."]
    oda.post(address, {**form.fields, "courses_comment": "Merknad"})
    heads = [words(one) for one in oda.get("/kontor/rapport/2024").all("th", scope="col")]
    assert heads[:3] == ["Sted og dato", "Antall deltakere", "Merknad"]


def test_who_may_see_what(app: Flask) -> None:
    import_activities(REPORTS, actor=None)
    event = make_event(starts=(datetime(2026, 3, 22, 8, tzinfo=UTC),), status=EventStatus.HELD)
    join(event, 9)
    leif = logged_in(app, office=None, role=UserRole.READER)
    page = leif.get(f"{PAGE}?kontor=nord")
    assert rows(page) == ["Møterom Ås 22. mars 2026 9 9 ALIS"]
    office_reader = logged_in(app, role=UserRole.READER)
    assert rows(office_reader.get(PAGE)) == ["Møterom Ås 22. mars 2026 9 deltakere, åpne listen 9 ALIS"]
    stranger = logged_in(app, office="sor")
    closed = [f"{PAGE}?kontor=nord", f"{PAGE}/rapport.docx?kontor=nord", f"{PAGE}/rad/{event.id}?kontor=nord"]
    assert [stranger.ask("GET", one).status_code for one in closed] == [404, 404, 404]
    locked = [f"{PAGE}/rad/{event.id}?kontor=nord", "/kontor/rapport/overskrifter?kontor=nord"]
    for reader in (leif, office_reader):
        assert [reader.ask("GET", one).status_code for one in locked] == [404, 404]


@pytest.mark.parametrize("year", ["0", "1999", "2101", "9999", "10000", "xx"])
def test_a_year_that_is_none_is_not_there(app: Flask, year: str) -> None:
    nora = logged_in(app)
    assert nora.ask("GET", f"/kontor/rapport/{year}").status_code == 404


def test_a_year_with_nothing_is_an_honest_page(app: Flask) -> None:
    page = logged_in(app).get("/kontor/rapport/2019")
    assert (rows(page), page.text.count("Ingen aktiviteter i denne tabellen.")) == ([], 3)
