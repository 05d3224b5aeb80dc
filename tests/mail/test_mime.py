"""A Letter as a message: its tree, its headers, and what hostile words cannot do to it."""

import random
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from courseapp.calendar.invite import cancel, request
from courseapp.domain.mailbox import Mailbox
from courseapp.mail.letter import CalendarPart, Letter
from courseapp.mail.mime import BadHeader, message, wire_bytes
from tests.calendar_files.examples import INVITATION

CONFIRMATION = Letter(
    occasion="registered",
    sender=Mailbox(name="ALIS, Nord", email="kurs@example.no"),
    to=Mailbox(name="Ødegård, Kåre", email="kare@example.no"),
    subject="Du er påmeldt: Førstehjelp",
    text="Hei Kåre!\n\nDu er påmeldt.\n.\nFrom oss alle\n",
    html="<p>Hei Kåre!</p>\n<p>Du er påmeldt.</p>\n",
    message_id="<r4@kurs.example.no>",
    date=datetime(2027, 1, 5, 8, tzinfo=UTC),
)
INVITED = replace(
    CONFIRMATION,
    occasion="invited",
    subject="Kalender: Førstehjelp – dag 2 av 2",
    message_id="<r4-s2-q0-request@kurs.example.no>",
    references="<r4@kurs.example.no>",
    reply_to=Mailbox(name="Kursansvarlig", email="ansvarlig@example.no"),
    calendar=CalendarPart(method="REQUEST", ics=request(INVITATION)),
)
CANCELLED = replace(INVITED, calendar=CalendarPart(method="CANCEL", ics=cancel(replace(INVITATION, sequence=1))))
HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress"]
ENCODED_WORD = re.compile(r"=\?[^?]+\?[bqBQ]\?[^?]*\?=")

CONTROLS = "".join(map(chr, [*range(32), 0x7F, 0x85, 0x2028, 0xD800]))
HOSTILE = [
    "x\r\nBcc: a@b.no",
    "x\nBcc: a@b.no\n\nbody",
    CONTROLS,
    '", <x@y.no>',
    "=?utf-8?q?x?=",
    "å" * 5000,
    "👩‍⚕️" * 80,
    "x" * 2000,
    '"a, b" ' * 40,
    "",
]
any_text = (
    st.sampled_from(HOSTILE) | st.text(max_size=200) | st.text(alphabet='\r\n\x00\x85,;:<>@"\\=?_ éå👍a', max_size=200)
)


def read(letter: Letter) -> Message:
    """The letter as its receiver's program reads it off the wire."""
    return message_from_bytes(wire_bytes(letter))


def said(message: Message, header: str) -> str:
    return str(make_header(decode_header(re.sub(r"\r?\n", "", message[header]))))


def who(message: Message, header: str) -> tuple[str, str]:
    """The decoded name and the address; parsed before decoding, as RFC 2047 demands."""
    name, email = parseaddr(re.sub(r"\r?\n", "", message[header]))
    return str(make_header(decode_header(name))), email


def tree(message: Message) -> object:
    if message.is_multipart():
        return [message.get_content_type(), *map(tree, message.get_payload())]
    return message.get_content_type()


def one_line(text: str) -> str:
    return re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+", " ", text).strip()


def test_an_ordinary_letter_has_words_and_nothing_for_the_calendar() -> None:
    assert tree(read(CONFIRMATION)) == ["multipart/alternative", "text/plain", "text/html"]
    assert b"calendar" not in wire_bytes(CONFIRMATION).lower()
    assert b".ics" not in wire_bytes(CONFIRMATION)


@pytest.mark.parametrize("letter", [INVITED, CANCELLED], ids=["request", "cancel"])
def test_an_invitation_has_the_calendar_last_among_the_words_and_again_as_a_file(letter: Letter) -> None:
    assert tree(read(letter)) == [
        "multipart/mixed",
        ["multipart/alternative", "text/plain", "text/html", "text/calendar"],
        "application/ics",
    ]


