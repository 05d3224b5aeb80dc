"""Attendance as people see it: at the desk without scripts, by a script's small answers, by the code in the room."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from courseapp.db import db, transaction
from courseapp.domain.access import UserRole
from courseapp.domain.event import EventKind
from courseapp.links import links
from courseapp.models.event import Event
from courseapp.models.registration import DietaryNeed
from tests.attending import course, marks
from tests.conftest import NOW, Clock
from tests.pages import Visitor, words
from tests.people import join, logged_in, written


def address(event: Event, rest: str = "") -> str:
    return f"/kontor/arrangementer/{event.slug}/oppmote{rest}"


def day_of(event: Event) -> str:
    return address(event, f"/{event.sessions[0].id}")


def states(visitor: Visitor, path: str) -> list[str | None]:
    return [one.get("data-state") for one in visitor.get(path).all("li") if one.get("data-person")]


def test_the_page_chooses_today_and_a_tap_without_a_script_comes_back_to_the_person(app: Flask) -> None:
    event, visitor = course(), logged_in(app)
    people = join(event, 2)
    answer = visitor.ask("GET", address(event))
    assert (answer.status_code, answer.headers["Location"]) == (303, day_of(event))
    page = visitor.post(f"{day_of(event)}/{people[0]}", {"state": "present"}, form_at=day_of(event))
    assert page.headers["Location"] == f"{day_of(event)}#p{people[0]}"
    shown = visitor.get(day_of(event))
    assert states(visitor, day_of(event)) == ["present", ""]
    assert "1 av 2 til stede" in shown.text
    assert "Ført 10.00 av Kari Nordmann" in shown.text
    assert shown.headers["Cache-Control"] == "no-store"


def test_undo_sends_what_stood_there_before(app: Flask) -> None:
    event, visitor = course(), logged_in(app)
    (one,) = join(event, 1)
    tap = f"{day_of(event)}/{one}"
    visitor.post(tap, {"state": "partly", "minutes": "90"}, form_at=day_of(event))
    visitor.post(tap, {"state": "absent"}, form_at=day_of(event))
    undo = [form for form in visitor.get(day_of(event)).all("form", data_tap="undo") if form.get("hidden") is None]
    fields = {field.get("name"): field.get("value") for field in undo[0].iter() if field.get("name")}
    visitor.post(tap, {name: fields[name] for name in ("state", "minutes")}, form_at=day_of(event))
    assert marks(event.sessions[0].id) == [(one, "partly", 90)]


def json_tap(visitor: Visitor, path: str, at: str, **fields: str) -> Any:
    sent = {"csrf_token": visitor.token(at), **fields}
    return visitor.ask("POST", path, data=sent, headers={"Accept": "application/json"})


def test_a_script_gets_a_small_answer(app: Flask, time: Clock) -> None:
    event, visitor = course(), logged_in(app)
    one, two = join(event, 2)
    first = json_tap(visitor, f"{day_of(event)}/{one}", day_of(event), state="present", tap="a").get_json()
    assert first["rows"][0] == {
        "id": one,
        "state": "present",
        "minutes": None,
        "said": "Ført 10.00 av Kari Nordmann",
        "undo": "none",
        "undo_minutes": None,
    }
    time.pass_by(minutes=1)
    since = first["since"]
    second = json_tap(visitor, f"{day_of(event)}/{two}", day_of(event), state="absent", tap="b", since=f"{since}1")
    assert [row["id"] for row in second.get_json()["rows"]] == [two]
    assert second.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"state": "partly", "minutes": "541"}, "Skriv hvor mange minutter det ble, fra 1 til 540."),
        ({"state": "partly", "minutes": ""}, "Skriv hvor mange minutter det ble, fra 1 til 540."),
        ({"state": "partly", "minutes": "mange"}, "«Minutter» må være et tall fra 1 til 9999."),
        ({"state": "borte vekk"}, "Velg ett av alternativene under «Oppmøte»."),
        ({}, "Velg «Til stede», «Delvis» eller «Borte»."),
        ({"state": "present", "tap": "x" * 65}, "«tap» kan ha høyst 64 tegn."),
    ],
)
def test_a_wrong_tap_gets_a_sentence(app: Flask, fields: dict[str, str], refused: str) -> None:
    event, visitor = course(), logged_in(app)
    (one,) = join(event, 1)
    answer = json_tap(visitor, f"{day_of(event)}/{one}", day_of(event), **fields)
    assert answer.status_code == 422
    assert answer.get_json()["refused"].startswith(refused)
    visitor.post(f"{day_of(event)}/{one}", fields, form_at=day_of(event))
    assert refused in visitor.get(day_of(event)).text
    assert marks(event.sessions[0].id) == []


def test_an_old_token_asks_for_the_page_again(app: Flask) -> None:
    event, visitor = course(), logged_in(app)
    (one,) = join(event, 1)
    sent = {"state": "present", "csrf_token": "gammel"}
    answer = visitor.ask("POST", f"{day_of(event)}/{one}", data=sent, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["again"], marks(event.sessions[0].id)) == (422, True, [])


def test_people_and_sessions_of_another_event_are_not_there(app: Flask) -> None:
    event, other, visitor = course(slug="her"), course(slug="der"), logged_in(app)
    (mine,), (theirs,) = join(event, 1), join(other, 1)
    for path in (f"{day_of(event)}/{theirs}", address(event, f"/{other.sessions[0].id}/{mine}")):
        visitor.post(path, {"state": "present"}, form_at=day_of(event), expect=404)
    visitor.get(address(event, f"/{other.sessions[0].id}"), expect=404)


def test_all_present_and_back(app: Flask) -> None:
    event, visitor = course(), logged_in(app)
    join(event, 3)
    visitor.post(f"{day_of(event)}/alle", form_at=day_of(event))
    assert states(visitor, day_of(event)) == ["present"] * 3
    visitor.post(f"{day_of(event)}/alle/angre", form_at=day_of(event))
    assert states(visitor, day_of(event)) == [""] * 3


def test_before_its_time_there_is_a_sentence_and_no_button(app: Flask) -> None:
    event, visitor = course(), logged_in(app)
    join(event, 1)
    page = visitor.get(address(event, f"/{event.sessions[1].id}"))
    assert "Oppmøte kan føres fra tolv timer før samlingen begynner." in page.text
    assert [one for one in page.one("main").iter() if one.tag.endswith("button")] == []


def test_a_reader_of_the_office_looks_and_has_no_button(app: Flask) -> None:
    event, visitor = course(), logged_in(app, role=UserRole.READER)
    join(event, 1)
    page = visitor.get(day_of(event))
    assert [one for one in page.one("main").iter() if one.tag.endswith("button")] == []
    visitor.get(address(event, "/timer"))
    for rest in ("/valg", "/antall", f"/{event.sessions[0].id}/ny"):
        visitor.get(address(event, rest), expect=404)


def test_somebody_who_came_is_added(app: Flask) -> None:
    event, visitor = course(), logged_in(app)
    path = f"{day_of(event)}/ny"
    fields = {"first_name": "Åse", "last_name": "Ny", "email": "ase@lege.example.org", "workplace": "Havna"}
    refused = visitor.post(path, fields, expect=422)
    assert (refused.errors, refused.value("first_name")) == (["Velg rollen."], "Åse")
    page = visitor.follow(visitor.post(path, {**fields, "primary_role": "alis"}))
    assert "Åse Ny har plass og står som til stede." in words(page.one("main"))
    assert len(marks(event.sessions[0].id)) == 1


def test_the_number_of_an_evening(app: Flask) -> None:
    event, visitor = course(kind=EventKind.ALIS_KVELD), logged_in(app)
    with transaction() as tx:
        for session in tx.get_one(Event, event.id).sessions:
            session.minutes = None
    assert "Ingen har skrevet inn antall ennå." in visitor.get(day_of(event)).text
    refused = visitor.post(address(event, "/antall"), {"number": "mange"}, expect=422)
    assert (refused.errors, refused.value("number")) == (
        ["«Hvor mange kom?» må være et tall fra 0 til 10000."],
        "mange",
    )
    visitor.post(address(event, "/antall"), {"number": "40", "approximate": "y"})
    assert "Ca. 40 Kari Nordmann, 11. januar 2027 kl. 10.00" in visitor.get(day_of(event)).text
    visitor.post(address(event, "/antall"), {"number": ""})
    db.session.rollback()
    assert db.session.get_one(Event, event.id).reported_number is None


def test_hours_are_given_with_a_reason_and_taken_back(app: Flask) -> None:
    event, visitor = course(), logged_in(app)
    (one,) = join(event, 1)
    path = address(event, "/timer")
    refused = visitor.post(path, {"person": str(one), "hours": "x", "why": ""}, expect=422)
    assert (refused.errors, refused.value("hours")) == (["Skriv hvorfor timene gis."], "x")
    over = visitor.post(path, {"person": str(one), "hours": "19", "why": "Derfor"}, expect=422)
    assert over.errors == ["Timene må være flere enn null og ikke flere enn arrangementet gir."]
    visitor.post(path, {"person": str(one), "hours": "7,5", "why": "Derfor"})
    given = visitor.get(path)
    assert ("Gitt av kontoret 7,5 timer" in given.text, len(given.all("tr", data_earned="granted"))) == (True, 1)
    visitor.post(f"{path}/{one}/angre", form_at=path)
    assert visitor.get(path).all("tr", data_earned="granted") == []
    for nobody in ("999", "x", ""):
        visitor.post(path, {"person": nobody, "hours": "x"}, expect=404)


def test_names_on_the_kitchen_list_are_asked_for_and_written_down(app: Flask) -> None:
    event, visitor = course(), logged_in(app)
    (one,) = join(event, 1)
    with transaction() as tx:
        tx.add(DietaryNeed(registration_id=one, needs="Nøtter", consented_at=NOW, consent_version="x"))
    path = f"/kontor/arrangementer/{event.slug}/kjokken"
    plain, named = visitor.get(path), visitor.get(f"{path}?navn=ja")
    assert ("Ødegård" in plain.text, "Ødegård" in named.text, "Nøtter" in plain.text) == (False, True, True)
    assert (len(written("kitchen_read")), len(written("kitchen_names_read"))) == (1, 1)


def test_the_code_in_the_room_answers_everybody_alike(app: Flask, time: Clock) -> None:
    event, desk = course(), logged_in(app)
    join(event, 1)
    desk.get(f"{day_of(event)}/qr", expect=404)
    desk.post(address(event, "/valg"), {"self_check_in": "y", "hours_rule": "all_sessions"})
    assert "Meld deg til stede" in desk.get(f"{day_of(event)}/qr").text
    path = links().check_in(event.sessions[0].id).removeprefix("http://kurs.example.org")
    stranger = Visitor(app)
    told = [stranger.post(path, {"email": email}, expect=200).text for email in ("kare1@lege.example.org", "x@y.no")]
    assert (told[0] == told[1], len(marks(event.sessions[0].id))) == (True, 1)
    assert stranger.post(path, {"email": "ase"}, expect=422).errors == [
        "E-postadressen må ha en @, som i navn@kommune.no."
    ]
    for _try in range(10):
        page = stranger.post(path, {"email": "x@y.no"}, expect=200 if _try < 9 else 429)
    assert page.h1 == "For mange forsøk"
    time.pass_by(hours=8)
    Visitor(app).get(path, expect=404)
    Visitor(app).get("/oppmote/noe", expect=404)


def test_the_holder_of_a_link_says_that_she_is_here(app: Flask) -> None:
    event = course(self_check_in=True)
    (one,) = join(event, 1)
    path = f"/min/{links().key(one, 1)}"
    visitor = Visitor(app)
    assert "Jeg er her" in visitor.get(path).text
    visitor.post(f"{path}/oppmote", form_at=path)
    assert "Oppmøtet ditt er ført for samlingen i dag." in visitor.get(path).text
    assert marks(event.sessions[0].id) == [(one, "present", None)]
