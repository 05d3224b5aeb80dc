"""`kill -9` of web and worker under load: every receipt shown has its row and, in the end, its letters."""

from __future__ import annotations

import os
import signal
import subprocess
from collections import Counter
from contextlib import closing
from http.client import HTTPException
from threading import Event as Signal
from threading import Thread

import pytest
from flask import Flask

from courseapp.config import ROOT, Settings
from courseapp.models.journal import MailState
from tests import smtp
from tests.letters import all_letters, registrations
from tests.load.servers import BIN, FORM, Client, environment, web
from tests.load.workers import expire_leases, message_id, start_worker
from tests.making import make_event

pytestmark = pytest.mark.load
PEOPLE = 6


@pytest.mark.timeout(180)
def test_a_power_cut_loses_no_receipt_and_no_letter(app: Flask, settings: Settings) -> None:
    event = make_event(capacity=None)
    shown: list[str] = []
    with smtp.server() as office:
        mail = {"COURSEAPP_MAIL_SERVER": "127.0.0.1", "COURSEAPP_MAIL_PORT": str(office.port)}
        with web(settings, **mail) as server:
            worker = start_worker(settings, **mail)
            enough = Signal()
            known = (server.port, event.slug)
            people = [Thread(target=keep_signing_up, args=(*known, who, shown, enough)) for who in range(PEOPLE)]
            for one in people:
                one.start()
            assert enough.wait(60)
            server.kill()
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait(10)
            for one in people:
                one.join(30)
        assert len(shown) >= 20
        lost = set(shown) - {one.email for one in registrations()}
        assert lost == set()
        deliver_the_rest(settings, **mail)
        arrived = Counter((one.receivers[0], message_id(one.content)) for one in office.received)
    put = {(one.to_email, one.message_id) for one in all_letters()}
    assert {one.state for one in all_letters()} == {MailState.SENT}
    assert len(put) == 3 * len(registrations())
    assert set(arrived) == put


def keep_signing_up(port: int, slug: str, who: int, shown: list[str], enough: Signal) -> None:
    """Sign up again and again until the line goes dead; note each receipt that was shown."""
    path = f"/arrangementer/{slug}/pamelding"
    try:
        with closing(Client(port)) as client:
            token = client.token(path)
            for number in range(1000):
                address = f"p{who}n{number}@lege.example.org"
                status, _ = client.post(path, {**FORM, "csrf_token": token, "first_name": "Kåre", "email": address})
                if status == 303:
                    shown.append(address)
                if len(shown) >= 20:
                    enough.set()
    except (OSError, HTTPException):
        return  # the line went dead, as it should


def deliver_the_rest(settings: Settings, **more: str) -> None:
    """The lease of what the dead worker held runs out, and a new worker does what is left."""
    expire_leases()
    subprocess.run(
        [BIN / "flask", "--app", "wsgi", "worker", "--once"],
        cwd=ROOT,
        env=environment(settings, **more),
        check=True,
        timeout=60,
        stdout=subprocess.DEVNULL,
    )
