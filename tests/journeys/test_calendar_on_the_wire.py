"""From the sign-up form to three calendar programs: what leaves the house is read to the right instants."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask

from courseapp.app import create_app
from courseapp.mail import postman
from tests import smtp
from tests.calendar_files import oracles
from tests.conftest import Clock, settings_for
from tests.journeys.test_doctor import FORM
from tests.letters import registrations
from tests.making import make_event
from tests.pages import Visitor

WINTER, SUMMER = datetime(2027, 3, 22, 8, tzinfo=UTC), datetime(2027, 4, 22, 7, tzinfo=UTC)


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


def on_the_wire(office: smtp.Office, time: Clock) -> list[EmailMessage]:
    """Deliver, and give what has arrived since the last time."""
    before = len(office.received)
    while postman.deliver_due(None, time):
        pass
    return [message_from_bytes(one.content, policy=policy.default) for one in office.received[before:]]


def calendar_part(message: EmailMessage) -> bytes:
    """The one that clients act on, as bytes."""
    (part,) = [one for one in message.walk() if one.get_content_type() == "text/calendar"]
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def test_a_sign_up_and_its_cancellation_reach_the_calendar(
    mailing: Flask, office: smtp.Office, time: Clock, ical_js: oracles.IcalJs
) -> None:
    event = make_event()
    doctor = Visitor(mailing)
    doctor.post(f"/arrangementer/{event.slug}/pamelding", FORM)
    confirmation, *invitations = on_the_wire(office, time)
    assert (confirmation.get_content_type(), len(invitations)) == ("multipart/alternative", 2)
    asked = [calendar_part(one) for one in invitations]
    assert [oracles.starts_by_vobject(one) for one in asked] == [[WINTER], [SUMMER]]
    assert [[entry["starts_at"] for entry in ical_js.read(one)] for one in asked] == [[WINTER], [SUMMER]]
    assert [oracles.complaints_of_libical(one) for one in asked] == [[], []]
    assert [b"RDATE" in one for one in asked] == [False, False]

    time.pass_by(days=1)
    link = re.search(r"http://kurs\.example\.org(/min/\S+)", confirmation.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert link is not None
    doctor.post(f"{link.group(1)}/avmeld")
    told, *withdrawn = on_the_wire(office, time)
    taken_back = [calendar_part(one) for one in withdrawn]
    assert (told.get_content_type(), len(withdrawn)) == ("multipart/alternative", 2)
    assert [oracles.complaints_of_libical(one) for one in taken_back] == [[], []]
    for first, last in zip(asked, taken_back, strict=True):
        before, after = facts(first), facts(last)
        assert (after["UID"], after["ORGANIZER"], after["ATTENDEE"]) == (
            before["UID"],
            before["ORGANIZER"],
            before["ATTENDEE"],
        )
        assert (before["SEQUENCE"], after["SEQUENCE"]) == ("0", "1")
        assert before["DTSTAMP"] < after["DTSTAMP"]
        assert (before["METHOD"], after["METHOD"], after["STATUS"]) == ("REQUEST", "CANCEL", "CANCELLED")


def facts(ics: bytes) -> dict[str, str]:
    """Properties by name, their parameters left out."""
    pairs = (re.split(r"(?:;[^:]*?)?:", line, maxsplit=1) for line in oracles.lines(ics))
    return {name: value for name, value in pairs if name not in {"BEGIN", "END"}}


def test_the_message_names_its_receiver_and_nobody_else(mailing: Flask, office: smtp.Office, time: Clock) -> None:
    event = make_event()
    for number in (1, 2):
        Visitor(mailing).post(
            f"/arrangementer/{event.slug}/pamelding",
            {**FORM, "first_name": f"Lege{number}", "email": f"lege{number}@lege.example.org"},
        )
    arrived = on_the_wire(office, time)
    for message in arrived:
        other = "2" if message["To"].addresses[0].addr_spec.startswith("lege1") else "1"
        whole = "".join(
            str(part.get_content()) for part in message.walk() if part.get_content_maintype() == "text"
        ) + str(message["Subject"])
        assert [word for word in (f"Lege{other}", f"lege{other}@") if word in whole] == []
    assert len(arrived) == 6


def test_every_message_is_transactional_mail_from_a_mailbox_somebody_reads(
    mailing: Flask, office: smtp.Office, time: Clock
) -> None:
    Visitor(mailing).post(f"/arrangementer/{make_event().slug}/pamelding", FORM)
    for message in on_the_wire(office, time):
        assert {
            name: message[name]
            for name in ("Auto-Submitted", "X-Auto-Response-Suppress", "List-Unsubscribe", "Precedence")
        } == {
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "OOF, AutoReply",
            "List-Unsubscribe": None,
            "Precedence": None,
        }
        assert message["From"].addresses[0].addr_spec == "kurs@alis.example.org"
        assert message["Reply-To"].addresses[0].addr_spec == "nord@alis.example.org"
        assert re.fullmatch(r"<[^<>@\s]+@kurs\.example\.org>", message["Message-ID"])


def test_a_downloaded_file_tells_the_same_instants(mailing: Flask, ical_js: oracles.IcalJs) -> None:
    event = make_event()
    doctor = Visitor(mailing)
    doctor.post(f"/arrangementer/{event.slug}/pamelding", FORM)
    found = []
    for session in event.sessions:
        answer = doctor.ask("GET", f"/arrangementer/{event.slug}/samling-{session.id}.ics")
        again = doctor.ask("GET", f"/arrangementer/{event.slug}/samling-{session.id}.ics")
        assert (answer.content_type, answer.data) == ("text/calendar; charset=utf-8", again.data)
        assert b"ATTENDEE" not in answer.data
        found += [entry["starts_at"] for entry in ical_js.read(answer.data)]
    assert (found, len(registrations())) == ([WINTER, SUMMER], 1)
