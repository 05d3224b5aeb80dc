"""A newer version's migration runs while this one serves: nobody is refused, and no sign-up is lost."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event as Signal
from threading import Thread

import flask_migrate
import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import OperationalError

from courseapp.config import ROOT, Settings
from courseapp.db import db
from tests.letters import registrations
from tests.load.servers import BIN, Client, environment, web
from tests.load.test_faults_database import soon
from tests.load.test_restart import keep_signing_up
from tests.load.workers import until
from tests.making import make_event

pytestmark = pytest.mark.load
PEOPLE, AROUND = 3, 6
HEAD = ScriptDirectory(str(ROOT / "migrations")).get_current_head()
MADE_UP = f'''"""What a newer version adds."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{HEAD}"


def upgrade():
    op.execute("ALTER TABLE registration ADD COLUMN made_up VARCHAR(40) DEFAULT '' NOT NULL")
    op.execute("ALTER TABLE event ADD COLUMN made_up VARCHAR(40)")
    op.create_table("made_up", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_index("ix_made_up", "registration", ["made_up"])


def downgrade():
    op.drop_index("ix_made_up", table_name="registration")
    op.drop_table("made_up")
    op.execute("ALTER TABLE event DROP COLUMN made_up")
    op.execute("ALTER TABLE registration DROP COLUMN made_up")
'''


@contextmanager
def newer(tmp_path: Path) -> Iterator[Path]:
    """The migrations and one more on top; the database is as it was afterwards."""
    folder = tmp_path / "migrations"
    shutil.copytree(ROOT / "migrations", folder)
    (folder / "versions" / "9999_made_up.py").write_text(MADE_UP)
    try:
        yield folder
    finally:
        db.session.remove()
        if "made_up" in inspect(db.engine).get_table_names():
            flask_migrate.downgrade(directory=str(folder), revision=HEAD or "")
        db.engine.dispose()


@pytest.mark.timeout(120)
def test_people_sign_up_while_it_runs(app: Flask, settings: Settings, tmp_path: Path, real_time: None) -> None:
    event = make_event(starts=soon(), capacity=None)
    db.session.remove()
    answers: list[tuple[str, int]] = []
    over = Signal()
    with newer(tmp_path) as folder, web(settings) as server:
        known = (server.port, event.slug)
        people = [Thread(target=keep_signing_up, args=(*known, who, answers, over)) for who in range(PEOPLE)]
        for one in people:
            one.start()
        until(lambda: len(answers) >= AROUND, "people sign up")
        command = [str(BIN / "flask"), "--app", "wsgi", "db", "upgrade", "-d", str(folder)]
        subprocess.run(command, cwd=ROOT, env=environment(settings), check=True, timeout=60, capture_output=True)
        migrated = len(answers)
        until(lambda: len(answers) >= migrated + AROUND, "people go on")
        over.set()
        for one in people:
            one.join(60)
        with closing(Client(server.port)) as client:
            ready = client.get("/readyz")[1]
        kept = sorted(one.email for one in registrations())
        db.session.remove()
    assert {status for _address, status in answers} == {303}
    assert kept == sorted(address for address, _status in answers)
    assert "newer than this version" in ready


@pytest.mark.timeout(60)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_one_that_would_wait_long_gives_up_and_changes_nothing(
    app: Flask, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MIGRATION_TRIES", 2)
    db.session.remove()
    reader = create_engine(settings.database_url)
    with newer(tmp_path) as folder, reader.connect() as line:
        line.execute(text("SELECT count(*) FROM registration"))
        with pytest.raises(OperationalError, match="lock timeout"):
            flask_migrate.upgrade(directory=str(folder))
        assert "made_up" not in inspect(line).get_table_names()
        line.rollback()
        flask_migrate.upgrade(directory=str(folder))
        db.engine.dispose()
        assert "made_up" in inspect(reader).get_table_names()
    reader.dispose()
