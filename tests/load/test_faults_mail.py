"""A mail server that is away, says nothing or hangs up: people sign up as ever, and each letter leaves later, once."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from courseapp.config import Settings
from courseapp.db import db, transaction
from courseapp.models.journal import MailState, OutboxEmail, WorkerPulse
from tests import smtp
from tests.letters import all_letters
from tests.load.servers import FORM, Client, web
from tests.load.workers import all_sent, arrived, put, until, working
from tests.making import make_event

pytestmark = pytest.mark.load
IMPATIENT = "tests.load.impatient:app"


def seen() -> datetime:
    """When the worker was last seen."""
    db.session.rollback()
    at = db.session.scalar(select(WorkerPulse.at))
    db.session.rollback()
    return at or datetime.min.replace(tzinfo=UTC)


def try_now() -> None:
    """As if the minute had passed that a worker lets be after a failure."""
    with transaction() as tx:
        queued = OutboxEmail.state == MailState.QUEUED
        tx.execute(update(OutboxEmail).where(queued).values(not_before=OutboxEmail.created_at))


def tried_in_vain(count: int) -> None:
    """So many letters are tried and put off, the worker gives up in time and comes round again, nothing has left."""
    try_now()
    until(lambda: put_off() == count, "the worker has tried and given up", 30)
    before = seen()
    until(lambda: seen() > before, "the worker goes on", 15)
    assert {one.state for one in all_letters()} == {MailState.QUEUED}


def put_off() -> int:
    """How many letters wait for a later moment."""
    return len([one for one in all_letters() if one.not_before > datetime.now(UTC) and one.state == MailState.QUEUED])


@pytest.mark.timeout(120)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whatever_a_mail_server_does_the_letters_leave_later_once(
    app: Flask, settings: Settings, real_time: None
) -> None:
    day = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=60)
    event, port = make_event(starts=(day,)), smtp.free_port()
    path = f"/arrangementer/{event.slug}/pamelding"
    mail = {"COURSEAPP_MAIL_SERVER": "127.0.0.1", "COURSEAPP_MAIL_PORT": str(port)}

    def sign_up(number: int) -> None:
        with closing(Client(server.port)) as client:
            told = {**FORM, "csrf_token": client.token(path), "first_name": "Kåre"}
            assert client.post(path, {**told, "email": f"kare{number}@lege.example.org"})[0] == 303

    with web(settings, **mail) as server, working(settings, mail, app=IMPATIENT):
        sign_up(1)  # nobody listens
        tried_in_vain(2)
        with smtp.silent(port):
            sign_up(2)
            tried_in_vain(4)
        with smtp.breaking_off(port) as read:
            sign_up(3)
            tried_in_vain(3)  # the first of each person's two; the second waits behind it
        with smtp.server(port=port) as office:
            try_now()
            until(all_sent, "every letter has left", 30)
            came = arrived(office)
    assert [len(one) for one in read if one] != []
    assert (came, came.total()) == (put(), 6)
