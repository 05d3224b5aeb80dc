"""What readers that are not ours make of our files, and proof that they would notice a bad one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event

from courseapp.calendar.feed import download, feed
from courseapp.calendar.invite import cancel, request
from tests.calendar_files import oracles
from tests.calendar_files.examples import ENTRY, INVITATION

OSLO = ZoneInfo("Europe/Oslo")
EITHER_SIDE = [date(2027, 3, 22), date(2027, 4, 22), date(2027, 3, 27), date(2027, 3, 28)]
IN_UTC = [
    datetime(2027, 3, 22, 8, tzinfo=UTC),
    datetime(2027, 4, 22, 7, tzinfo=UTC),
    datetime(2027, 3, 27, 8, tzinfo=UTC),
    datetime(2027, 3, 28, 7, tzinfo=UTC),
]


@pytest.fixture(scope="module")
def ical_js() -> Iterator[oracles.IcalJs]:
    with oracles.ical_js() as reader:
        yield reader


def nine_o_clock(day: date) -> datetime:
    return datetime.combine(day, time(9), OSLO).astimezone(UTC)


def invited_on(day: date) -> bytes:
    start = nine_o_clock(day)
    return request(replace(INVITATION, starts_at=start, ends_at=start + timedelta(hours=7)))


def by_the_library(day: date) -> bytes:
    """The same morning with the zone that icalendar makes up itself."""
    calendar = Calendar.new(prodid="-//test//NO", method="REQUEST")
    start = datetime.combine(day, time(9), OSLO)
    calendar.add_component(Event.new(uid="x@example.no", start=start, end=start + timedelta(hours=7), summary="x"))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def test_ical_js_reads_the_right_instants_on_either_side_of_summer_time(ical_js: oracles.IcalJs) -> None:
    assert [ical_js.read(invited_on(day))[0]["starts_at"] for day in EITHER_SIDE] == IN_UTC


def test_vobject_reads_the_right_instants_on_either_side_of_summer_time() -> None:
    assert [oracles.starts_by_vobject(invited_on(day))[0] for day in EITHER_SIDE] == IN_UTC


def test_the_zone_agrees_with_the_tz_database_every_morning_for_five_years() -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range((date(2031, 1, 1) - date(2026, 1, 1)).days)]
    sessions = [replace(ENTRY, starts_at=nine_o_clock(day), ends_at=nine_o_clock(day)) for day in days]
    assert len(days) == 1826
    assert oracles.starts_by_vobject(feed("x", sessions)) == [nine_o_clock(day) for day in days]


def test_ical_js_agrees_with_the_tz_database_every_morning_for_five_years(ical_js: oracles.IcalJs) -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(1826)]
    sessions = [replace(ENTRY, starts_at=nine_o_clock(day), ends_at=nine_o_clock(day)) for day in days]
    read = [event["starts_at"] for event in ical_js.read(feed("x", sessions))]
    assert read == [nine_o_clock(day) for day in days]


def test_both_readers_would_notice_the_zone_that_the_library_makes_up(ical_js: oracles.IcalJs) -> None:
    summer = by_the_library(date(2027, 4, 22))
    an_hour_late = datetime(2027, 4, 22, 8, tzinfo=UTC)
    assert b"RDATE" in summer
    assert ical_js.read(summer)[0]["starts_at"] == an_hour_late
    assert oracles.starts_by_vobject(summer) == [an_hour_late]


def test_a_reader_asked_after_a_bad_zone_reads_a_good_one_again(ical_js: oracles.IcalJs) -> None:
    ical_js.read(by_the_library(date(2027, 4, 22)))
    oracles.starts_by_vobject(by_the_library(date(2027, 4, 22)))
    good = invited_on(date(2027, 4, 22))
    assert (ical_js.read(good)[0]["starts_at"], oracles.starts_by_vobject(good)) == (IN_UTC[1], [IN_UTC[1]])


def test_ical_js_reads_every_text_back_as_it_was_written(ical_js: oracles.IcalJs) -> None:
    assert ical_js.read(request(INVITATION)) == [
        {
            "uid": INVITATION.uid,
            "sequence": 0,
            "summary": INVITATION.summary,
            "location": INVITATION.location,
            "description": INVITATION.description,
            "organizer": "mailto:kurs@example.no",
            "starts_at": INVITATION.starts_at,
            "ends_at": INVITATION.ends_at,
            "attendees": ["mailto:kare@example.no"],
            "properties": oracles.event_properties(request(INVITATION)),
        }
    ]


def test_vobject_reads_every_text_back_as_it_was_written() -> None:
    calendar = oracles.by_vobject(request(INVITATION))
    event = calendar.vevent
    assert (calendar.method.value, event.uid.value, event.sequence.value) == ("REQUEST", INVITATION.uid, "0")
    assert event.summary.value == INVITATION.summary
    assert event.location.value == INVITATION.location
    assert event.description.value == INVITATION.description
    assert (event.organizer.params["CN"], event.attendee.params["CN"]) == (["ALIS, Nord"], ["Ødegård, Kåre"])


def test_two_days_one_moved_both_cancelled_keep_their_history(ical_js: oracles.IcalJs) -> None:
    second = replace(INVITATION, uid="r4-s3@kurs.example.no", starts_at=IN_UTC[0], ends_at=IN_UTC[0])
    later, last = (INVITATION.stamp + timedelta(days=days) for days in (1, 2))
    moved = replace(second, sequence=1, stamp=later, starts_at=IN_UTC[3], ends_at=IN_UTC[3])
    story = [
        request(INVITATION),
        request(second),
        request(moved),
        cancel(replace(INVITATION, sequence=1, stamp=last)),
        cancel(replace(moved, sequence=2, stamp=last)),
    ]
    events = [ical_js.read(ics)[0] for ics in story]
    first, other = INVITATION.uid, second.uid
    assert [(event["uid"], event["sequence"]) for event in events] == [
        (first, 0),
        (other, 0),
        (other, 1),
        (first, 1),
        (other, 2),
    ]
    assert [event["starts_at"] for event in events] == [IN_UTC[1], IN_UTC[0], IN_UTC[3], IN_UTC[1], IN_UTC[3]]
    assert [event["organizer"] for event in events] == ["mailto:kurs@example.no"] * 5
    stamps = [oracles.by_vobject(ics).vevent.dtstamp.value for ics in story]
    assert stamps == [INVITATION.stamp, INVITATION.stamp, later, last, last]


def test_a_reader_refuses_what_is_no_calendar(ical_js: oracles.IcalJs) -> None:
    with pytest.raises(oracles.JsError):
        ical_js.read(b"BEGIN:VCALENDAR\r\nno colon here\r\nEND:VCALENDAR\r\n")


@pytest.mark.parametrize(
    "ics",
    [
        request(INVITATION),
        cancel(replace(INVITATION, sequence=1)),
        download(replace(ENTRY, organizer=INVITATION.organizer)),
        download(replace(ENTRY, organizer=INVITATION.organizer, cancelled=True)),
        feed("Kurs", [ENTRY, replace(ENTRY, uid="s3@example.no", cancelled=True)]),
    ],
    ids=["request", "cancel", "download", "cancelled download", "feed"],
)
def test_libical_finds_nothing_against_the_rules_of_scheduling(ics: bytes) -> None:
    assert oracles.complaints_of_libical(ics) == []


def without(name: bytes, ics: bytes) -> bytes:
    """The file with one property taken out (it must stand on a line of its own)."""
    return b"\r\n".join(line for line in ics.split(b"\r\n") if not line.startswith(name))


@pytest.mark.parametrize(
    ("spoiled", "named"),
    [
        (without(b"ORGANIZER", request(INVITATION)), "ORGANIZER"),
        (without(b"SEQUENCE", cancel(INVITATION)), "SEQUENCE"),
        (request(INVITATION).replace(b"METHOD:REQUEST", b"METHOD:PUBLISH"), "ATTENDEE"),
        (request(INVITATION).replace(b"STATUS:CONFIRMED", b"STATUS:CANCELLED"), "STATUS"),
        (download(ENTRY), "ORGANIZER"),
    ],
    ids=["no organizer", "no sequence", "attendee in publish", "cancelled request", "download without organizer"],
)
def test_libical_would_notice(spoiled: bytes, named: str) -> None:
    complaints = oracles.complaints_of_libical(spoiled)
    assert [complaint for complaint in complaints if named not in complaint] == []
    assert complaints != []
