"""What is kept about a person, on her own page and at the desk."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db
from courseapp.domain.access import UserRole
from courseapp.models.journal import AuditEntry
from courseapp.models.registration import Registration
from courseapp.services import registrations, retention
from tests.conftest import Clock
from tests.keys import key_of
from tests.making import make_event, wish
from tests.pages import Visitor, words
from tests.people import join, logged_in, written

EMAIL = "kare1@lege.example.org"
DESK = "/kontor/personvern"


@pytest.fixture
def key(app: Flask) -> str:
    """The secret link of somebody who told all there is to tell."""
    registrations.sign_up(
        wish(make_event(slug="kurs"), hpr_number="7654321", note="Kommer sent", dietary_needs="Peanøtter")
    )
    return key_of(EMAIL)


def test_my_page_tells_everything_that_is_kept(app: Flask, key: str) -> None:
    page = Visitor(app).get(f"/min/{key}/mine-data")
    said = words(page.one("main"))
    for told in (
        "Kåre Ødegård 1",
        EMAIL,
        "7654321",
        "Kommer sent",
        "Peanøtter",
        "Du er påmeldt",
        "Språk i e-postenBokmål",
        "Slettes22. april 2029",
    ):
        assert told in said
    assert "«Jeg samtykker til at kontoret lagrer opplysningene om matallergi og kosthold. De slettes 14 dager" in said
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_the_way_there_stands_on_my_registration(app: Flask, key: str) -> None:
    page = Visitor(app).get(f"/min/{key}")
    assert [one.get("href") for one in page.all("a") if "mine-data" in (one.get("href") or "")] == [
        f"/min/{key}/mine-data"
    ]


def test_the_file_has_everything_for_programs(app: Flask, key: str) -> None:
    answer = Visitor(app).ask("GET", f"/min/{key}/mine-data/opplysninger.json")
    (told,) = json.loads(answer.get_data())["registrations"]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="mine-opplysninger.json"'
    person = told["person"]
    assert (person["email"], person["hpr_number"], person["dietary_needs"]) == (EMAIL, "7654321", "Peanøtter")
    assert told["consent"]["version"] == "2026-12"
    assert [one["subject"][:14] for one in told["letters"]][-1] == "Du er påmeldt:"
    assert key in told["letters"][-1]["text"]
    assert told["signed_up_at"] == "2027-01-11T09:00:00+00:00"


def test_a_dead_link_shows_and_does_nothing(app: Flask, key: str) -> None:
    for path in (f"/min/{key}x/mine-data", f"/min/{key}x/mine-data/opplysninger.json"):
        assert Visitor(app).ask("GET", path).status_code == 404


def test_who_has_a_place_is_told_to_leave_it_first(app: Flask, key: str) -> None:
    visitor = Visitor(app)
    assert "Meld deg av først" in words(visitor.get(f"/min/{key}/mine-data").one("main"))
    page = visitor.post(f"/min/{key}/mine-data/slett", form_at=f"/min/{key}", expect=422)
    assert "Meld av først" in page.text


def test_from_a_wish_to_nothing_left(app: Flask, key: str, time: Clock) -> None:
    time.pass_by(days=200)
    visitor = Visitor(app)
    page = visitor.follow(visitor.post(f"/min/{key}/mine-data/slett", form_at=f"/min/{key}/mine-data"))
    assert "Kontoret har fått beskjed" in page.text
    office = logged_in(app)
    assert "vil ha opplysningene sine slettet" in words(office.get("/kontor/").one("main"))
    page = office.get(DESK)
    assert [
        words(one) for row in page.all("tr", **{"data-request": "1"}) for one in row.iter() if one.tag.endswith("th")
    ] == [EMAIL]
    found = office.post(f"{DESK}/oppslag", {"email": EMAIL}, form_at=DESK, expect=200)
    assert "Peanøtter" in found.text
    refused = office.post(f"{DESK}/slett", {"email": EMAIL}, form_at=DESK, expect=422)
    assert "Kryss av for at du er sikker." in refused.text
    page = office.follow(office.post(f"{DESK}/slett", {"email": EMAIL, "sure": "y"}, form_at=DESK))
    assert "Opplysningene er slettet" in page.text
    assert Visitor(app).ask("GET", f"/min/{key}").status_code == 404
    again = office.post(f"{DESK}/oppslag", {"email": EMAIL}, form_at=DESK, expect=200)
    assert "ingenting lagret på den adressen" in again.text


def test_a_wish_may_be_answered_in_words(app: Flask, key: str, time: Clock) -> None:
    time.pass_by(days=200)
    Visitor(app).post(f"/min/{key}/mine-data/slett", form_at=f"/min/{key}/mine-data")
    office = logged_in(app)
    refused = office.post(f"{DESK}/onske/1/svar", {"reason": ""}, form_at=DESK, expect=422)
    assert (EMAIL in refused.text, "Skriv kort hva dere svarte." in refused.text) == (True, True)
    page = office.follow(office.post(f"{DESK}/onske/1/svar", {"reason": "Skrev i dag"}, form_at=DESK))
    assert page.all("tr", **{"data-request": "1"}) == []
    assert office.ask("POST", f"{DESK}/onske/1/svar").status_code in {404, 422}


def test_a_look_up_that_is_loaded_again_leads_to_where_one_asks(app: Flask, key: str) -> None:
    office = logged_in(app)
    assert office.ask("GET", f"{DESK}/oppslag").headers["Location"] == DESK
    assert logged_in(app, role=UserRole.READER).ask("GET", f"{DESK}/oppslag").status_code == 404


def test_looking_up_is_written_down_where_she_can_see_it(app: Flask, key: str) -> None:
    office = logged_in(app)
    office.post(f"{DESK}/oppslag", {"email": EMAIL.upper()}, form_at=DESK, expect=200)
    answer = office.ask("POST", f"{DESK}/oppslag.json", data={"email": EMAIL, "csrf_token": office.token(DESK)})
    assert [one["letters"][0]["text"] for one in json.loads(answer.get_data())["registrations"]] == [""]
    assert (len(written("person_looked_up")), len(written("person_data_exported"))) == (1, 1)
    page = Visitor(app).get(f"/min/{key}/mine-data")
    assert words(page.one("main")).split("åpnet opplysningene")[1].count("11. januar 2027 kl. 10.00") == 2


def test_what_another_office_keeps_is_not_found(app: Flask, key: str) -> None:
    page = logged_in(app, office="ost").post(f"{DESK}/oppslag", {"email": EMAIL}, form_at=DESK, expect=200)
    assert "ingenting lagret" in page.text


@pytest.mark.parametrize("office", ["nord", None])
def test_readers_have_no_such_pages(app: Flask, key: str, office: str | None) -> None:
    visitor = logged_in(app, office=office, role=UserRole.READER)
    assert visitor.ask("GET", DESK).status_code == 404
    token = visitor.token("/kontor/")
    for act in ("oppslag", "oppslag.json", "slett"):
        answer = visitor.ask("POST", f"{DESK}/{act}", data={"email": EMAIL, "sure": "y", "csrf_token": token})
        assert answer.status_code == 404, act
    assert db.session.scalars(select(Registration.email)).all() == [EMAIL]


def test_the_plan_shows_what_is_due_and_what_was_done(app: Flask, time: Clock) -> None:
    join(make_event(slug="kurs"), 3)
    join(make_event(slug="andre", office="ost"), 2)
    office = logged_in(app)
    time.pass_by(days=780)
    page = logged_in(app, office="nord", role=UserRole.ADMINISTRATOR).get(DESK)
    assert "22. april 2029 3" in words(page.one("main"))
    time.pass_by(days=90)
    retention.run_due()
    office = logged_in(app, office="ost")
    said = words(office.get(DESK).one("main"))
    assert "Personopplysninger Kurs i individuell veiledning i spesialistutdanningen for leger 2 Systemet" in said


def test_an_address_that_is_none_gets_a_sentence(app: Flask) -> None:
    page = logged_in(app).post(f"{DESK}/oppslag", {"email": "kåre"}, form_at=DESK, expect=422)
    assert "E-postadressen må ha en @" in page.text
    assert db.session.scalars(select(AuditEntry.id).where(AuditEntry.verb == "person_looked_up")).all() == []
