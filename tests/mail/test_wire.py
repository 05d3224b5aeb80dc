"""What a real server receives is what we meant to send."""

import smtplib
import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from courseapp.mail.letter import Letter
from courseapp.mail.mime import wire_bytes
from tests.mail.test_mime import CANCELLED, CONFIRMATION, INVITED


class Office:
    """A server that keeps every envelope it is handed."""

    def __init__(self) -> None:
        self.received: list[Envelope] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep it and say so."""
        self.received.append(envelope)
        return "250 OK"


@pytest.fixture
def server() -> Iterator[Controller]:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = asked.getsockname()[1]
    controller = Controller(Office(), hostname="127.0.0.1", port=port, decode_data=False)
    controller.start()
    yield controller
    controller.stop()


def send(server: Controller, letters: list[Letter]) -> list[Envelope]:
    with smtplib.SMTP(server.hostname, server.port, timeout=10) as connection:
        for letter in letters:
            connection.sendmail(letter.sender.email, [letter.to.email], wire_bytes(letter))
    return server.handler.received


@pytest.mark.parametrize("letter", [CONFIRMATION, INVITED, CANCELLED], ids=["confirmation", "request", "cancel"])
def test_the_server_receives_exactly_our_bytes(server: Controller, letter: Letter) -> None:
    (envelope,) = send(server, [letter])
    assert envelope.content == wire_bytes(letter)
    assert (envelope.mail_from, envelope.rcpt_tos) == ("kurs@example.no", ["kare@example.no"])


def test_a_second_try_brings_the_same_bytes(server: Controller) -> None:
    first, second = send(server, [INVITED, replace(INVITED)])
    assert first.content == second.content


@pytest.mark.parametrize("body", ["å" * 5000, "x" * 5000, "." * 5000, ".\r\n.\r\n..", "\n.\n", "From me\nFrom you"])
def test_long_lines_and_lonely_dots_go_through(server: Controller, body: str) -> None:
    letter = replace(INVITED, html=f"<p>{body}</p>", text=body)
    (envelope,) = send(server, [letter])
    assert envelope.content == wire_bytes(letter)


def test_the_server_would_have_refused_a_long_line(server: Controller) -> None:
    with (
        smtplib.SMTP(server.hostname, server.port, timeout=10) as connection,
        pytest.raises(smtplib.SMTPDataError, match="Line too long"),
    ):
        connection.sendmail("a@x.no", ["b@x.no"], b"Subject: x\r\n\r\n" + b"x" * 5000 + b"\r\n")
    assert server.handler.received == []


def test_the_confirmation_and_the_invitations_are_letters_of_their_own(server: Controller) -> None:
    second = replace(INVITED, message_id="<r4-s3-q0-request@kurs.example.no>")
    envelopes = send(server, [CONFIRMATION, INVITED, second])
    assert [b"\r\nContent-Type: text/calendar;" in envelope.content for envelope in envelopes] == [False, True, True]
    assert [envelope.content.count(b"invite.ics") for envelope in envelopes] == [0, 2, 2]
