"""A disk that is full: a page that keeps what was typed, nothing lost, and all goes on when there is room again."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from courseapp import clock
from courseapp.app import SETTINGS
from courseapp.config import Settings
from courseapp.db import db
from courseapp.mail import mime, outbox_rows, postman
from courseapp.models.event import Event
from courseapp.services import registrations
from tests import postgres
from tests.conftest import Clock
from tests.letters import all_letters
from tests.letters import registrations as rows
from tests.load.conftest import opened
from tests.load.servers import Client, web
from tests.load.test_faults_database import HEADING, kept_in, soon, told
from tests.load.workers import all_sent, until, working
from tests.making import make_event, wish

pytestmark = pytest.mark.load
MOST = 200


@pytest.fixture
def small_disk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A file system of so many MiB (the test's parameter), where the machine lets us mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={request.param}m", "tmpfs", str(folder)]
    if (
        os.geteuid()
        or not shutil.which("mount")
        or subprocess.run(command, check=False, capture_output=True).returncode
    ):
        pytest.skip("no file system may be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path) -> None:
    """Not a byte is left."""
    with (disk / "ballast").open("wb", buffering=0) as ballast:
        for size in (64 * 1024, 4096, 1):
            try:
                while True:
                    ballast.write(b"0" * size)
            except OSError:
                continue


def go_through(settings: Settings, event: Event, disk: Path, reads: Callable[[Client], int]) -> None:
    """People sign up until the disk is full and beyond; then there is room again."""
    path = f"/arrangementer/{event.slug}/pamelding"
    shown = []
    with web(settings) as server, working(settings), closing(Client(server.port)) as client:
        token = client.token(path)
        fill(disk)
        for number in range(MOST):
            email = f"kare{number}@lege.example.org"
            status, page = client.post(path, told(token, email))
            if status != 303:
                break
            shown.append(email)
        assert (status, HEADING in page, "Traceback" in page) == (503, True, False)
        assert kept_in(page) == told(token, email)
        assert reads(client) == 200
        (disk / "ballast").unlink()
        assert client.post(path, kept_in(page))[0] == 303
        until(all_sent, "every letter has left", 30)
    assert [one.email for one in rows()] == [*shown, email]
    assert Counter(one.to_email for one in all_letters()) == dict.fromkeys([*shown, email], 2)
    files = sorted((settings.data_dir / "mail").iterdir())
    assert [one.read_bytes() for one in files] == [mime.wire_bytes(outbox_rows.as_letter(one)) for one in all_letters()]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("small_disk", [12], indirect=True)
def test_sqlite_and_the_letters_on_a_full_disk(small_disk: Path, sqlite_template: Path, real_time: None) -> None:
    shutil.copy(sqlite_template, small_disk / "courseapp.db")
    app = opened(f"sqlite:///{small_disk / 'courseapp.db'}", small_disk)
    with app.app_context():
        event = make_event(starts=soon())
        db.session.remove()
        db.engine.dispose()
        path = f"/arrangementer/{event.slug}"
        go_through(app.extensions[SETTINGS], event, small_disk, lambda client: client.get(path)[0])
        db.session.remove()
        db.engine.dispose()


@pytest.mark.timeout(120)
@pytest.mark.parametrize("small_disk", [48], indirect=True)
def test_postgresql_on_a_full_disk(own_postgres: str, small_disk: Path, tmp_path: Path, real_time: None) -> None:
    if os.geteuid() == 0:
        shutil.chown(small_disk, "postgres", "postgres")
        ours = Path(tempfile.gettempdir())
        for one in (tmp_path, *(one for one in tmp_path.parents if ours in one.parents)):
            one.chmod(0o755)
    engine = create_engine(postgres.url(own_postgres, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as line:
        line.execute(text(f"CREATE TABLESPACE small LOCATION '{small_disk}'"))
        line.execute(text("CREATE DATABASE small TABLESPACE small"))
    engine.dispose()
    app = opened(postgres.url(own_postgres, "small"), tmp_path / "data")
    with app.app_context():
        event = make_event(starts=soon())
        db.session.remove()
        path = f"/arrangementer/{event.slug}"
        go_through(app.extensions[SETTINGS], event, small_disk, lambda client: client.get(path)[0])
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("small_disk", [1], indirect=True)
def test_a_full_mail_folder_costs_no_letter_a_try(app: Flask, small_disk: Path, time: Clock) -> None:
    registrations.sign_up(wish(make_event()))
    fill(small_disk)
    assert postman.deliver_due(small_disk / "mail", clock.now) == 3
    assert [(str(one.state), one.attempts) for one in all_letters()] == [("queued", 0)] * 3
    (small_disk / "ballast").unlink()
    time.pass_by(minutes=1)
    while postman.deliver_due(small_disk / "mail", clock.now):
        pass
    files = sorted((small_disk / "mail").iterdir())
    assert [one.read_bytes() for one in files] == [mime.wire_bytes(outbox_rows.as_letter(one)) for one in all_letters()]
