"""A letter that failed goes once more, as it was, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from courseapp.db import db, transaction
from courseapp.domain.access import UserRole
from courseapp.domain.errors import NotFound
from courseapp.mail import mime, outbox_rows
from courseapp.models.journal import AuditEntry, MailState, OutboxEmail
from courseapp.models.registration import Registration
from courseapp.queries import messages as rows
from courseapp.services import registrations, resending
from courseapp.services.resending import AddressGone, NotFailed, NothingFailed, Overtaken
from tests.conftest import NOW, Clock
from tests.leading import organizer
from tests.letters import all_letters, deliver
from tests.making import make_event, wish
from tests.people import join, letter_to
from tests.services.test_messages import send


def fail(*ids: int) -> None:
    """As if the server had refused them after several tries."""
    with transaction() as tx:
        for one in ids:
            row = tx.get_one(OutboxEmail, one)
            row.state, row.error, row.attempts, row.lease = MailState.FAILED, "550 no such user", 9, "gone"


def the_letter(letter_id: int) -> OutboxEmail:
    db.session.rollback()
    return db.session.get_one(OutboxEmail, letter_id)


def test_a_failed_letter_goes_again_byte_for_byte(app: Flask, time: Clock, tmp_path: Path) -> None:
    event, actor = make_event(), organizer()
    registrations.sign_up(wish(event))
    confirmation = all_letters()[0]
    before = mime.wire_bytes(outbox_rows.as_letter(confirmation))
    deliver(tmp_path, time)
    fail(confirmation.id)
    time.pass_by(days=2)
    done = resending.resend(event.slug, confirmation.id, actor=actor)
    row = the_letter(confirmation.id)
    assert (done.registration_id, done.message_id) == (confirmation.registration_id, None)
    assert (row.state, row.attempts, row.error, row.not_before) == (MailState.QUEUED, 0, "", time())
    deliver(tmp_path, time)
    assert the_letter(confirmation.id).state is MailState.SENT
    assert (tmp_path / "mail" / f"{confirmation.id:06d}-confirmation.eml").read_bytes() == before
    written = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "letter_resent")).one()
    assert (written.user_id, written.registration_id, written.details) == (
        actor.user_id,
        confirmation.registration_id,
        {"letter": confirmation.id},
    )


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        (MailState.QUEUED, NotFailed),
        (MailState.SENDING, NotFailed),
        (MailState.SENT, NotFailed),
        (MailState.SUPERSEDED, Overtaken),
    ],
)
def test_only_what_failed_goes_again(app: Flask, state: MailState, refusal: type[Exception]) -> None:
    event, actor = make_event(), organizer()
    letter_id = letter_to(join(event, 1)[0], state)
    with pytest.raises(refusal):
        resending.resend(event.slug, letter_id, actor=actor)
    assert the_letter(letter_id).state is state


def test_an_invitation_that_a_newer_one_overtook_does_not_go_again(app: Flask, time: Clock, tmp_path: Path) -> None:
    event, actor = make_event(), organizer()
    registrations.sign_up(wish(event))
    invitation = next(one for one in all_letters() if one.uid is not None)
    fail(invitation.id)
    with transaction() as tx:
        row = tx.get_one(OutboxEmail, invitation.id)
        newer = {one.name: getattr(row, one.name) for one in inspect(OutboxEmail).columns if one.name != "id"}
        tx.add(OutboxEmail(**{**newer, "sequence": 5, "message_id": "<ny@example.org>", "state": MailState.SENT}))
    with pytest.raises(Overtaken):
        resending.resend(event.slug, invitation.id, actor=actor)
    assert the_letter(invitation.id).state is MailState.FAILED


def test_a_letter_to_an_address_she_left_does_not_go_again(app: Flask) -> None:
    event, actor = make_event(), organizer()
    (person,) = join(event, 1)
    letter_id = letter_to(person, MailState.FAILED)
    with transaction() as tx:
        row = tx.get_one(Registration, person)
        row.email = row.email_key = "ny@lege.example.org"
    with pytest.raises(AddressGone):
        resending.resend(event.slug, letter_id, actor=actor)


def test_what_is_meant_for_the_old_address_goes_there_again(app: Flask) -> None:
    event, actor = make_event(), organizer()
    (person,) = join(event, 1)
    letter_id = letter_to(person, MailState.FAILED)
    with transaction() as tx:
        tx.get_one(OutboxEmail, letter_id).occasion = "address_changed"
        row = tx.get_one(Registration, person)
        row.email = row.email_key = "ny@lege.example.org"
    resending.resend(event.slug, letter_id, actor=actor)
    assert the_letter(letter_id).state is MailState.QUEUED


def test_other_events_and_readers_resend_nothing(app: Flask) -> None:
    event, other, actor = make_event(), make_event(), organizer()
    letter_id = letter_to(join(event, 1)[0], MailState.FAILED)
    for slug, who in (
        (other.slug, actor),
        (event.slug, organizer("oslo")),
        (event.slug, organizer(role=UserRole.READER)),
    ):
        with pytest.raises(NotFound):
            resending.resend(slug, letter_id, actor=who)
    assert the_letter(letter_id).state is MailState.FAILED


def test_all_that_failed_of_a_message_go_again_and_are_seen(app: Flask, time: Clock, tmp_path: Path) -> None:
    event, actor = make_event(), organizer()
    join(event, 3)
    message_id = send(event, actor)
    deliver(tmp_path, time)
    first, second, _third = [one.id for one in all_letters()]
    fail(first, second)
    shown = rows.sent(actor, event.slug, message_id, NOW)
    assert shown is not None
    assert (shown.row.sent, shown.row.failed, shown.row.under_way) == (1, 2, 0)
    assert [(str(one.state), one.error) for one in shown.copies] == [
        ("failed", "550 no such user"),
        ("failed", "550 no such user"),
        ("sent", ""),
    ]
    assert resending.resend_failed(event.slug, message_id, actor=actor) == 2
    with pytest.raises(NothingFailed):
        resending.resend_failed(event.slug, message_id, actor=actor)
    shown = rows.sent(actor, event.slug, message_id, NOW)
    assert shown is not None
    assert (shown.row.sent, shown.row.failed, shown.row.under_way) == (1, 0, 2)
