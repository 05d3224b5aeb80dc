"""What two participants see in a calendar program while a course moves, one of them leaves, and it is called off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask

from courseapp.app import create_app
from tests import smtp
from tests.conftest import Clock, settings_for
from tests.journeys.khal import Khal
from tests.journeys.test_calendar_on_the_wire import on_the_wire
from tests.journeys.test_changes_on_the_wire import DAYS, A, B, body, entries, moved
from tests.journeys.test_doctor import FORM
from tests.making import TITLE, make_event
from tests.pages import Visitor
from tests.people import logged_in

PLACE = "Møterom Ås, Sjøgata 1; 8006 Bodø"
FIRST = f"2027-03-22 09:00–16:00 {TITLE} (dag 1 av 2), {PLACE}"
SECOND = f"2027-04-22 09:00–16:00 {TITLE} (dag 2 av 2), {PLACE}"
MOVED = SECOND.replace("04-22", "04-23")


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


def test_two_calendars_show_the_right_days_after_each_step(
    mailing: Flask, office: smtp.Office, time: Clock, tmp_path: Path
) -> None:
    calendars = {email: Khal(tmp_path / email) for email in (A, B)}

    def arrive() -> list[EmailMessage]:
        mails = on_the_wire(office, time)
        for email, calendar in calendars.items():
            for ics in entries(mails, email):
                calendar.take(ics)
        time.pass_by(days=1)
        return mails

    def shown() -> list[list[str]]:
        return [calendars[email].days() for email in (A, B)]

    event = make_event(slug="kurs")
    for name, email in (("Anne", A), ("Bjørn", B)):
        Visitor(mailing).post(f"/arrangementer/{event.slug}/pamelding", {**FORM, "first_name": name, "email": email})
    signed_up = arrive()
    assert shown() == [[FIRST, SECOND], [FIRST, SECOND]]

    kari = logged_in(mailing)
    kari.post(f"{DAYS}/endre", moved(kari, event.sessions[1].id, "2027-04-23"))
    arrive()
    assert shown() == [[FIRST, SECOND], [FIRST, SECOND]]
    kari.post(f"{DAYS}/varsle", {"message": "Lokalet var opptatt."})
    arrive()
    assert shown() == [[FIRST, MOVED], [FIRST, MOVED]]

    link = re.search(r"http://kurs\.example\.org(/min/\S+)", body(signed_up, A))
    assert link is not None
    Visitor(mailing).post(f"{link.group(1)}/avmeld")
    arrive()
    assert shown() == [[], [FIRST, MOVED]]

    kari.post(f"{DAYS}/avlys", {"reason": "Kursholderen er syk."})
    arrive()
    assert shown() == [[], []]
