"""A leader is put on a course that moves and is called off: her calendar follows, and knows nobody who comes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from courseapp.app import create_app
from tests import smtp
from tests.calendar_files import oracles
from tests.conftest import Clock, settings_for
from tests.journeys.test_calendar_on_the_wire import facts, on_the_wire
from tests.journeys.test_changes_on_the_wire import entries, line, moved, plain, told
from tests.journeys.test_doctor import FORM
from tests.leading import ANE, BO, in_register
from tests.making import make_event
from tests.pages import Visitor
from tests.people import logged_in

COURSE = "/kontor/arrangementer/kurs"
WINTER, SUMMER, LATER = (
    datetime(2027, 3, 22, 8, tzinfo=UTC),
    datetime(2027, 4, 22, 7, tzinfo=UTC),
    datetime(2027, 4, 23, 7, tzinfo=UTC),
)


@pytest.fixture
def office() -> Iterator[smtp.Office]:
    with smtp.server() as running:
        yield running


@pytest.fixture
def mailing(database_url: str, tmp_path: Path, office: smtp.Office) -> Iterator[Flask]:
    made = create_app(
        settings_for(database_url, tmp_path, COURSEAPP_MAIL_SERVER="127.0.0.1", COURSEAPP_MAIL_PORT=str(office.port))
    )
    with made.app_context():
        yield made


def test_a_leaders_calendar_from_the_first_day_to_the_last(
    mailing: Flask, office: smtp.Office, time: Clock, ical_js: oracles.IcalJs
) -> None:
    event = make_event(slug="kurs")
    ane, bo = in_register(ANE, BO)
    Visitor(mailing).post("/arrangementer/kurs/pamelding", {**FORM, "email": "deltaker@lege.example.org"})
    on_the_wire(office, time)
    kari = logged_in(mailing)
    kari.post(f"{COURSE}/kursholdere", {"pair": "", f"l{ane}": "1", f"l{bo}": "2"})
    kari.post(f"{COURSE}/varsle", {"message": ""})
    assigned = on_the_wire(office, time)
    first = entries(assigned, ANE.email)
    one, two = (facts(ics)["UID"] for ics in first)
    assert told(first) == [("REQUEST", one, "0"), ("REQUEST", two, "0")]
    assert plain(assigned) == [ANE.email, BO.email, "deltaker@lege.example.org"]

    time.pass_by(days=1)
    kari.post(f"{COURSE}/endre", moved(kari, event.sessions[1].id, "2027-04-23"))
    assert on_the_wire(office, time) == []
    kari.post(f"{COURSE}/varsle", {"message": "Lokalet var opptatt."})
    second = entries(on_the_wire(office, time), ANE.email)
    assert told(second) == [("REQUEST", two, "1")]

    time.pass_by(days=1)
    kari.post(f"{COURSE}/kursholdere", {"pair": "", f"l{ane}": "1", f"l{bo}": ""})
    taken_off = on_the_wire(office, time)
    assert (plain(taken_off), [one[::2] for one in told(entries(taken_off, BO.email))]) == (
        [BO.email],
        [("CANCEL", "1"), ("CANCEL", "2")],
    )
    time.pass_by(days=1)
    kari.post(f"{COURSE}/avlys", {"reason": "For få påmeldte."})
    last = entries(on_the_wire(office, time), ANE.email)
    assert told(last) == [("CANCEL", one, "1"), ("CANCEL", two, "2")]

    story = [*first, *second, *last]
    for uid in (one, two):
        files = [ics for ics in story if facts(ics)["UID"] == uid]
        stamps = [facts(ics)["DTSTAMP"] for ics in files]
        assert stamps == sorted(set(stamps))
        assert [len({line(ics, name) for ics in files}) for name in ("ORGANIZER", "ATTENDEE")] == [1, 1]
    starts = [WINTER, SUMMER, LATER, WINTER, LATER]
    assert [oracles.starts_by_vobject(ics) for ics in story] == [[start] for start in starts]
    assert [[entry["starts_at"] for entry in ical_js.read(ics)] for ics in story] == [[start] for start in starts]
    assert [oracles.complaints_of_libical(ics) for ics in story] == [[]] * 5
    assert [oracles.by_vobject(ics).vevent.attendee.value for ics in story] == [f"mailto:{ANE.email}"] * 5
    assert [ics for ics in story if b"deltaker" in ics or b"/min/" in ics] == []
