"""Delivery against a real SMTP server: in order, once, and never silently not at all."""

import smtplib
import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from flask import Flask

from courseapp.app import create_app
from courseapp.mail import mime, outbox, outbox_rows, postman
from courseapp.models.journal import MailState
from courseapp.services import registrations
from tests import smtp
from tests.conftest import Clock, settings_for
from tests.keys import key_of
from tests.letters import all_letters
from tests.making import COURSE_DAYS, make_event, wish

KARE, BERIT = "kare1@lege.example.org", "kare2@lege.example.org"


@pytest.fixture
def office() -> Iterator[smtp.Office]:
    with smtp.server() as running:
        yield running


@pytest.fixture
def mailing(database_url: str, tmp_path: Path, office: smtp.Office) -> Iterator[Flask]:
    """An application that mails to the test's server."""
    yield from _mailing(database_url, tmp_path, office.port)


def _mailing(database_url: str, tmp_path: Path, port: int) -> Iterator[Flask]:
    made = create_app(
        settings_for(database_url, tmp_path, COURSEAPP_MAIL_SERVER="127.0.0.1", COURSEAPP_MAIL_PORT=str(port))
    )
    with made.app_context():
        yield made


def deliver(time: Clock) -> int:
    """Everything that is due now."""
    taken = 0
    while batch := postman.deliver_due(None, time):
        taken += batch
    return taken


def states() -> list[str]:
    """Of every letter, oldest first."""
    return [str(one.state) for one in all_letters()]


def test_a_two_day_course_is_one_confirmation_and_two_invitations_on_the_wire(
    mailing: Flask, office: smtp.Office, time: Clock
) -> None:
    registrations.sign_up(wish(make_event()))
    deliver(time)
    kinds = [
        sorted(part.get_content_type() for part in message_from_bytes(one.content).walk() if not part.is_multipart())
        for one in office.received
    ]
    assert (
        kinds == [["text/html", "text/plain"]] + [["application/ics", "text/calendar", "text/html", "text/plain"]] * 2
    )
    assert [one.receivers for one in office.received] == [[KARE]] * 3


def test_an_evening_is_one_confirmation_and_one_invitation(mailing: Flask, office: smtp.Office, time: Clock) -> None:
    registrations.sign_up(wish(make_event(starts=COURSE_DAYS[:1])))
    deliver(time)
    assert [b"text/calendar" in one.content for one in office.received] == [False, True]


def test_what_arrives_is_what_was_put(mailing: Flask, office: smtp.Office, time: Clock) -> None:
    registrations.sign_up(wish(make_event()))
    put = [mime.wire_bytes(outbox_rows.as_letter(one)) for one in all_letters()]
    deliver(time)
    assert [one.content for one in office.received] == put
    assert states() == ["sent"] * 3


def test_nothing_is_sent_twice(mailing: Flask, office: smtp.Office, time: Clock) -> None:
    registrations.sign_up(wish(make_event()))
    deliver(time)
    time.pass_by(days=3)
    assert (deliver(time), len(office.received)) == (0, 3)


def test_a_line_that_breaks_after_acceptance_sends_nothing_again(
    database_url: str, tmp_path: Path, time: Clock
) -> None:
    with smtp.server(drops_quit=True) as rude:
        for _app in _mailing(database_url, tmp_path, rude.port):
            registrations.sign_up(wish(make_event()))
            deliver(time)
            time.pass_by(days=1)
            deliver(time)
            assert (states(), len(rude.received)) == (["sent"] * 3, 3)


def test_a_busy_server_gets_the_same_bytes_later(mailing: Flask, office: smtp.Office, time: Clock) -> None:
    registrations.sign_up(wish(make_event()))
    put = [mime.wire_bytes(outbox_rows.as_letter(one)) for one in all_letters()]
    office.on_rcpt[KARE] = "451 4.3.0 try again later"
    deliver(time)
    assert (states(), office.received) == (["queued"] * 3, [])
    office.on_rcpt.clear()
    assert deliver(time) == 0  # not before its time
    time.pass_by(minutes=1)
    deliver(time)
    assert [one.content for one in office.received] == put


def test_a_refused_address_fails_and_says_why(mailing: Flask, office: smtp.Office, time: Clock) -> None:
    event = make_event()
    for number in (1, 2):
        registrations.sign_up(wish(event, number))
    office.on_rcpt[KARE] = "550 5.1.1 no such user here"
    deliver(time)
    time.pass_by(days=3)
    deliver(time)
    assert [(one.to_email, one.state, one.error) for one in all_letters()] == [
        *[(KARE, MailState.FAILED, "550 5.1.1 no such user here")] * 3,
        *[(BERIT, MailState.SENT, "")] * 3,
    ]


def test_a_refused_message_fails_as_well(mailing: Flask, office: smtp.Office, time: Clock) -> None:
    registrations.sign_up(wish(make_event()))
    office.on_data[KARE] = "554 5.6.0 not like this"
    deliver(time)
    time.pass_by(minutes=1)
    deliver(time)
    time.pass_by(minutes=1)
    deliver(time)
    assert states() == ["failed"] * 3


