"""What something was held for; a year copied in one go; heads counted on the page of the event itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db
from courseapp.domain.access import UserRole
from courseapp.domain.event import EventKind, EventStatus, ReportTable
from courseapp.models.event import Event
from tests.conftest import NOW, Clock
from tests.making import make_event
from tests.pages import Page, words
from tests.people import join, logged_in
from tests.web.test_activity_pages import LIST, NEW, TYPED, lines

EVENTS = "/kontor/arrangementer"
SPRING = (datetime(2026, 3, 3, 16, tzinfo=UTC),)


def evening(**more: Any) -> Event:
    facts: dict[str, Any] = {
        "slug": "kveld",
        "office": "oslo",
        "kind": EventKind.ALIS_KVELD,
        "title": "ALIS-kveld",
        "status": EventStatus.HELD,
        "capacity": None,
        "report_table": ReportTable.REGIONAL,
        "starts": SPRING,
        **more,
    }
    event = make_event(**facts)
    for one in event.sessions:
        one.minutes = None
    return event


def suggested(page: Page) -> list[str]:
    (found,) = page.all("datalist", id="areas")
    return [one.get("value") or "" for one in found]


def reported(page: Page) -> list[list[str]]:
    return [[words(cell) for cell in row][:-1] for row in page.all("tr") if row.get("data-row")]


def test_the_form_suggests_bydeler_etater_and_kommuner_of_the_office(app: Flask) -> None:
    oslo, nora = logged_in(app, office="oslo"), logged_in(app)
    page = oslo.get("/kontor/nytt/alis_kveld")
    assert page.one("input", name="place_text").get("list") == "areas"
    assert {"Bydel Frogner", "Helseetaten", "Oslo"} <= set(suggested(page))
    assert "Bodø" not in suggested(page)
    assert suggested(nora.get(NEW))[:2] == ["Alstahaug", "Alta"]
    nora.post(NEW, {**TYPED, "place": "Salten"})
    assert suggested(nora.get(NEW))[:2] == ["Salten", "Alstahaug"]


def test_what_it_was_held_for_stands_in_the_report_in_the_place_of_the_place(app: Flask) -> None:
    oslo = logged_in(app, office="oslo")
    evening(status=EventStatus.PUBLISHED, starts=(NOW + timedelta(days=9),))
    page = oslo.get(f"{EVENTS}/kveld/endre")
    oslo.post(f"{EVENTS}/kveld/endre", {**page.fields, "place_text": "Bydel Frogner"})
    assert oslo.get(f"{EVENTS}/kveld/endre").value("place_text") == "Bydel Frogner"
    assert "Holdt for" in oslo.get(f"{EVENTS}/kveld").text
    assert oslo.get(f"{EVENTS}/kveld/kopier?dato=2028-01-04").value("place_text") == "Bydel Frogner"
    evening(slug="holdt", place_text="Bydel Alna")
    join(db.session.scalars(select(Event).where(Event.slug == "holdt")).one(), 4)
    assert reported(oslo.get("/kontor/rapport/2026")) == [
        ["Bydel Alna 3. mars 2026", "ALIS-kveld", "", "4 deltakere, åpne listen", "4 ALIS"]
    ]


def test_a_new_event_keeps_what_it_is_held_for(app: Flask) -> None:
    oslo = logged_in(app, office="oslo")
    page = oslo.get("/kontor/nytt/alis_kveld")
    oslo.post("/kontor/nytt/alis_kveld", {**page.fields, "place_text": "Bydel Frogner", "then": "draft"})
    assert db.session.scalars(select(Event.place_text)).all() == ["Bydel Frogner"]


def test_the_lists_are_cut_down_to_one(app: Flask) -> None:
    oslo = logged_in(app, office="oslo")
    for number, area in enumerate(("Bydel Alna", "Bydel Frogner", "Bydel Frogner", "")):
        evening(slug=f"kveld-{number}", title=f"Kveld {number}", place_text=area)
    assert "Holdt for" not in logged_in(app, office="nord").get(f"{EVENTS}?vis=tidligere").text
    page = oslo.get(f"{EVENTS}?vis=tidligere&for=Bydel+Frogner")
    assert [row.get("data-event") for row in page.all("tr") if row.get("data-event")] == ["kveld-1", "kveld-2"]
    assert page.value("for") == "Bydel Frogner"
    assert "Ingen arrangementer holdt for Bydel Frogner her" in oslo.get(f"{EVENTS}?for=Bydel+Frogner").text
    assert oslo.get(f"{EVENTS}?for=%00").status == 200


def test_activities_are_cut_down_to_one_place(app: Flask) -> None:
    nora = logged_in(app)
    for place in ("Bodø", "Alta", "Bodø"):
        nora.post(NEW, {**TYPED, "place": place})
    assert [len(lines(nora.get(f"{LIST}{rest}"))) for rest in ("", "?sted=Bod%C3%B8", "?sted=Ingen")] == [3, 2, 0]


def test_a_whole_year_is_copied_in_one_go_and_only_once(app: Flask) -> None:
    nora, old = logged_in(app), f"{LIST}?ar=2026"
    for place in ("Bodø", "Alta"):
        nora.post(NEW, {**TYPED, "place": place, "year": "2026", "comment": "4 ALIS og 8 LIS1"})
    nora.post(NEW, {**TYPED, "place": "Alta", "comment": "Fast"})
    assert "Kopier fra 2026" in nora.get(LIST).text
    page = nora.follow(nora.post(f"{LIST}/kopier?ar=2026", {"alle": "1"}, form_at=old))
    assert ("1 linje er kopiert til 2027" in page.text, "1 linje sto der fra før." in page.text) == (True, True)
    assert len(lines(page)) == 2
    bodo = next(line for line in lines(page) if "Bodø" in line)
    assert "ALIS" not in bodo


def test_roles_that_do_not_sum_are_kept_and_said(app: Flask) -> None:
    nora = logged_in(app)
    page = nora.follow(nora.post(NEW, {**TYPED, "number": "31", "comment": "14 ALIS og 19 SamLIS"}))
    assert "Rollene er 33 til sammen, men det er 31 deltakere." in page.text
    assert "14 ALIS og 19 SamLIS" in lines(page)[0]


@pytest.mark.parametrize(
    ("number", "comment"), [("31", "14 ALIS og 17 SamLIS"), ("Ca. 31", "40 ALIS"), ("", "40 ALIS"), ("1", "2 ledere")]
)
def test_roles_that_may_be_right_are_not_remarked_on(app: Flask, number: str, comment: str) -> None:
    nora = logged_in(app)
    page = nora.follow(nora.post(NEW, {**TYPED, "number": number, "comment": comment}))
    assert "Rollene er" not in page.text


def test_heads_are_counted_on_the_events_page_and_reach_the_report(app: Flask, time: Clock) -> None:
    oslo = logged_in(app, office="oslo")
    evening(status=EventStatus.PUBLISHED, starts=(NOW + timedelta(days=1),), place_text="Bydel Frogner")
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE session SET minutes = NULL")
    assert "Hvor mange kom?" not in oslo.get(f"{EVENTS}/kveld").text
    time.pass_by(days=2)
    page = oslo.get(f"{EVENTS}/kveld")
    assert "Ingen har skrevet inn antall ennå." in page.text
    sent = {"number": "40", "approximate": "y", "back": "overview"}
    answer = oslo.post(f"{EVENTS}/kveld/oppmote/antall", sent, form_at=f"{EVENTS}/kveld")
    assert answer.headers["Location"] == f"{EVENTS}/kveld"
    page = oslo.follow(answer)
    assert ("Ca. 40" in page.text, page.value("number")) == (True, "40")
    assert reported(oslo.get("/kontor/rapport/2027")) == [
        ["Bydel Frogner 12. januar 2027", "ALIS-kveld", "", "Ca. 40", ""]
    ]
    wrong = oslo.post(f"{EVENTS}/kveld/oppmote/antall", {**sent, "number": "-4"}, expect=422)
    assert (len(wrong.errors), wrong.value("number")) == (1, "-4")


def test_a_reader_sees_the_count_and_no_form(app: Flask, time: Clock) -> None:
    evening(reported_number=12, reported_approximate=True)
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE session SET minutes = NULL")
    page = logged_in(app, office="oslo", role=UserRole.READER).get(f"{EVENTS}/kveld")
    assert ("Ca. 12" in page.text, page.all("input", name="number")) == (True, [])