@pytest.mark.parametrize(
    ("letter", "method", "filename"), [(INVITED, "REQUEST", "invite.ics"), (CANCELLED, "CANCEL", "cancel.ics")]
)
def test_both_calendar_parts_hold_the_same_bytes_and_the_same_method(
    letter: Letter, method: str, filename: str
) -> None:
    alternative, attachment = read(letter).get_payload()
    calendar = alternative.get_payload()[2]
    assert [part.get_payload(decode=True) for part in (calendar, attachment)] == [letter.calendar.ics] * 2
    assert calendar.get_params() == [
        ("text/calendar", ""),
        ("charset", "utf-8"),
        ("method", method),
        ("component", "VEVENT"),
    ]
    assert (calendar["Content-Disposition"], calendar["Content-Transfer-Encoding"]) == (None, "quoted-printable")
    assert attachment["Content-Type"] == f'application/ics; name="{filename}"'
    assert attachment["Content-Disposition"] == f'attachment; filename="{filename}"'
    assert attachment["Content-Transfer-Encoding"] == "base64"
    assert f"METHOD:{method}\r\n".encode() in letter.calendar.ics


def test_the_words_come_out_as_they_were_written() -> None:
    plain, html = read(CONFIRMATION).get_payload()
    decoded = [part.get_payload(decode=True).decode().replace("\r\n", "\n") for part in (plain, html)]
    assert decoded == [CONFIRMATION.text, CONFIRMATION.html]
    assert [part["Content-Type"] for part in (plain, html)] == [
        'text/plain; charset="utf-8"',
        'text/html; charset="utf-8"',
    ]


def test_the_headers_of_a_letter() -> None:
    letter = read(INVITED)
    told = {name: letter[name] for name in ("Date", "Message-ID", "References", "Reply-To")}
    assert told == {
        "Date": "Tue, 05 Jan 2027 08:00:00 +0000",
        "Message-ID": "<r4-s2-q0-request@kurs.example.no>",
        "References": "<r4@kurs.example.no>",
        "Reply-To": "Kursansvarlig <ansvarlig@example.no>",
    }
    assert (letter["Auto-Submitted"], letter["X-Auto-Response-Suppress"]) == ("auto-generated", "OOF, AutoReply")
    absent = {"Cc", "Bcc", "List-Unsubscribe", "Precedence"}
    assert absent & set(letter.keys()) == set()
    assert read(CONFIRMATION).keys() == ["Content-Type", "MIME-Version", *HEADERS]


def test_names_with_a_comma_and_norwegian_letters_parse_back() -> None:
    letter = read(CONFIRMATION)
    assert [who(letter, "From"), who(letter, "To")] == [
        ("ALIS, Nord", "kurs@example.no"),
        ("Ødegård, Kåre", "kare@example.no"),
    ]


def test_the_sender_is_the_organizer_and_the_receiver_the_attendee() -> None:
    letter = read(INVITED)
    ics = INVITED.calendar.ics.decode().replace("\r\n ", "")
    assert re.findall("^(?:ORGANIZER|ATTENDEE).*mailto:(.*)\r$", ics, re.MULTILINE) == [
        who(letter, "From")[1],
        who(letter, "To")[1],
    ]


def test_norwegian_subjects_of_every_length_come_out_whole() -> None:
    chance = random.Random(2027)
    sentence = "Tromsø sjøen påmelding – Ålesund kurs for leger i spesialisering: æ ø å år, «møte» (dag 1 av 2)"
    words = sentence.split()
    subjects = []
    for length in [10 + n % 141 for n in range(600)]:
        text = "Kalender:"
        while len(text) < length:
            text += " " + chance.choice(words)
        subjects.append(text[:length].strip())
    letters = [read(replace(CONFIRMATION, subject=subject)) for subject in subjects]
    assert [said(letter, "Subject") for letter in letters] == subjects
    assert [word for letter in letters for word in ENCODED_WORD.findall(letter["Subject"]) if len(word) > 75] == []
    left = {ENCODED_WORD.sub("", letter["Subject"]).strip() for letter in letters}
    assert left == {""}


