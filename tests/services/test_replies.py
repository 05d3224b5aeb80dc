"""Answers from calendars: kept once, from the right address only, and never more than kept."""

from __future__ import annotations

import mailbox
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.calendar import reply
from courseapp.db import db
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.errors import NotFound
from courseapp.models.registration import CalendarEntry, CalendarReply
from courseapp.queries import accounts
from courseapp.queries import replies as rows
from courseapp.services import moves, registrations, replies
from courseapp.services.replies import Read
from tests.conftest import NOW, Clock
from tests.keys import key_of
from tests.letters import all_letters, history
from tests.letters import registrations as all_registrations
from tests.making import make_event, person, wish
from tests.people import share, user

MINE = "kare1@lege.example.org"


@pytest.fixture
def uids(app: Flask) -> list[str]:
    """Somebody is at a course of two days; the names of her entries."""
    registrations.sign_up(wish(make_event()))
    return list(db.session.scalars(select(CalendarEntry.uid).order_by(CalendarEntry.id)))


def calendar(uid: str, *, attendee: str = f"mailto:{MINE}", partstat: str = "DECLINED", **more: str) -> str:
    """What Outlook mails; more properties by name."""
    told = {"METHOD": "REPLY", "DTSTAMP": "20270111T080000Z", **more}
    return "\r\n".join(
        [
            *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Microsoft//Outlook//NO", f"METHOD:{told['METHOD']}"),
            *("BEGIN:VEVENT", f"UID:{uid}", f"DTSTAMP:{told['DTSTAMP']}", "DTSTART:20270322T080000Z", "SEQUENCE:0"),
            *("ORGANIZER:mailto:kurs@alis.example.org", f"ATTENDEE;PARTSTAT={partstat}:{attendee}"),
            *("SUMMARY:Avslått: Kurs", "END:VEVENT", "END:VCALENDAR", ""),
        ]
    )


def mail(ics: str, message_id: str | None = "<1@outlook.example.com>") -> bytes:
    """The answer as it arrives."""
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Avslått: Kurs", MINE, "kurs@alis.example.org"
    if message_id is not None:
        message["Message-ID"] = message_id
    message.set_content("Jeg kan ikke.")
    message.add_alternative(ics.encode(), maintype="text", subtype="calendar", params={"method": "REPLY"})
    return message.as_bytes()


def kept() -> list[tuple[str, datetime]]:
    db.session.rollback()
    found = db.session.scalars(select(CalendarReply).order_by(CalendarReply.id))
    return [(one.partstat, one.replied_at) for one in found]


def organizer(office: str = "nord", role: UserRole = UserRole.ORGANIZER) -> Actor:
    found = accounts.actor(user(f"{role}@{office}.example.org", office=office, role=role))
    assert found is not None
    return found


def test_a_no_is_kept_and_changes_nothing_else(app: Flask, uids: list[str]) -> None:
    before = [(one.status, one.updated_at, history(one.id)) for one in all_registrations()], len(all_letters())
    assert replies.take_in([mail(calendar(uids[1]))]) == Read(kept=1, known=0, left=0)
    assert kept() == [("DECLINED", NOW - timedelta(hours=1))]
    after = [(one.status, one.updated_at, history(one.id)) for one in all_registrations()], len(all_letters())
    assert after == before


def test_the_same_mail_twice_is_one_answer(app: Flask, uids: list[str]) -> None:
    for message_id in ("<1@outlook.example.com>", None, "x" * 3000):
        mails = [mail(calendar(uids[0]), message_id)] * 2
        assert replies.take_in(mails) == Read(kept=1, known=1, left=0)
        assert replies.take_in(mails) == Read(kept=0, known=2, left=0)
    assert len(kept()) == 3


def test_only_the_one_who_was_invited_answers(app: Flask, uids: list[str]) -> None:
    strangers = ["mailto:other@lege.example.org", MINE, "http://x", "mailto:", f"mailto:{MINE}\x00"]
    mails = [mail(calendar(uids[0], attendee=one), f"<{at}@x.no>") for at, one in enumerate(strangers)]
    assert (replies.take_in(mails).kept, kept()) == (0, [])
    assert replies.take_in([mail(calendar(uids[0], attendee=f"MAILTO:{MINE.upper()}"))]).kept == 1


def test_after_a_new_address_the_old_one_does_not_answer(app: Flask, uids: list[str]) -> None:
    moves.change_address(key_of(MINE), person(1, email="ny@lege.example.org"))
    assert replies.take_in([mail(calendar(uids[0]))]) == Read(kept=0, known=0, left=1)


