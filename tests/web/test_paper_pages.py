"""Paper from the desk: who may have it, what is in it, and that it is written down."""

from __future__ import annotations

from io import BytesIO

import pypdf
import pytest
from flask import Flask

from courseapp.domain.registration import Status
from tests.making import make_event
from tests.pages import Visitor
from tests.people import join, logged_in, written

BASE = "/kontor/arrangementer/kurs"
FILES = ("oppmoteliste.pdf", "deltakerliste.pdf?etter=role", "navneskilt.pdf?etiketter=70x37", "dorskilt.pdf")


def text(visitor: Visitor, name: str) -> str:
    answer = visitor.ask("GET", f"{BASE}/{name}")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert "no-store" in answer.headers["Cache-Control"]
    return " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(answer.data)).pages)


def test_those_with_a_seat_and_nobody_else_stand_on_paper(app: Flask) -> None:
    event = make_event(slug="kurs")
    join(event, 1, last_name="Med")
    join(event, 1, first=2, last_name="Uten", status=Status.WAITLISTED)
    join(event, 1, first=3, last_name="Kanskje", status=Status.OFFERED)
    shown = text(logged_in(app), "oppmoteliste.pdf")
    assert [name in shown for name in ("Med, Kåre", "Uten, Kåre", "Kanskje, Kåre")] == [True, False, False]
    assert "lege.example.org" not in shown


@pytest.mark.parametrize("name", FILES)
def test_another_office_gets_no_paper(app: Flask, name: str) -> None:
    make_event(slug="kurs")
    assert logged_in(app, office="oslo").ask("GET", f"{BASE}/{name}").status_code == 404


def test_lists_of_persons_are_written_down_and_door_signs_are_not(app: Flask) -> None:
    make_event(slug="kurs")
    visitor = logged_in(app)
    for name in FILES:
        text(visitor, name)
    assert len(written("participants_exported")) == 3


def test_the_page_offers_each_paper_and_groups_only_where_there_are_any(app: Flask) -> None:
    make_event(slug="kurs")
    page = logged_in(app).get(f"{BASE}/utskrift")
    links = [one.get("href") for one in page.all("a") if ".pdf" in (one.get("href") or "")]
    assert len(links) == 7
    assert "Gruppeliste" not in page.text