def test_the_same_letter_gives_the_same_bytes_and_another_id_other_boundaries() -> None:
    assert wire_bytes(INVITED) == wire_bytes(replace(INVITED))
    other = read(replace(INVITED, message_id="<x@y.no>"))
    assert other.get_boundary() != read(INVITED).get_boundary()
    inner, outer = read(INVITED).get_payload()[0].get_boundary(), read(INVITED).get_boundary()
    assert inner != outer


def test_the_date_is_told_in_utc_whatever_its_zone() -> None:
    there = replace(CONFIRMATION, date=datetime(2027, 1, 5, 9, tzinfo=timezone(timedelta(hours=1))))
    assert parsedate_to_datetime(read(there)["Date"]) == CONFIRMATION.date
    assert wire_bytes(there) == wire_bytes(CONFIRMATION)


def assert_fit_for_the_wire(raw: bytes) -> None:
    """Seven bits, CRLF and nothing else, no line over 76, no control character."""
    lines = raw.split(b"\r\n")
    assert [line for line in lines if b"\r" in line or b"\n" in line] == []
    assert [line for line in lines if len(line) > 76] == []
    assert [octet for octet in raw if octet > 126 or (octet < 32 and octet not in b"\r\n\t")] == []


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_every_hostile_name_stays_a_name(name: str) -> None:
    letter = replace(INVITED, to=Mailbox(name=name, email="kare@example.no"), subject=name)
    assert_fit_for_the_wire(wire_bytes(letter))
    assert who(read(letter), "To") == (one_line(name), "kare@example.no")
    assert said(read(letter), "Subject") == one_line(name)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(subject=any_text, name=any_text, office=any_text, text=any_text, html=any_text)
@example(subject=CONTROLS, name=CONTROLS, office=CONTROLS, text=CONTROLS, html=CONTROLS)
def test_no_words_can_add_a_header_or_a_part(subject: str, name: str, office: str, text: str, html: str) -> None:
    letter = replace(
        INVITED,
        subject=subject,
        to=Mailbox(name=name, email="kare@example.no"),
        sender=Mailbox(name=office, email="kurs@example.no"),
        text=text,
        html=html,
    )
    assert_fit_for_the_wire(wire_bytes(letter))
    received = read(letter)
    assert received.keys() == read(INVITED).keys()
    assert tree(received) == tree(read(INVITED))
    assert [part.defects for part in received.walk() if part.defects] == []
    assert said(received, "Subject") == one_line(subject)
    assert who(received, "To") == (one_line(name), "kare@example.no")
    assert who(received, "From") == (one_line(office), "kurs@example.no")


ODD_ADDRESSES = [
    "",
    "kare",
    "a@x.no\r\nBcc: b@x.no",
    "a@x.no\n",
    "a\x00@x.no",
    "a@x.no,b@x.no",
    "<a@x.no>",
    "a b@x.no",
    "å@x.no",
    "a@bodø.no",
    'a"b@x.no',
]


@pytest.mark.parametrize("field", ["sender", "to", "reply_to"])
@pytest.mark.parametrize("email", ODD_ADDRESSES)
def test_an_address_that_cannot_stand_in_a_header_is_refused(field: str, email: str) -> None:
    with pytest.raises(BadHeader, match="not a mail address"):
        message(replace(INVITED, **{field: Mailbox(name="x", email=email)}))


@pytest.mark.parametrize("field", ["message_id", "references"])
@pytest.mark.parametrize(
    "value", ["", "x@y.no", "<x>", "<x@y>\r\nBcc: a@b.no", "<x@y>\n", "<x\x00@y>", "<å@y>", "<x @y>"]
)
def test_an_id_that_is_none_is_refused(field: str, value: str) -> None:
    with pytest.raises(BadHeader, match="not a message id"):
        message(replace(INVITED, **{field: value}))


def test_a_date_without_a_zone_is_refused() -> None:
    with pytest.raises(BadHeader, match="aware"):
        message(replace(CONFIRMATION, date=datetime(2027, 1, 5, 8)))  # noqa: DTZ001 - that is the point
