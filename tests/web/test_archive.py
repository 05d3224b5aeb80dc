"""An event taken out for the municipality's archive."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from zipfile import ZipFile

import pypdf
import pytest
from flask import Flask

from courseapp.domain.access import UserRole
from courseapp.domain.registration import Status
from courseapp.models.event import Event
from courseapp.services import certificates, retention
from tests.conftest import Clock
from tests.making import make_event
from tests.pages import Visitor
from tests.people import join, logged_in, organizer, written
from tests.services.test_certificates import PRESENT, mark

ADDRESS = "/kontor/arrangementer/kurs/arkiv.zip"


@pytest.fixture
def over(app: Flask, time: Clock) -> Event:
    """A course that is over: two came and got kursbevis, one did not come, two never had a seat."""
    event = make_event(slug="kurs", description="Dag 1: Veilederrollen\n\nDag 2: Vurdering")
    people = join(event, 3, hpr_number="1234567")
    join(event, 2, first=10, status=Status.WAITLISTED)
    time.pass_by(days=120)
    for one in people[:2]:
        mark(event, one, PRESENT, PRESENT)
    certificates.issue("kurs", actor=organizer("nord"))
    return event


def unpacked(visitor: Visitor) -> ZipFile:
    answer = visitor.ask("GET", ADDRESS)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Cache-Control"] == "no-store"
    return ZipFile(BytesIO(answer.get_data()))


def rows(made: ZipFile, name: str) -> list[list[str]]:
    return list(csv.reader(StringIO(made.read(name).decode("utf-8-sig")), delimiter=";"))


def test_the_archive_has_programme_people_and_kursbevis(app: Flask, over: Event) -> None:
    made = unpacked(logged_in(app, role=UserRole.ADMINISTRATOR))
    assert made.namelist() == ["kurs.pdf", "deltakere.csv", "kursbevis.csv"]
    assert rows(made, "deltakere.csv")[:2] == [
        ["Navn", "Rolle", "Arbeidssted", "Kommune", "HPR-nummer", "Timer"],
        ["Ødegård 0001, Kåre", "ALIS", "Havna legekontor", "Bodø", "1234567", "18"],
    ]
    assert [row[0] for row in rows(made, "kursbevis.csv")[1:]] == ["NORD-2027-0001", "NORD-2027-0002"]
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(made.read("kurs.pdf"))).pages)
    said = " ".join(text.split())
    for told in ("Deltakere med plass (3)", "På venteliste: 2", "Kursbevis (2)", "NORD-2027-0001", "Veilederrollen"):
        assert told in said, told
    assert "lege.example.org" not in said


def test_taking_it_out_is_written_down(app: Flask, over: Event) -> None:
    unpacked(logged_in(app, role=UserRole.ADMINISTRATOR))
    assert len(written("archive_exported")) == 1


@pytest.mark.parametrize(
    ("office", "role"), [("ost", UserRole.ORGANIZER), ("nord", UserRole.READER), (None, UserRole.READER)]
)
def test_only_its_organizers_take_it_out(app: Flask, over: Event, office: str | None, role: UserRole) -> None:
    assert logged_in(app, office=office, role=role).ask("GET", ADDRESS).status_code == 404


def test_what_has_been_forgotten_is_not_in_it(app: Flask, over: Event, time: Clock) -> None:
    time.pass_by(days=900)
    retention.run_due()
    made = unpacked(logged_in(app, role=UserRole.ADMINISTRATOR))
    assert {row[0] for row in rows(made, "deltakere.csv")[1:]} == {"deltaker, Slettet"}
    assert len(rows(made, "kursbevis.csv")) == 3


def test_the_page_of_papers_offers_it_to_those_who_may(app: Flask, over: Event) -> None:
    base = "/kontor/arrangementer/kurs/utskrift"
    assert f'href="{ADDRESS}"' in logged_in(app, role=UserRole.ADMINISTRATOR).get(base).body
    assert ADDRESS not in logged_in(app, role=UserRole.READER).get(base).body
