"""Messages: drafts, who is meant, one letter to each and never two, and the test copy."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db, transaction
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.errors import NotFound
from courseapp.domain.event import EventStatus
from courseapp.domain.messages import Choice, TooLong, UnknownField
from courseapp.mail import mime, outbox, outbox_rows
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry, OutboxEmail
from courseapp.models.message import Message, MessageFile
from courseapp.models.registration import Registration
from courseapp.queries import messages as rows
from courseapp.services import message_files, messages, publishing
from courseapp.services.messages import (
    AlreadySent,
    ChangedMeanwhile,
    ChoiceChanged,
    MessageWish,
    NobodyChosen,
    NotPublished,
)
from tests.conftest import NOW, Clock
from tests.keys import key_of
from tests.leading import organizer
from tests.letters import all_letters
from tests.making import make_event
from tests.people import join, registered, save, share
from tests.together import at_once

BODY = "Hei, {fornavn}.\n\nVi sees {datoer} på {sted}: {lenke}"


def wish(*, subject: str = "Til {navn}", body: str = BODY, **choice: Any) -> MessageWish:
    return MessageWish(subject=subject, body=body, choice=Choice(**choice))


def drafted(event: Event, actor: Actor, **more: Any) -> int:
    return messages.save(event.slug, wish(**more), token=f"token {more}", actor=actor)


def mark(event: Event, message_id: int, actor: Actor) -> str:
    shown = rows.preview(actor, event.slug, message_id, "", NOW)
    assert shown is not None
    return shown.seen


def send(event: Event, actor: Actor, **more: Any) -> int:
    """Write, look, send; returns the message's id."""
    message_id = drafted(event, actor, **more)
    messages.send(event.slug, message_id, seen=mark(event, message_id, actor), actor=actor)
    return message_id


def receivers() -> list[str]:
    return [one.to_email for one in all_letters()]


def kept(message_id: int) -> Message:
    db.session.rollback()
    return db.session.get_one(Message, message_id)


def test_each_one_gets_a_letter_of_her_own_in_the_order_of_names(app: Flask) -> None:
    event, actor = make_event(), organizer()
    join(event, 2)
    message_id = send(event, actor)
    first, second = all_letters()
    assert [(one.to_email, one.subject, one.occasion, one.office_message_id) for one in (first, second)] == [
        ("kare1@lege.example.org", "Til Kåre Ødegård 0001", "message", message_id),
        ("kare2@lege.example.org", "Til Kåre Ødegård 0002", "message", message_id),
    ]
    for one in (first, second):
        mine = f"http://kurs.example.org/min/{key_of(one.to_email)}"
        assert f"Vi sees 22. mars og 22. april 2027 på Møterom Ås: {mine}\n" in one.text
        assert one.html.count(f'href="{mine}"') == 2
        assert (one.reply_email, one.sender_email) == (event.office.email, "kurs@alis.example.org")
    row = kept(message_id)
    assert (row.people, row.leaders, row.sent_at, row.author_id) == (2, 0, NOW, actor.user_id)
    written = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "message_sent")).one()
    assert (written.user_id, written.event_id, written.details) == (
        actor.user_id,
        event.id,
        {"message": message_id, "people": 2, "leaders": 0},
    )


def test_three_hundred_in_one_transaction_and_none_of_them_twice(app: Flask) -> None:
    event, actor = make_event(capacity=None), organizer()
    join(event, 300)
    message_id = drafted(event, actor)
    seen = mark(event, message_id, actor)
    for _press in range(3):
        assert messages.send(event.slug, message_id, seen=seen, actor=actor) == 300
    assert len(receivers()) == len(set(receivers())) == 300
    assert len({one.message_id for one in all_letters()}) == 300


def test_a_double_click_sends_once(app: Flask) -> None:
    event, actor = make_event(), organizer()
    join(event, 5)
    message_id = drafted(event, actor)
    seen = mark(event, message_id, actor)

    def press() -> object:
        return messages.send(event.slug, message_id, seen=seen, actor=actor)

    assert at_once(app, [press] * 6) == [5] * 6
    assert len(receivers()) == 5
    assert len(db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "message_sent")).all()) == 1


def test_one_form_sent_twice_at_once_is_one_draft(app: Flask) -> None:
    event, actor = make_event(), organizer()

    def press() -> object:
        return messages.save(event.slug, wish(), token="the same", actor=actor)

    first, second = at_once(app, [press, press])
    assert first == second
    assert len(db.session.scalars(select(Message)).all()) == 1


