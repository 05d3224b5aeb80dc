"""A copy made while people sign up, brought back elsewhere: every receipt shown before it began is there, and whole."""

from __future__ import annotations

from contextlib import closing
from http.client import HTTPException
from pathlib import Path
from threading import Event as Signal
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import create_engine, func, make_url, select, text

from courseapp import backup
from courseapp.backup import BackupFailed
from courseapp.config import Settings
from courseapp.db import db
from courseapp.models.journal import OutboxEmail
from courseapp.models.registration import Registration
from tests.letters import registrations
from tests.load.servers import FORM, Client, web
from tests.making import make_event
from tests.people import join
from tests.together import at_once

pytestmark = pytest.mark.load
PEOPLE, BEFORE = 4, 12


def sign_up_until(port: int, slug: str, who: int, shown: list[str], enough: Signal, over: Signal) -> None:
    """Sign up again and again until it is over; note each receipt that was shown."""
    path = f"/arrangementer/{slug}/pamelding"
    try:
        with closing(Client(port)) as client:
            token = client.token(path)
            for number in range(1000):
                address = f"p{who}n{number}@lege.example.org"
                told = {**FORM, "csrf_token": token, "first_name": "Kåre", "email": address}
                if client.post(path, told)[0] == 303:
                    shown.append(address)
                if len(shown) >= BEFORE:
                    enough.set()
                if over.is_set():
                    return
    except (OSError, HTTPException):
        enough.set()
        raise


def elsewhere(database_url: str, folder: Path) -> str:
    """Another, empty database of the same kind."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        return f"sqlite:///{folder / 'elsewhere.db'}"
    engine = create_engine(database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as line:
        line.execute(text("DROP DATABASE IF EXISTS elsewhere"))
        line.execute(text("CREATE DATABASE elsewhere"))
    engine.dispose()
    return url.set(database="elsewhere").render_as_string(hide_password=False)


@pytest.mark.timeout(180)
def test_every_receipt_shown_before_the_copy_is_in_it(app: Flask, settings: Settings, tmp_path: Path) -> None:
    event = make_event(capacity=None)
    shown: list[str] = []
    enough, over = Signal(), Signal()
    copy = tmp_path / "copy"
    with web(settings) as server:
        known = (server.port, event.slug)
        people = [Thread(target=sign_up_until, args=(*known, who, shown, enough, over)) for who in range(PEOPLE)]
        for one in people:
            one.start()
        assert enough.wait(60)
        before = set(shown)
        assert backup.save(settings.database_url, copy) > 10_000
        over.set()
        for one in people:
            one.join(60)
    target = elsewhere(settings.database_url, tmp_path)
    backup.restore(target, copy)
    engine = create_engine(target)
    with engine.connect() as line:
        kept = set(line.scalars(select(Registration.email)))
        letters = line.execute(
            select(OutboxEmail.registration_id, func.count()).group_by(OutboxEmail.registration_id)
        ).all()
    engine.dispose()
    assert before - kept == set()
    assert (len(letters), {row[1] for row in letters}) == (len(kept), {3})
    assert len({one.email for one in registrations()}) == len(set(shown)) >= len(kept)


def test_bringing_a_copy_back_replaces_what_is_there(app: Flask, settings: Settings, tmp_path: Path) -> None:
    event = make_event()
    join(event, 3)
    backup.save(settings.database_url, tmp_path / "copy")
    join(event, 2, first=10)
    db.session.remove()
    db.engine.dispose()
    backup.restore(settings.database_url, tmp_path / "copy")
    assert len(registrations()) == 3


def test_what_is_no_copy_changes_nothing(app: Flask, settings: Settings, tmp_path: Path) -> None:
    join(make_event(), 3)
    (tmp_path / "junk").write_bytes(b"junk" * 5000)
    db.session.remove()
    db.engine.dispose()
    for source in (tmp_path / "junk", tmp_path / "not there"):
        with pytest.raises(BackupFailed):
            backup.restore(settings.database_url, source)
    assert len(registrations()) == 3


def test_a_copy_that_cannot_be_made_leaves_nothing(app: Flask, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BackupFailed):
        backup.save(settings.database_url, tmp_path / "file" / "copy")
    wrong = make_url(settings.database_url).set(database=str(tmp_path / "none")).render_as_string(hide_password=False)
    with pytest.raises(BackupFailed):
        backup.save(wrong, tmp_path / "copy")
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_two_copies_at_once_are_two_whole_copies(app: Flask, settings: Settings, tmp_path: Path) -> None:
    join(make_event(), 5)
    jobs = [lambda name=name: backup.save(settings.database_url, tmp_path / name) for name in ("a", "b")]
    assert all(isinstance(size, int) and size > 10_000 for size in at_once(app, jobs))
