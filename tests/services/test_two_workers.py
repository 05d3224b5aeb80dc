"""Several workers at once, while people sign up and cancel: every letter once and in order, and nobody deadlocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from email import message_from_bytes
from pathlib import Path

from flask import Flask

from courseapp.app import create_app
from courseapp.db import db
from courseapp.mail import postman
from courseapp.services import registrations
from tests import smtp
from tests.conftest import Clock, settings_for
from tests.keys import key_of
from tests.letters import all_letters
from tests.making import make_event, wish

PEOPLE = 12


def test_letters_leave_once_and_in_order(database_url: str, tmp_path: Path, app: Flask, time: Clock) -> None:
    with smtp.server() as office:
        mailing = create_app(
            settings_for(
                database_url, tmp_path, COURSEAPP_MAIL_SERVER="127.0.0.1", COURSEAPP_MAIL_PORT=str(office.port)
            )
        )
        event = make_event(capacity=5)
        busy = [True]

        def inside(job: Callable[[], None]) -> None:
            with mailing.app_context():
                job()

        def work() -> None:
            while postman.deliver_due(None, time, limit=4) or busy[0]:
                pass

        def live() -> None:
            for number in range(PEOPLE):
                registrations.sign_up(wish(event, number))
            for number in range(0, PEOPLE, 2):
                registrations.cancel(key_of(f"kare{number}@lege.example.org"))
            busy[0] = False

        with ThreadPoolExecutor(4) as pool:
            jobs = [pool.submit(Context().run, inside, job) for job in (live, work, work, work)]
            for job in jobs:
                job.result(60)
    put = [one for one in all_letters() if one.state == "sent"]
    arrived = [message_from_bytes(one.content)["Message-ID"] for one in office.received]
    assert Counter(arrived) == Counter(one.message_id for one in put)
    assert [one.state for one in all_letters() if one.state != "sent"] == []
    for number in range(PEOPLE):
        mine = [one.message_id for one in put if one.to_email == f"kare{number}@lege.example.org"]
        assert [one for one in arrived if one in mine] == mine
    with mailing.app_context():
        db.engine.dispose()
