"""The file to download and the calendar to subscribe to."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courseapp.calendar.feed import download, feed, session_uid
from courseapp.calendar.invite import uid_for
from tests.calendar_files import oracles
from tests.calendar_files.examples import ENTRY, INVITATION
from tests.calendar_files.test_invite import HOSTILE, assert_well_formed

EVENT = [
    "BEGIN:VEVENT",
    "UID:s2@kurs.example.no",
    "SEQUENCE:3",
    "DTSTAMP:20270105T080000Z",
    "LAST-MODIFIED:20270105T080000Z",
    "DTSTART;TZID=Europe/Oslo:20270422T090000",
    "DTEND;TZID=Europe/Oslo:20270422T160000",
    "SUMMARY:Førstehjelp",
    "LOCATION:Møterom Ås",
    "STATUS:CONFIRMED",
    "TRANSP:OPAQUE",
    "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
    "DESCRIPTION:12/20 plasser",
    "URL:https://kurs.example.no/kurs/forstehjelp",
    "END:VEVENT",
]


def test_a_download_holds_one_session_and_no_participant() -> None:
    lines = oracles.lines(download(ENTRY))
    assert lines[:5] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//courseapp//Kurs og arrangementer//NO",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    assert lines[lines.index("BEGIN:VEVENT") :] == [*EVENT, "END:VCALENDAR"]


def test_a_download_names_the_organizer_where_there_is_one() -> None:
    lines = oracles.lines(download(replace(ENTRY, organizer=INVITATION.organizer)))
    assert 'ORGANIZER;CN="ALIS, Nord":mailto:kurs@example.no' in lines


def test_a_feed_names_itself_once_and_asks_to_be_read_hourly() -> None:
    lines = oracles.lines(feed("Kurs, Nord", [ENTRY]))
    assert lines[: lines.index("BEGIN:VTIMEZONE")] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//courseapp//Kurs og arrangementer//NO",
        "CALSCALE:GREGORIAN",
        "NAME:Kurs\\, Nord",
        "X-WR-CALNAME:Kurs\\, Nord",
        "X-WR-TIMEZONE:Europe/Oslo",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    assert lines[lines.index("BEGIN:VEVENT") :] == [*EVENT, "END:VCALENDAR"]


def test_a_feed_keeps_its_sessions_in_the_order_given_and_has_one_zone() -> None:
    later = replace(ENTRY, uid="s3@kurs.example.no", starts_at=ENTRY.starts_at + timedelta(days=1))
    lines = oracles.lines(feed("Kurs", [later, ENTRY]))
    assert [line for line in lines if line.startswith("UID:")] == ["UID:s3@kurs.example.no", "UID:s2@kurs.example.no"]
    assert lines.count("BEGIN:VTIMEZONE") == 1


def test_a_cancelled_session_stays_in_the_feed_and_says_so() -> None:
    lines = oracles.lines(feed("Kurs", [replace(ENTRY, cancelled=True)]))
    said = [line for line in lines if line.startswith(("STATUS", "X-MICROSOFT"))]
    assert said == ["STATUS:CANCELLED", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"]


def test_an_empty_feed_is_still_a_calendar() -> None:
    assert [part.name for part in oracles.by_vobject(feed("Kurs", [])).components()] == ["VTIMEZONE"]


@pytest.mark.parametrize(
    "written", [lambda: download(ENTRY), lambda: feed("Kurs", [ENTRY, ENTRY])], ids=["file", "feed"]
)
def test_unchanged_data_gives_unchanged_bytes(written: Callable[[], bytes]) -> None:
    assert written() == written()


def test_a_public_entry_never_has_the_name_of_a_registrants() -> None:
    public = session_uid(2, "kurs.example.no")
    assert public == "s2@kurs.example.no"
    assert uid_for(registration_id=2, session_id=2, domain="kurs.example.no") != public


@settings(max_examples=60, deadline=None, derandomize=True)
@given(name=st.sampled_from(HOSTILE) | st.text(max_size=100), said=st.sampled_from(HOSTILE) | st.text(max_size=100))
def test_no_text_in_a_feed_can_add_a_property(name: str, said: str) -> None:
    hostile = feed(name, [replace(ENTRY, summary=said, location="x" + said, description="x" + said)])
    assert_well_formed(hostile)
    assert oracles.event_properties(hostile) == oracles.event_properties(feed("x", [ENTRY]))
    assert len(oracles.lines(hostile)) == len(oracles.lines(feed("x", [ENTRY])))