def test_a_server_that_is_down_is_tried_again(mailing: Flask, database_url: str, tmp_path: Path, time: Clock) -> None:
    for _app in _mailing(database_url, tmp_path, smtp.free_port()):
        registrations.sign_up(wish(make_event()))
        deliver(time)
        assert states() == ["queued"] * 3
    with smtp.server() as back:
        for _app in _mailing(database_url, tmp_path, back.port):
            time.pass_by(minutes=1)
            deliver(time)
            assert (states(), len(back.received)) == (["sent"] * 3, 3)


def test_a_silent_server_is_given_up_in_time(database_url: str, tmp_path: Path, time: Clock) -> None:
    with smtp.silent() as port:
        for _app in _mailing(database_url, tmp_path, port):
            registrations.sign_up(wish(make_event()))
            socket.setdefaulttimeout(0.3)
            try:
                deliver(time)
            finally:
                socket.setdefaulttimeout(None)
            assert [(str(one.state), one.attempts) for one in all_letters()] == [("queued", 0)] * 3


def test_the_tries_grow_rarer_and_end(mailing: Flask, office: smtp.Office, time: Clock) -> None:
    registrations.sign_up(wish(make_event()))
    office.on_rcpt[KARE] = "451 4.3.0 try again later"
    tried = 0
    for _ in range(40):
        tried += deliver(time)
        time.pass_by(hours=25)
    assert all_letters()[0].attempts == len(outbox.BACK_OFF) + 1
    assert states() == ["failed"] * 3
    assert tried >= 3 * (len(outbox.BACK_OFF) + 1)


def test_a_later_letter_never_overtakes_an_earlier_one(mailing: Flask, office: smtp.Office, time: Clock) -> None:
    registrations.sign_up(wish(make_event()))
    office.on_rcpt[KARE] = "451 4.3.0 try again later"
    deliver(time)
    office.on_rcpt.clear()
    registrations.cancel(key_of(KARE))
    assert (deliver(time), office.received) == (0, [])
    time.pass_by(minutes=1)
    deliver(time)
    parsed = [message_from_bytes(one.content, policy=policy.default) for one in office.received]
    assert [one["Message-ID"] for one in parsed] == [one.message_id for one in all_letters()]
    assert [one.occasion for one in all_letters()] == ["confirmation", "cancelled"]


def test_an_invitation_is_not_sent_once_its_holder_has_cancelled(
    mailing: Flask, office: smtp.Office, time: Clock
) -> None:
    registrations.sign_up(wish(make_event()))
    registrations.cancel(key_of(KARE))
    deliver(time)
    assert [b"text/calendar" in one.content for one in office.received] == [False, False]


@pytest.mark.parametrize("mood", ["drop", "421 4.3.2 shutting down"])
def test_one_letter_that_breaks_the_line_takes_no_other_with_it(
    mailing: Flask, office: smtp.Office, time: Clock, mood: str
) -> None:
    event = make_event()
    for number in (1, 2, 3):
        registrations.sign_up(wish(event, number))
    office.on_rcpt[KARE] = mood
    for _ in range(3 * len(outbox.BACK_OFF) + 3):
        deliver(time)
        time.pass_by(hours=25)
    assert {(one.to_email, str(one.state)) for one in all_letters()} == {
        (KARE, "failed"),
        (BERIT, "sent"),
        ("kare3@lege.example.org", "sent"),
    }


def test_a_server_that_is_away_for_days_fails_no_letter(database_url: str, tmp_path: Path, time: Clock) -> None:
    for _app in _mailing(database_url, tmp_path, smtp.free_port()):
        registrations.sign_up(wish(make_event()))
        for _ in range(100):
            deliver(time)
            time.pass_by(hours=1)
        assert [(str(one.state), one.attempts) for one in all_letters()] == [("queued", 0)] * 3


def test_one_persons_trouble_holds_up_nobody_else(mailing: Flask, office: smtp.Office, time: Clock) -> None:
    event = make_event()
    for number in (1, 2):
        registrations.sign_up(wish(event, number))
    office.on_rcpt[KARE] = "451 4.3.0 try again later"
    deliver(time)
    assert [one.receivers for one in office.received] == [[BERIT]] * 3


def test_without_a_server_letters_become_files(app: Flask, tmp_path: Path, time: Clock) -> None:
    registrations.sign_up(wish(make_event()))
    while postman.deliver_due(tmp_path / "mail", time):
        pass
    files = sorted((tmp_path / "mail").iterdir())
    written = [file.read_bytes() for file in files]
    assert written == [mime.wire_bytes(outbox_rows.as_letter(one)) for one in all_letters()]
    assert states() == ["sent"] * 3


def test_the_test_server_can_refuse(office: smtp.Office) -> None:
    office.on_rcpt["x@example.org"] = "550 no"
    with smtplib.SMTP("127.0.0.1", office.port) as line, pytest.raises(smtplib.SMTPRecipientsRefused):
        line.sendmail("a@example.org", ["x@example.org"], b"Subject: x\r\n\r\nx")