HOSTILE = [
    b"",
    b"\x00" * 50,
    b"Subject: Hei\r\n\r\nIkke noe svar",
    b"Content-Type: text/calendar\r\n\r\n",
    b"Content-Type: text/calendar; charset=x\r\n\r\nBEGIN:VCALENDAR\r\nBEGIN:VEVENT",
    b"Content-Type: text/calendar\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
    b"Content-Type: multipart/mixed\r\n\r\n--x",
    b"Content-Type: text/calendar\r\n\r\n" + b"BEGIN:VCALENDAR\r\n" * 3000,
    b"X" * (reply.MOST_BYTES + 1),
]


@pytest.mark.parametrize("raw", HOSTILE, ids=range(len(HOSTILE)))
def test_what_cannot_be_read_is_left(app: Flask, uids: list[str], raw: bytes) -> None:
    assert replies.take_in([raw, mail(calendar(uids[0]))]) == Read(kept=1, known=0, left=1)


def test_what_is_no_answer_to_us_is_left(app: Flask, uids: list[str]) -> None:
    two = calendar(uids[0]).replace("END:VCALENDAR", calendar(uids[1]).partition("REPLY\r\n")[2].rstrip())
    also = calendar(uids[0]).replace("SUMMARY", "ATTENDEE;PARTSTAT=DECLINED:mailto:b@x.no\r\nSUMMARY")
    others = [
        *(calendar("ukjent@x.no"), calendar("u\x00"), calendar("a" * 5000), calendar("")),
        *(calendar(uids[0], METHOD="REQUEST"), calendar(uids[0], METHOD="COUNTER")),
        *(calendar(uids[0], partstat="NEEDS-ACTION"), calendar(uids[0], partstat="X" * 500), two, also),
    ]
    mails = [mail(one, f"<{at}@x.no>") for at, one in enumerate(others)]
    assert replies.take_in(mails) == Read(kept=0, known=0, left=len(others))


@pytest.mark.parametrize("stamp", ["20990101T000000Z", "tull", "20270101"])
def test_an_answer_is_never_from_the_future(app: Flask, uids: list[str], stamp: str) -> None:
    replies.take_in([mail(calendar(uids[0], DTSTAMP=stamp))])
    assert [moment for _, moment in kept()] in ([NOW], [])


def test_the_organizer_can_ask_those_whose_last_word_was_no(app: Flask, uids: list[str], time: Clock) -> None:
    event = all_registrations()[0].event
    share(event, "vest")
    who, partner = organizer(), organizer("vest", UserRole.READER)
    for uid, partstat, stamp in (
        (uids[0], "DECLINED", "20270111T070000Z"),
        (uids[1], "ACCEPTED", "20270111T080000Z"),
        (uids[1], "DECLINED", "20270111T060000Z"),
    ):
        replies.take_in([mail(calendar(uid, partstat=partstat, DTSTAMP=stamp), f"<{stamp}@x.no>")])
    found = rows.declined(who, event.id)
    session = event.sessions[0].id
    assert [(one.registration_id, one.session_id, one.replied_at) for one in found] == [
        (1, session, datetime(2027, 1, 11, 7, tzinfo=UTC))
    ]
    assert rows.declined(partner, event.id) == found
    registrations.cancel(key_of(MINE))
    assert rows.declined(who, event.id) == ()


def test_other_offices_and_national_readers_see_nobody(app: Flask, uids: list[str]) -> None:
    event = all_registrations()[0].event
    national = accounts.actor(user("alle@example.org", office=None, role=UserRole.READER))
    assert national is not None
    for who, wanted in ((organizer("vest"), event.id), (national, event.id), (organizer(), 999)):
        with pytest.raises(NotFound):
            rows.declined(who, wanted)


def test_the_command_reads_a_maildir_and_leaves_it_as_it_was(app: Flask, uids: list[str], tmp_path: Path) -> None:
    box = mailbox.Maildir(tmp_path / "post", create=True)
    box.add(mail(calendar(uids[0])))
    box.add(b"Subject: Hei\r\n\r\nHei")
    before = sorted(str(file) for file in (tmp_path / "post").rglob("*"))
    run = app.test_cli_runner().invoke
    said = [run(args=["read-replies", str(tmp_path / "post")]).output for _ in range(2)]
    assert said == [
        "1 svar lagret, 0 kjent fra før, 1 andre e-poster latt ligge\n",
        "0 svar lagret, 1 kjent fra før, 1 andre e-poster latt ligge\n",
    ]
    assert sorted(str(file) for file in (tmp_path / "post").rglob("*")) == before
    wrong = run(args=["read-replies", str(tmp_path)])
    assert (wrong.exit_code, "ingen maildir" in wrong.output) == (1, True)
