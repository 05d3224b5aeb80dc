"""When the database is full, held or away: a page that says so, keeps what was typed, and tells when to come back."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event as happening
from sqlalchemy.exc import OperationalError

from courseapp import db as database
from courseapp.db import db, is_trouble
from tests.letters import registrations
from tests.making import make_event
from tests.pages import Visitor, checked, words

HEADING = "Vi får ikke lagret eller hentet noe akkurat nå"
TYPED = {
    "first_name": 'Kåre "<b>',
    "last_name": "Ødegård",
    "email": "kare@lege.example.org",
    "mobile": "912 34 567",
    "primary_role": "alis",
    "supervises": "lis1",
    "reason": "supervisor",
    "workplace": "Havna legekontor",
    "municipality": "Bodø",
    "note": "Kommer med toget\nfra Fauske",
}


@pytest.fixture
def held(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    """Somebody else's connection; nobody waits for it longer than a blink."""
    monkeypatch.setattr(database, "SQLITE_BUSY_SECONDS", 0.05)
    db.session.remove()
    db.engine.dispose()
    other = sqlite3.connect(db.engine.url.database or "", isolation_level=None)
    yield other
    other.close()
    db.engine.dispose()


def test_who_cannot_be_saved_sends_the_same_once_more(app: Flask, held: sqlite3.Connection) -> None:
    event = make_event()
    visitor, path = Visitor(app), f"/arrangementer/{event.slug}/pamelding"
    token = visitor.token(path)
    held.execute("BEGIN IMMEDIATE")
    page = checked(visitor.ask("POST", path, data={"csrf_token": token, **TYPED}), 503)
    assert (page.h1, page.headers["Retry-After"], page.headers["Cache-Control"]) == (HEADING, "30", "no-store")
    assert {name: value.replace("\r\n", "\n") for name, value in page.fields.items()} == TYPED
    held.execute("ROLLBACK")
    assert registrations() == []
    again = page.one("main").find(".//{*}form")
    assert again is not None
    sent = {one.get("name"): one.get("value") for one in again.iter() if one.get("name")}
    assert visitor.ask("POST", again.get("action") or "", data=sent).status_code == 303
    assert [one.first_name for one in registrations()] == [TYPED["first_name"]]


def test_a_full_database_says_so_and_loses_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    event = make_event()
    visitor, path = Visitor(app), f"/arrangementer/{event.slug}/pamelding"
    token = visitor.token(path)

    def full(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # no more than there are already

    happening.listen(db.engine, "checkout", full)
    try:
        statuses = {visitor.ask("POST", path, data={"csrf_token": token, **TYPED}).status_code}
        seen = visitor.get(f"/arrangementer/{event.slug}").status
    finally:
        happening.remove(db.engine, "checkout", full)
        db.engine.dispose()
    assert (statuses, seen, registrations()) == ({503}, 200, [])
    assert visitor.ask("POST", path, data={"csrf_token": token, **TYPED}).status_code == 303


def test_a_password_is_not_shown_again(app: Flask, held: sqlite3.Connection) -> None:
    visitor = Visitor(app)
    token = visitor.token("/kontor/logg-inn")
    held.execute("BEGIN IMMEDIATE")
    told = {"csrf_token": token, "email": "kari@nord.example.org", "password": "riktig hest"}
    page = checked(visitor.ask("POST", "/kontor/logg-inn", data=told), 503)
    held.execute("ROLLBACK")
    assert (page.h1, page.all("form"), "riktig hest" in page.body) == (HEADING, [], False)


def test_a_page_that_cannot_be_fetched_is_tried_again(app: Flask) -> None:
    db.session.remove()
    db.engine.dispose()
    file = Path(db.engine.url.database or "")
    file.rename(file.with_suffix(".away"))
    file.mkdir()
    try:
        page = checked(Visitor(app).ask("GET", "/"), 503)
    finally:
        file.rmdir()
        file.with_suffix(".away").rename(file)
    assert (page.h1, words(page.one("main")).count("Send inn på nytt")) == (HEADING, 0)
    assert Visitor(app).get("/").status == 200


def test_a_mistake_of_ours_is_no_trouble_of_the_database(app: Flask) -> None:
    with pytest.raises(OperationalError) as wrong:
        db.session.execute(db.text("SELECT nothing FROM nowhere"))
    assert [is_trouble(wrong.value), is_trouble(ValueError()), is_trouble(OSError(errno.ENOENT, ""))] == [False] * 3
    assert is_trouble(OSError(errno.ENOSPC, "No space left on device"))
