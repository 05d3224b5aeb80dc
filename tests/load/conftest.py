"""What tests with real processes stand on besides: the real time, and a PostgreSQL that may be stopped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from courseapp import clock
from courseapp.app import SETTINGS, create_app
from courseapp.db import db
from tests import postgres
from tests.conftest import Clock, migrated, settings_for
from tests.need import need


@pytest.fixture
def real_time(time: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock that other processes have."""
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC))


@pytest.fixture
def own_postgres() -> Iterator[str]:
    """The folder of a cluster that is this test's alone."""
    need(postgres.binaries() is not None, "PostgreSQL 15 or newer (initdb)")
    with postgres.cluster() as socket:
        yield socket


def opened(database_url: str, folder: Path) -> Flask:
    """The application on a new, migrated database."""
    made = migrated(create_app(settings_for(database_url, folder)))
    assert made.extensions[SETTINGS].database_url == database_url
    return made


@pytest.fixture
def on_own_postgres(own_postgres: str, tmp_path: Path, real_time: None) -> Iterator[Flask]:
    """The application in its context, in real time, on that cluster."""
    app = opened(postgres.url(own_postgres, "postgres"), tmp_path)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
