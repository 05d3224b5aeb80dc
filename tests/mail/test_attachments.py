"""Files on the wire: what Python's own parser reads back, and what a real server receives."""

from __future__ import annotations

import smtplib
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from courseapp.domain.attachments import TYPES, Attachment, clean_name
from courseapp.mail.letter import Letter
from courseapp.mail.mime import BadHeader, wire_bytes
from tests import smtp
from tests.mail.test_mime import CONFIRMATION, INVITED

EVERY_BYTE = bytes(range(256)) * 40
NAMES = [
    "program.pdf",
    "Program på Ås, 22. mars.pdf",
    "å" * 96 + ".pdf",
    "👩‍⚕️" * 30 + ".pdf",
    'a; filename="b.exe".pdf',
    "x" * 100,
    "a b.pdf",
    "=?utf-8?q?x?=.pdf",
    "100 %.pdf",
]


def with_file(name: str, content: bytes = EVERY_BYTE, letter: Letter = CONFIRMATION) -> Letter:
    return replace(letter, attachments=(Attachment(name=name, content_type=TYPES["pdf"], content=content),))


def parsed(wire: bytes) -> EmailMessage:
    return message_from_bytes(wire, policy=policy.default)


def files(wire: bytes) -> list[tuple[Any, ...]]:
    return [
        (one.get_filename(), one.get_content_type(), one.get_content_disposition(), one.get_content())
        for one in parsed(wire).iter_attachments()
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_comes_back_byte_for_byte_under_its_name(name: str) -> None:
    wire = wire_bytes(with_file(name))
    assert files(wire) == [(name, "application/pdf", "attachment", EVERY_BYTE)]
    (part,) = parsed(wire).iter_attachments()
    assert part.get_param("name") == name or part["Content-Type"].params["name"] == name
    assert part["Content-Transfer-Encoding"] == "base64"


@settings(max_examples=80, deadline=None)
@given(name=st.text(max_size=120).map(clean_name), content=st.binary(min_size=1, max_size=300))
@example(name="'\u00a0*=%41;", content=b"\r\n.\r\n")
def test_no_name_breaks_the_letter(name: str, content: bytes) -> None:
    wire = wire_bytes(with_file(name, content))
    assert max(len(one) for one in wire.split(b"\r\n")) <= 998
    whole = parsed(wire)
    assert whole.defects == []
    assert [one.get_content_type() for one in whole.iter_parts()] == ["multipart/alternative", "application/pdf"]
    assert [one[3] for one in files(wire)] == [content]
    assert set(whole.keys()) == {
        "Content-Type",
        "MIME-Version",
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "X-Auto-Response-Suppress",
    }


def test_lines_are_short_and_seven_bits() -> None:
    wire = wire_bytes(with_file("Program på Ås " * 6 + ".pdf"))
    assert max(len(one) for one in wire.split(b"\r\n")) <= 78
    assert wire.isascii()
    assert b"\n" not in wire.replace(b"\r\n", b"")


def test_the_words_are_there_as_before() -> None:
    whole = parsed(wire_bytes(with_file("a.pdf")))
    (words, _file) = whole.iter_parts()
    assert [one.get_content_type() for one in words.iter_parts()] == ["text/plain", "text/html"]
    body = whole.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == CONFIRMATION.text


def test_a_letter_without_files_is_what_it_was() -> None:
    assert parsed(wire_bytes(CONFIRMATION)).get_content_type() == "multipart/alternative"
    assert wire_bytes(replace(CONFIRMATION, attachments=())) == wire_bytes(CONFIRMATION)


def test_files_and_a_calendar_go_together() -> None:
    assert [one[0] for one in files(wire_bytes(with_file("a.pdf", letter=INVITED)))] == ["a.pdf", "invite.ics"]


def test_a_type_that_is_none_never_reaches_a_header() -> None:
    bad = Attachment(name="a.pdf", content_type="application/pdf\r\nBcc: x@y.no", content=b"x")
    with pytest.raises(BadHeader):
        wire_bytes(replace(CONFIRMATION, attachments=(bad,)))


def test_a_server_receives_five_megabytes_and_the_same_at_a_second_try() -> None:
    letter = with_file("Program på Ås.pdf", EVERY_BYTE * 512)
    with smtp.server() as office, smtplib.SMTP("127.0.0.1", office.port, timeout=20) as connection:
        for _try in range(2):
            connection.sendmail(letter.sender.email, [letter.to.email], wire_bytes(letter))
        first, second = office.received
    assert files(first.content) == [("Program på Ås.pdf", "application/pdf", "attachment", EVERY_BYTE * 512)]
    assert first.content == second.content
