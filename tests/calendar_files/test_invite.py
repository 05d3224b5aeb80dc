"""The bytes of an invitation and of its cancellation."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from courseapp.calendar.invite import cancel, request, uid_for
from courseapp.calendar.text import clean_text
from courseapp.domain.mailbox import Mailbox
from tests.calendar_files import oracles
from tests.calendar_files.examples import INVITATION

HEAD = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//courseapp//Kurs og arrangementer//NO",
    "CALSCALE:GREGORIAN",
    "METHOD:REQUEST",
    "BEGIN:VTIMEZONE",
    "TZID:Europe/Oslo",
    "X-LIC-LOCATION:Europe/Oslo",
    "BEGIN:DAYLIGHT",
    "TZNAME:CEST",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "DTSTART:19700329T020000",
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "TZNAME:CET",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "DTSTART:19701025T030000",
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
    "END:STANDARD",
    "END:VTIMEZONE",
    "BEGIN:VEVENT",
    "UID:r4-s2@kurs.example.no",
    "SEQUENCE:0",
    "DTSTAMP:20270105T080000Z",
    "LAST-MODIFIED:20270104T120000Z",
    "DTSTART;TZID=Europe/Oslo:20270422T090000",
    "DTEND;TZID=Europe/Oslo:20270422T160000",
    "SUMMARY:Førstehjelp: hjerte\\, lunge\\; øvelser (dag 2 av 2)",
    "LOCATION:Møterom Ås\\, Sjøgata 1\\; 8006 Bodø",
]
PEOPLE = [
    'ORGANIZER;CN="ALIS, Nord":mailto:kurs@example.no',
    'ATTENDEE;CN="Ødegård, Kåre";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:kare@example.no',  # noqa: E501 - one line of the file
]
ALL_PROPERTIES = oracles.event_properties(request(INVITATION))

BYTE_ORDER = "\ufeff"  # what spreadsheets leave at the beginning of a text
CONTROLS = "".join(map(chr, [*range(32), 0x7F, 0x85, 0x2028, 0xD800]))
HOSTILE = [
    "\r\nATTENDEE:mailto:x@y.no",
    "\r\n ATTENDEE:mailto:x@y.no",
    '";X=1:y\nEND:VEVENT\nBEGIN:VEVENT',
    "\x00\x07\x1b",
    CONTROLS,
    "å" * 5000,
    "\\" * 201,
    "\\N\\n;,:\\",
    "👩‍⚕️" * 60,
    "</p><script>",
    "a\x85ATTENDEE:b\u2028ATTENDEE:c\x0bATTENDEE:d",
    "\ud800",
    "^n^'^^",
]
any_text = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=200),
    st.text(alphabet='\r\n\t\\;:,"^=åé👍 \x00\x0b\x85ab', max_size=300),
)


def test_an_invitation_says_everything_in_this_order() -> None:
    assert oracles.lines(request(INVITATION)) == [
        *HEAD,
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
        *PEOPLE,
        "DESCRIPTION:Velkommen!\\nTa med: penn\\, papir\\; og godt humør.\\nFilene ligger i C:\\\\Nytt\\\\Notater.",
        "URL:https://kurs.example.no/kurs/forstehjelp",
        "GEO:67.2804;14.4049",
        "CONFERENCE;VALUE=URI;FEATURE=VIDEO;LABEL=Videomøte:https://video.example.no/rom/7?pwd=a,b",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_a_cancellation_names_the_same_people_and_frees_the_time() -> None:
    head = [line.replace("METHOD:REQUEST", "METHOD:CANCEL").replace("SEQUENCE:0", "SEQUENCE:1") for line in HEAD]
    assert oracles.lines(cancel(replace(INVITATION, sequence=1))) == [
        *head,
        "STATUS:CANCELLED",
        "TRANSP:OPAQUE",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
        *PEOPLE,
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_the_same_invitation_gives_the_same_bytes() -> None:
    assert request(INVITATION) == request(replace(INVITATION))


def test_what_is_not_known_is_left_out() -> None:
    bare = replace(INVITATION, location="", description="", url=None, video_url=None, geo=None)
    left_out = {"LOCATION", "DESCRIPTION", "URL", "GEO", "CONFERENCE"}
    assert set(ALL_PROPERTIES) - set(oracles.event_properties(request(bare))) == left_out


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "ftp://x.no/",
        "\r\nATTENDEE:mailto:x@y.no",
        "https://",
        "https://\r\nx",
        "https://bodø.no/",
    ],
)
def test_an_address_no_calendar_may_hold_is_left_out(url: str) -> None:
    spoiled = request(replace(INVITATION, url=url, video_url=url))
    assert set(ALL_PROPERTIES) - set(oracles.event_properties(spoiled)) == {"URL", "CONFERENCE"}


def test_letters_outside_ascii_and_line_breaks_in_a_web_address_are_percent_encoded() -> None:
    odd = request(replace(INVITATION, url="https://x.no/på%20kurs?a=b c\r\nX:1&\ud800"))
    assert "URL:https://x.no/p%C3%A5%20kurs?a=b%20c%0D%0AX:1&?" in oracles.lines(odd)


def test_a_name_without_letters_gives_no_name() -> None:
    unnamed = request(replace(INVITATION, organizer=Mailbox(name=" \n ", email="kurs@example.no")))
    assert "ORGANIZER:mailto:kurs@example.no" in oracles.lines(unnamed)


def test_a_name_holds_no_double_quote() -> None:
    quoted = request(replace(INVITATION, organizer=Mailbox(name='Kari "K" Nordmann', email="kurs@example.no")))
    assert "ORGANIZER;CN=\"Kari 'K' Nordmann\":mailto:kurs@example.no" in oracles.lines(quoted)


@pytest.mark.parametrize(
    "email", ["", "x", "a b@x.no", "a@x.no\r\nX:1", "a@x.no,b@x.no", "å@x.no", "a\x00@x.no", "a@b@x.no"]
)
def test_an_address_that_is_none_is_refused(email: str) -> None:
    with pytest.raises(ValueError, match="not a mail address"):
        request(replace(INVITATION, attendee=Mailbox(name="x", email=email)))


@pytest.mark.parametrize("field", ["stamp", "modified", "starts_at", "ends_at"])
def test_a_time_without_a_zone_is_refused(field: str) -> None:
    with pytest.raises(ValueError, match="aware"):
        request(replace(INVITATION, **{field: datetime(2027, 1, 1)}))  # noqa: DTZ001 - that is the point


def test_a_registrants_entry_is_named_after_registration_and_session() -> None:
    assert uid_for(registration_id=4, session_id=2, domain="kurs.example.no") == "r4-s2@kurs.example.no"


def test_cleaning_keeps_tabs_and_makes_every_line_break_a_newline() -> None:
    assert clean_text("a\tb\r\nc\rd\ne\x85f\u2028g\x00\x0b\x7f\x9f\ud800h") == "a\tb\nc\nd\ne\nf\ngh"


def assert_well_formed(ics: bytes) -> None:
    """Every physical line ends in CRLF, has at most 75 octets and is whole UTF-8; nothing is in it twice."""
    physical = ics.split(b"\r\n")
    assert physical[-1] == b""
    assert [line for line in physical if b"\r" in line or b"\n" in line] == []
    assert [line for line in physical if len(line) > 75] == []
    assert [line.decode() for line in physical[:-1] if not line.strip()] == []
    assert [
        character for line in physical for character in line.decode() if character < " " and character != "\t"
    ] == []


@settings(max_examples=200, deadline=None, derandomize=True)
@given(summary=any_text, location=any_text, description=any_text, name=any_text, office=any_text, link=any_text)
@example(summary=BYTE_ORDER, location=BYTE_ORDER, description=BYTE_ORDER, name="", office="", link="")
@example(summary=CONTROLS, location=CONTROLS, description=CONTROLS, name=CONTROLS, office=CONTROLS, link=CONTROLS)
def test_no_text_can_add_a_property_or_break_a_line(
    summary: str, location: str, description: str, name: str, office: str, link: str
) -> None:
    invitation = replace(
        INVITATION,
        summary=summary,
        location=location or "x",
        description=description or "x",
        attendee=Mailbox(name=name, email="kare@example.no"),
        organizer=Mailbox(name=office, email="kurs@example.no"),
        url="https://x.no/" + link,
        video_url="https://x.no/?" + link,
    )
    for ics, properties in ((request(invitation), ALL_PROPERTIES), (cancel(invitation), ALL_PROPERTIES[:13])):
        assert_well_formed(ics)
        assert oracles.event_properties(ics) == properties
        event = oracles.by_vobject(ics).vevent
        assert event.summary.value == clean_text(summary)
        assert event.location.value == clean_text(location or "x")
        assert [line.value for line in event.contents["attendee"]] == ["mailto:kare@example.no"]
        assert event.organizer.value == "mailto:kurs@example.no"
    assert oracles.by_vobject(request(invitation)).vevent.description.value == clean_text(description or "x")


@pytest.mark.parametrize("padding", range(70, 80))
@pytest.mark.parametrize("character", ["å", "€", "👍", "\\", "\n", ";"])
def test_no_fold_breaks_a_character_or_an_escape(padding: int, character: str) -> None:
    text = "x" * padding + character * 100
    ics = request(replace(INVITATION, summary=text))
    assert_well_formed(ics)
    assert oracles.by_vobject(ics).vevent.summary.value == text
    broken = [line for line in ics.split(b"\r\n") if (len(line) - len(line.rstrip(b"\\"))) % 2]
    assert broken == []


def test_the_moment_is_written_in_norwegian_time_whatever_its_zone() -> None:
    winter = replace(INVITATION, starts_at=datetime(2027, 12, 31, 23, 30, tzinfo=UTC))
    assert "DTSTART;TZID=Europe/Oslo:20280101T003000" in oracles.lines(request(winter))
