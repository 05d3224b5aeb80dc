"""A course moves, one participant leaves, then it is called off: three calendar programs read the same story."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask

from courseapp.app import create_app
from tests import smtp
from tests.calendar_files import oracles
from tests.conftest import Clock, settings_for
from tests.journeys.test_calendar_on_the_wire import calendar_part, facts, on_the_wire
from tests.journeys.test_doctor import FORM
from tests.making import make_event
from tests.pages import Visitor
from tests.people import logged_in

WINTER, SUMMER = datetime(2027, 3, 22, 8, tzinfo=UTC), datetime(2027, 4, 22, 7, tzinfo=UTC)
DAYS = "/kontor/arrangementer/kurs"
A, B = "anne@lege.example.org", "bjorn@lege.example.org"


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


def entries(mails: list[EmailMessage], email: str) -> list[bytes]:
    """The calendar files among the mails to that address, as they came."""
    mine = [one for one in mails if one["To"].addresses[0].addr_spec == email]
    return [
        calendar_part(one) for one in mine if any(part.get_content_type() == "text/calendar" for part in one.walk())
    ]


def told(files: list[bytes]) -> list[tuple[str, str, str]]:
    """(METHOD, UID, SEQUENCE) of each."""
    return [(one["METHOD"], one["UID"], one["SEQUENCE"]) for one in map(facts, files)]


def plain(mails: list[EmailMessage]) -> list[str]:
    """Whom the letters without a calendar file went to."""
    letters = [one for one in mails if one.get_content_type() == "multipart/alternative"]
    return sorted(one["To"].addresses[0].addr_spec for one in letters)


def test_a_course_that_moves_and_is_called_off(
    mailing: Flask, office: smtp.Office, time: Clock, ical_js: oracles.IcalJs
) -> None:
    event = make_event(slug="kurs")
    for name, email in (("Anne", A), ("Bjørn", B)):
        Visitor(mailing).post(f"/arrangementer/{event.slug}/pamelding", {**FORM, "first_name": name, "email": email})
    signed_up = on_the_wire(office, time)
    first = {email: entries(signed_up, email) for email in (A, B)}
    one, two = (facts(ics)["UID"] for ics in first[A])
    assert told(first[A]) == [("REQUEST", one, "0"), ("REQUEST", two, "0")]

    time.pass_by(days=1)
    kari = logged_in(mailing)
    kari.post(f"{DAYS}/endre", moved(kari, event.sessions[1].id, "2027-04-23"))
    assert on_the_wire(office, time) == []
    time.pass_by(hours=1)
    kari.post(f"{DAYS}/varsle", {"message": "Lokalet var opptatt."})
    changed = on_the_wire(office, time)
    second = {email: entries(changed, email) for email in (A, B)}
    assert (plain(changed), told(second[A])) == ([A, B], [("REQUEST", two, "1")])

    time.pass_by(days=1)
    link = re.search(r"http://kurs\.example\.org(/min/\S+)", body(signed_up, A))
    assert link is not None
    Visitor(mailing).post(f"{link.group(1)}/avmeld")
    cancelled = on_the_wire(office, time)
    third = entries(cancelled, A)
    assert (told(third), entries(cancelled, B)) == ([("CANCEL", one, "1"), ("CANCEL", two, "2")], [])

    time.pass_by(days=1)
    kari.post(f"{DAYS}/avlys", {"reason": "Kursholderen er syk."})
    called_off = on_the_wire(office, time)
    last = entries(called_off, B)
    uids = [facts(ics)["UID"] for ics in first[B]]
    assert (plain(called_off), entries(called_off, A)) == ([B], [])
    assert told(last) == [("CANCEL", uids[0], "1"), ("CANCEL", uids[1], "2")]

    agree([*first[A], *second[A], *third])
    agree([*first[B], *second[B], *last])
    starts = [WINTER, SUMMER, SUMMER + timedelta(days=1), WINTER, SUMMER + timedelta(days=1)]
    for whole in ([*first[A], *second[A], *third], [*first[B], *second[B], *last]):
        assert [oracles.starts_by_vobject(ics) for ics in whole] == [[start] for start in starts]
        assert [[entry["starts_at"] for entry in ical_js.read(ics)] for ics in whole] == [[start] for start in starts]
        assert [oracles.complaints_of_libical(ics) for ics in whole] == [[]] * 5


def agree(story: list[bytes]) -> None:
    """For each UID: SEQUENCE and DTSTAMP rise, ORGANIZER and ATTENDEE stay the same to the letter."""
    by_uid: dict[str, list[bytes]] = {}
    for ics in story:
        by_uid.setdefault(facts(ics)["UID"], []).append(ics)
    assert sorted(len(files) for files in by_uid.values()) == [2, 3]
    for files in by_uid.values():
        assert [int(facts(ics)["SEQUENCE"]) for ics in files] == list(range(len(files)))
        stamps = [facts(ics)["DTSTAMP"] for ics in files]
        assert stamps == sorted(set(stamps))
        for name in ("ORGANIZER", "ATTENDEE"):
            assert len({line(ics, name) for ics in files}) == 1


def line(ics: bytes, name: str) -> str:
    """A whole content line, without what only says whether to answer."""
    (found,) = [one for one in oracles.lines(ics) if re.match(rf"{name}[;:]", one)]
    return ";".join(sorted(part for part in found.split(";") if not part.startswith(("PARTSTAT=", "RSVP="))))


def body(mails: list[EmailMessage], email: str) -> str:
    """The text of the first mail to an address."""
    part = next(one for one in mails if one["To"].addresses[0].addr_spec == email).get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def moved(kari: Visitor, session_id: int, day: str) -> dict[str, str]:
    """The form as it stands on the page, with one session on another day."""
    page = kari.get(f"{DAYS}/endre")
    fields = [one for tag in ("input", "textarea") for one in page.all(tag) if one.get("type") != "checkbox"]
    names = [one.get("name") or "" for one in fields]
    standing = {name: page.value(name) for name in names if name and name != "csrf_token"}
    return {**standing, f"s{session_id}_date": day}
