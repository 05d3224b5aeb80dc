"""Kursbevis on the pages: issued by one button, fetched by its holder, checked by whoever has the paper."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pypdf
import pytest
from flask import Flask

from courseapp import clock
from courseapp.db import db, transaction
from courseapp.domain.access import UserRole
from courseapp.domain.attendance import AttendanceState
from courseapp.models.attendance import Attendance
from courseapp.models.certificate import Certificate
from courseapp.models.event import Event
from courseapp.models.registration import Registration
from tests.conftest import Clock
from tests.keys import key_of
from tests.making import make_event
from tests.pages import Visitor, words
from tests.people import join, logged_in

BASE = "/kontor/arrangementer/kurs/kursbevis"
NUMBER = "NORD-2027-0001"


@pytest.fixture
def people(app: Flask, time: Clock) -> list[int]:
    """Two who were there both days and one who was not, at a course that is over."""
    event = make_event(slug="kurs")
    time.pass_by(days=120)
    found = join(event, 3)
    with transaction() as tx:
        for one in found[:2]:
            for session in tx.get_one(Event, event.id).sessions:
                tx.add(
                    Attendance(
                        registration_id=one,
                        session_id=session.id,
                        state=AttendanceState.PRESENT,
                        marked_at=clock.now(),
                    )
                )
    return found


def issue(app: Flask) -> Visitor:
    visitor = logged_in(app)
    visitor.post(BASE)
    return visitor


def code(number: str = NUMBER) -> str:
    db.session.rollback()
    return db.session.query(Certificate).filter_by(number=number).one().code


def pdf(visitor: Visitor, path: str) -> str:
    answer = visitor.ask("GET", path)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(answer.data)).pages)


def test_one_button_issues_to_all_who_earned_it(app: Flask, people: list[int]) -> None:
    visitor = logged_in(app)
    page = visitor.get(BASE)
    assert [words(one) for one in page.all("button")][-1] == "Utsted 2 kursbevis"
    assert "dag 1: ikke ført, dag 2: ikke ført" in words(page.one("tr", data_registration=str(people[2])))
    done = visitor.follow(visitor.post(BASE))
    assert "2 kursbevis er utstedt." in done.text
    numbers = [words(one) for one in done.all("a") if words(one).startswith("NORD-")]
    assert numbers == [NUMBER, "NORD-2027-0002"]
    again = visitor.follow(visitor.post(BASE, form_at="/kontor/arrangementer"))
    assert "Ingen mangler kursbevis nå." in again.text


def test_its_holder_fetches_it_behind_her_link_and_nobody_else_does(app: Flask, people: list[int]) -> None:
    issue(app)
    mine = f"/min/{key_of('kare1@lege.example.org')}"
    page = Visitor(app).get(mine)
    assert "Last ned kursbeviset (PDF)" in page.text
    shown = pdf(Visitor(app), f"{mine}/kursbevis.pdf")
    assert [text in shown for text in ("Kåre Ødegård 0001", NUMBER, "18", "Møterom Ås")] == [True] * 4
    other = f"/min/{key_of('kare3@lege.example.org')}"
    assert "kursbeviset" not in Visitor(app).get(other).text
    assert Visitor(app).ask("GET", f"{other}/kursbevis.pdf").status_code == 404


def test_all_of_them_are_one_file_for_the_office(app: Flask, people: list[int]) -> None:
    visitor = issue(app)
    answer = visitor.ask("GET", f"{BASE}/alle.pdf")
    assert len(pypdf.PdfReader(BytesIO(answer.data)).pages) == 2
    assert logged_in(app, office="oslo").ask("GET", f"{BASE}/alle.pdf").status_code == 404


def test_a_corrected_name_is_seen_and_replaced(app: Flask, people: list[int]) -> None:
    visitor = issue(app)
    with transaction() as tx:
        tx.get_one(Registration, people[0]).last_name = "Ødegaard"
    page = visitor.get(BASE)
    assert "Opplysningene er endret etterpå" in page.text
    (link,) = [one.get("href") or "" for one in page.all("a") if words(one).startswith("Utsted nytt")]
    assert visitor.post(link, {"reason": ""}, expect=422).errors == ["Skriv en begrunnelse."]
    done = visitor.follow(visitor.post(link, {"reason": "Skrev feil"}))
    assert "Nytt kursbevis med nummer NORD-2027-0003 er utstedt." in done.text
    assert "Erstattet av NORD-2027-0003" in done.text
    check = Visitor(app).get(f"/kursbevis/{NUMBER}?kode={code()}")
    assert (check.h1, "NORD-2027-0003" in check.text, "Kåre" in check.text) == (
        "Kursbeviset er erstattet av et nyere",
        True,
        False,
    )


def test_whoever_has_the_paper_reads_what_it_says_and_no_more(app: Flask, people: list[int]) -> None:
    issue(app)
    page = Visitor(app).get(f"/kursbevis/{NUMBER}?kode={code()}")
    assert page.h1 == "Kursbeviset er ekte"
    assert "Kåre Ødegård 0001" in page.text
    assert "lege.example.org" not in page.body
    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == ("no-store", "no-referrer")


def test_the_code_may_be_typed_in_any_way(app: Flask, people: list[int]) -> None:
    issue(app)
    visitor, secret = Visitor(app), code()
    asked = visitor.get(f"/kursbevis/{NUMBER.lower()}")
    assert (asked.h1, "Kåre" in asked.text) == ("Sjekk et kursbevis", False)
    typed = f" {secret[:4].lower()} - {secret[4:]}"
    page = visitor.post(f"/kursbevis/{NUMBER}", {"control_code": typed}, expect=200)
    assert page.h1 == "Kursbeviset er ekte"


@pytest.mark.parametrize("number", [NUMBER, "NORD-2027-9999", "tull"])
def test_a_wrong_code_and_an_unknown_number_answer_alike(app: Flask, people: list[int], number: str) -> None:
    issue(app)
    page = Visitor(app).get(f"/kursbevis/{number}?kode=AAAAAAAA")
    assert (page.h1, "Kåre" in page.text) == ("Vi kjenner ikke kursbeviset", False)


def test_guessing_is_stopped_and_begins_anew_an_hour_later(app: Flask, people: list[int], time: Clock) -> None:
    issue(app)
    visitor, right = Visitor(app), f"/kursbevis/{NUMBER}?kode={code()}"
    for _ in range(20):
        visitor.get(f"/kursbevis/{NUMBER}?kode=AAAAAAAA")
    assert visitor.get(right, expect=429).h1 == "For mange forsøk"
    time.moment += timedelta(hours=1)
    assert visitor.get(right).h1 == "Kursbeviset er ekte"


def test_a_revoked_one_says_so_and_not_why(app: Flask, people: list[int]) -> None:
    visitor = issue(app)
    (link, _other) = [
        one.get("href") or "" for one in visitor.get(BASE).all("a") if "trekk-tilbake" in (one.get("href") or "")
    ]
    visitor.post(link, {"reason": "Var hos tannlegen"})
    page = Visitor(app).get(f"/kursbevis/{NUMBER}?kode={code()}")
    assert (page.h1, "tannlegen" in page.text, "Kåre" in page.text) == ("Kursbeviset er trukket tilbake", False, False)


def test_a_number_is_typed_on_the_front_page_of_checking(app: Flask) -> None:
    visitor = Visitor(app)
    assert visitor.post("/kursbevis", {"number": "nord 2027 0001"}).headers["Location"] == f"/kursbevis/{NUMBER}"
    wrong = visitor.post("/kursbevis", {"number": "12"}, expect=422)
    assert wrong.errors == ["Nummeret ser ut som NORD-2027-0001. Sjekk at du har skrevet det riktig."]


def test_readers_look_and_do_not_issue(app: Flask, people: list[int]) -> None:
    reader = logged_in(app, role=UserRole.READER)
    assert [words(one) for one in reader.get(BASE).all("button")] == ["Logg ut"]
    reader.post(BASE, form_at="/kontor/arrangementer", expect=404)
