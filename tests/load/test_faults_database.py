"""The database goes and comes back: a page that says so, nothing lost, nothing twice, nobody has to be restarted."""

from __future__ import annotations

import html
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from courseapp.app import SETTINGS
from courseapp.config import Settings
from courseapp.db import db, transaction
from courseapp.models.event import Event
from tests import postgres, smtp
from tests.letters import history, registrations
from tests.load.servers import FORM, Client, web
from tests.load.workers import all_sent, arrived, mail_to, put, until, working
from tests.making import make_event

pytestmark = pytest.mark.load
HEADING = "Vi får ikke lagret eller hentet noe akkurat nå"
FIRST, SECOND = "kare1@lege.example.org", "kare2@lege.example.org"


def soon() -> tuple[datetime, ...]:
    """A day that is not over when the test runs."""
    return (datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=60),)


def told(token: str, email: str) -> dict[str, str]:
    return {**FORM, "csrf_token": token, "first_name": "Kåre", "email": email}


def kept_in(page: str) -> dict[str, str]:
    """What the page that says so would send once more."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {html.unescape(name): html.unescape(value) for name, value in found}


def go_through(
    settings: Settings, event: Event, begin: Callable[[], object], end: Callable[[], object], *, app: str, reads: int
) -> None:
    """Sign up before, during and after; a letter is on its way when it begins, and taken by the server before it ends.

    `reads` is what a page that only reads is answered meanwhile.
    """
    path = f"/arrangementer/{event.slug}"
    with (
        smtp.server(holds={FIRST}) as office,
        web(settings, app=app, **mail_to(office)) as server,
        working(settings, mail_to(office), app=app),
        closing(Client(server.port)) as client,
    ):
        token = client.token(f"{path}/pamelding")
        assert client.post(f"{path}/pamelding", told(token, FIRST))[0] == 303
        until(lambda: office.received, "the first letter is on its way")
        client.close()  # the server drops idle lines after a few seconds
        db.session.remove()
        db.engine.dispose()
        begin()
        office.holds.clear()
        answers = [client.get(path) for _ in range(12)]
        status, page = client.post(f"{path}/pamelding", told(token, SECOND))
        assert ({one[0] for one in answers}, status) == ({reads}, 503)
        assert (HEADING in page, "Traceback" in page, "psycopg" in page) == (True, False, False)
        assert client.get("/healthz")[0] == 200
        end()
        client.close()
        until(lambda: client.get(path)[0] == 200, "pages are back", 20)
        assert kept_in(page) == told(token, SECOND)
        assert client.post(f"{path}/pamelding", kept_in(page))[0] == 303
        until(all_sent, "every letter has left")
        assert arrived(office) == put()
    assert [one.email for one in registrations()] == [FIRST, SECOND]
    assert [history(one.id) for one in registrations()] == [["signed_up"]] * 2


@pytest.mark.timeout(120)
def test_postgresql_stops_and_starts_again(on_own_postgres: Flask, own_postgres: str) -> None:
    settings: Settings = on_own_postgres.extensions[SETTINGS]
    go_through(
        settings,
        make_event(starts=soon()),
        lambda: postgres.stop(own_postgres),
        lambda: postgres.start(own_postgres),
        app="wsgi:app",
        reads=503,
    )


@pytest.mark.timeout(120)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_somebody_else_writes_to_the_sqlite_file_for_long(app: Flask, settings: Settings, real_time: None) -> None:
    event = make_event(starts=soon())
    with closing(sqlite3.connect(db.engine.url.database or "", isolation_level=None)) as other:
        go_through(
            settings,
            event,
            lambda: other.execute("BEGIN IMMEDIATE"),
            lambda: other.execute("ROLLBACK"),
            app="tests.load.impatient:app",
            reads=200,
        )


def test_a_connection_that_breaks_after_reading_costs_neither_the_page_nor_the_next_act(
    on_own_postgres: Flask, own_postgres: str
) -> None:
    with on_own_postgres.app_context():
        assert db.session.scalar(text("SELECT 1")) == 1
        postgres.stop(own_postgres)
    postgres.start(own_postgres)
    assert db.session.scalar(text("SELECT 2")) == 2
    postgres.stop(own_postgres)
    postgres.start(own_postgres)
    with transaction() as tx:
        assert tx.scalar(text("SELECT 3")) == 3


def test_whoever_has_only_read_holds_nothing_open(on_own_postgres: Flask) -> None:
    number = db.session.scalar(text("SELECT pg_backend_pid()"))
    state = text("SELECT state FROM pg_stat_activity WHERE pid = :number")
    with db.engine.connect() as other:
        assert other.scalar(state, {"number": number}) == "idle"
    with transaction() as tx:
        tx.execute(text("SELECT 1"))
        number = tx.scalar(text("SELECT pg_backend_pid()"))
        assert db.session.scalar(state, {"number": number}) == "idle in transaction"