def test_of_two_organizers_the_second_is_told(app: Flask) -> None:
    event, kari = make_event(), organizer()
    ola = organizer(role=UserRole.ADMINISTRATOR)
    message_id = drafted(event, kari)
    messages.change(event.slug, message_id, wish(subject="Først"), seen=1, actor=kari)
    with pytest.raises(ChangedMeanwhile):
        messages.change(event.slug, message_id, wish(subject="Sist"), seen=1, actor=ola)
    assert kept(message_id).subject == "Først"
    messages.change(event.slug, message_id, wish(subject="Sist"), seen=2, actor=ola)
    assert kept(message_id).subject == "Sist"


def test_who_came_since_the_preview_is_said_and_nothing_is_sent(app: Flask) -> None:
    event, actor = make_event(), organizer()
    join(event, 1)
    message_id = drafted(event, actor)
    seen = mark(event, message_id, actor)
    join(event, 1, first=2)
    with pytest.raises(ChoiceChanged) as refused:
        messages.send(event.slug, message_id, seen=seen, actor=actor)
    assert str(refused.value) == (
        "Utvalget er endret siden du så på det. Nå er det 2\N{NO-BREAK SPACE}personer. "
        "Ingenting er sendt. Se over, og send på nytt."
    )
    assert receivers() == []
    messages.send(event.slug, message_id, seen=mark(event, message_id, actor), actor=actor)
    assert len(receivers()) == 2


def test_a_text_saved_since_the_preview_is_not_sent_unseen(app: Flask) -> None:
    event, actor = make_event(), organizer()
    join(event, 1)
    message_id = drafted(event, actor)
    seen = mark(event, message_id, actor)
    messages.change(event.slug, message_id, wish(subject="Noe annet"), seen=1, actor=actor)
    with pytest.raises(ChoiceChanged) as refused:
        messages.send(event.slug, message_id, seen=seen, actor=actor)
    assert str(refused.value).startswith("Meldingen er lagret på nytt siden du så på den.")
    assert receivers() == []


def test_nobody_is_told_to_nobody_and_a_draft_event_tells_nobody(app: Flask) -> None:
    event, actor = make_event(), organizer()
    message_id = drafted(event, actor)
    with pytest.raises(NobodyChosen):
        messages.send(event.slug, message_id, seen=mark(event, message_id, actor), actor=actor)
    hidden = make_event(status=EventStatus.DRAFT)
    join(hidden, 1)
    message_id = drafted(hidden, actor, subject="Utkast")
    with pytest.raises(NotPublished):
        messages.send(hidden.slug, message_id, seen=mark(hidden, message_id, actor), actor=actor)
    assert receivers() == []


def test_a_draft_may_be_wrong_but_is_not_sent_so(app: Flask) -> None:
    event, actor = make_event(), organizer()
    join(event, 1)
    message_id = drafted(event, actor, body="Hei {fornvn}")
    with pytest.raises(UnknownField):
        messages.send(event.slug, message_id, seen="1-x", actor=actor)
    with pytest.raises(UnknownField):
        messages.send_test(event.slug, message_id, "", actor=actor)
    assert receivers() == []
    with pytest.raises(TooLong):
        drafted(event, actor, body="x" * 8001)


def test_what_is_sent_is_read_only(app: Flask) -> None:
    event, actor = make_event(), organizer()
    join(event, 1)
    message_id = send(event, actor)
    for act in (
        lambda: messages.change(event.slug, message_id, wish(), seen=1, actor=actor),
        lambda: messages.delete(event.slug, message_id, actor=actor),
        lambda: messages.send_test(event.slug, message_id, "", actor=actor),
        lambda: message_files.add(event.slug, message_id, [("a.pdf", b"%PDF-1")], actor=actor),
    ):
        with pytest.raises(AlreadySent):
            act()
    assert len(receivers()) == 1


def test_a_test_copy_goes_to_the_writer_alone_and_counts_nowhere(app: Flask, time: Clock) -> None:
    event, actor = make_event(), organizer()
    join(event, 2)
    message_id = drafted(event, actor)
    assert messages.send_test(event.slug, message_id, "", actor=actor) == "organizer@nord.example.org"
    (letter,) = all_letters()
    assert (letter.to_email, letter.subject, letter.registration_id) == (
        "organizer@nord.example.org",
        "Prøve: Til Kåre Ødegård 0001",
        None,
    )
    assert f"/min/{key_of('kare1@lege.example.org')}" not in letter.text + letter.html
    assert "/min/eksempel" in letter.text
    messages.send(event.slug, message_id, seen=mark(event, message_id, actor), actor=actor)
    shown = rows.sent(actor, event.slug, message_id, NOW)
    assert shown is not None
    assert (shown.row.total, shown.row.under_way, [one.email for one in shown.copies]) == (
        2,
        2,
        ["kare1@lege.example.org", "kare2@lege.example.org"],
    )


def test_files_are_kept_once_and_go_with_every_letter(app: Flask, time: Clock) -> None:
    event, actor = make_event(), organizer()
    join(event, 3)
    message_id = drafted(event, actor)
    message_files.add(event.slug, message_id, [("Program på Ås.pdf", b"%PDF-1 program")], actor=actor)
    messages.send(event.slug, message_id, seen=mark(event, message_id, actor), actor=actor)
    assert len(db.session.scalars(select(MessageFile)).all()) == 1
    db.session.rollback()
    with transaction() as tx:
        claimed = outbox.claim_due(tx, NOW)
    wires = [mime.wire_bytes(outbox_rows.as_letter(one)) for one in claimed]
    assert [wire.count(b"filename*=utf-8''Program%20p%C3%A5%20%C3%85s.pdf") for wire in wires] == [1, 1, 1]


def test_a_draft_is_deleted_with_its_files_and_a_queued_test_copy_still_leaves(app: Flask) -> None:
    event, actor = make_event(status=EventStatus.DRAFT), organizer()
    message_id = drafted(event, actor)
    message_files.add(event.slug, message_id, [("a.pdf", b"%PDF-1")], actor=actor)
    messages.send_test(event.slug, message_id, "", actor=actor)
    messages.delete(event.slug, message_id, actor=actor)
    again = messages.save(event.slug, wish(), token="next", actor=actor)
    messages.send_test(event.slug, again, "", actor=actor)
    publishing.delete_draft(event.slug, actor=actor)
    assert db.session.scalars(select(Message.id)).all() == db.session.scalars(select(MessageFile.id)).all() == []
    assert [one.office_message_id for one in all_letters()] == [None, None]


@pytest.mark.parametrize("role", [UserRole.READER, UserRole.ORGANIZER])
def test_readers_and_other_offices_do_not_write(app: Flask, role: UserRole) -> None:
    event, own = make_event(), organizer()
    join(event, 1)
    message_id = drafted(event, own)
    other = organizer("nord" if role is UserRole.READER else "oslo", role)
    for act in (
        lambda: drafted(event, other, subject="x"),
        lambda: messages.change(event.slug, message_id, wish(), seen=1, actor=other),
        lambda: messages.send(event.slug, message_id, seen="", actor=other),
        lambda: messages.send_test(event.slug, message_id, "", actor=other),
        lambda: messages.delete(event.slug, message_id, actor=other),
        lambda: rows.options(other, event.slug, NOW),
        lambda: rows.preview(other, event.slug, message_id, "", NOW),
    ):
        with pytest.raises(NotFound):
            act()
    assert receivers() == []


def test_a_partner_writes_and_a_message_of_another_event_is_not_found(app: Flask) -> None:
    event, other = make_event(), make_event(office="oslo")
    share(event, "oslo")
    partner = organizer("oslo")
    join(event, 1)
    message_id = send(event, partner)
    with pytest.raises(NotFound):
        messages.delete(other.slug, message_id, actor=partner)
    with pytest.raises(NotFound):
        messages.save(other.slug, wish(), token=kept(message_id).token, actor=partner)
    assert len(receivers()) == 1


def test_a_hostile_name_changes_nothing_but_the_name(app: Flask) -> None:
    event, actor = make_event(), organizer()
    save(registered(event, 1, first_name="<b>{lenke}</b>", last_name="x\r\nBcc: a@b.no"))
    send(event, actor, body="Hei {fornavn}\n\n<script>alert(1)</script> https://kurs.example.org/a?b=1&c=2")
    (letter,) = all_letters()
    assert "<script>" not in letter.html
    assert "<b>" not in letter.html
    assert "Hei <b>{lenke}</b>" in letter.text
    assert 'href="https://kurs.example.org/a?b=1&amp;c=2"' in letter.html
    assert letter.subject == "Til <b>{lenke}</b> x Bcc: a@b.no"
    wire = mime.wire_bytes(outbox_rows.as_letter(letter))
    assert b"\r\nBcc:" not in wire


def test_a_changed_address_is_used_at_the_moment_of_sending(app: Flask) -> None:
    event, actor = make_event(), organizer()
    (person,) = join(event, 1)
    message_id = drafted(event, actor)
    seen = mark(event, message_id, actor)
    with transaction() as tx:
        row = tx.get_one(Registration, person)
        row.email = row.email_key = "ny@lege.example.org"
    messages.send(event.slug, message_id, seen=seen, actor=actor)
    assert receivers() == ["ny@lege.example.org"]
    assert db.session.scalars(select(OutboxEmail.office_message_id)).all() == [message_id]
