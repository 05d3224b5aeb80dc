"""What every test stands on: a real, migrated database of its own and a clock that can be set.

Tests of services and queries run on SQLite and on PostgreSQL (their folders' conftest says so), pages on SQLite.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import text

from courseapp import clock
from courseapp.app import SETTINGS, create_app
from courseapp.config import Settings
from courseapp.db import Base, db
from courseapp.services import passwords
from tests import postgres, unaged
from tests.need import need
from tests.people import LIGHT

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
BOTH_ENGINES = {"load", "test_hostile_requests", "migrations", "queries", "services"}
KEPT = {"office", "district", "alembic_version"}


def settings_for(database_url: str, folder: Path, **more: str) -> Settings:
    """Settings as the environment would give them."""
    return Settings.from_env(
        {
            "COURSEAPP_DATABASE_URL": database_url,
            "COURSEAPP_DATA_DIR": str(folder),
            "COURSEAPP_SECRET_KEY": "a key for tests only, long enough",
            "COURSEAPP_BASE_URL": "http://kurs.example.org",
            **more,
        }
    )


def migrated(app: Flask) -> Flask:
    """The same application, its database brought to the newest migration."""
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()
    return app


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    folder = tmp_path_factory.mktemp("template")
    migrated(create_app(settings_for(f"sqlite:///{folder / 'courseapp.db'}", folder)))
    return folder / "courseapp.db"


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated PostgreSQL database of this test process."""
    need(postgres.binaries() is not None, "PostgreSQL 15 or newer (initdb)")
    with postgres.cluster() as socket:
        address = postgres.url(socket, "postgres")
        migrated(create_app(settings_for(address, tmp_path_factory.mktemp("pg"))))
        yield address


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Services and queries are tested on both engines, everything else on SQLite; or what a test names itself."""
    named = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    if "database_url" in metafunc.fixturenames and "database_url" not in named:
        file = Path(str(metafunc.module.__file__))
        both = file.parent.name in BOTH_ENGINES or file.stem in BOTH_ENGINES
        engines = ["sqlite", "postgresql"] if both else ["sqlite"]
        metafunc.parametrize("database_url", engines, indirect=True)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty, migrated database: a copied file, or the process's PostgreSQL (which `app` wipes)."""
    if request.param == "sqlite":
        folder: Path = request.getfixturevalue("own_folder")
        clear(folder)
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / "courseapp.db")
        return f"sqlite:///{folder / 'courseapp.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture(scope="session")
def own_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of this process's applications; emptied before each test."""
    return tmp_path_factory.mktemp("own")


def clear(folder: Path) -> None:
    """Nothing from the test before is left."""
    for one in folder.iterdir():
        shutil.rmtree(one) if one.is_dir() else one.unlink()


@pytest.fixture
def settings(database_url: str, own_folder: Path) -> Settings:
    """Settings of this test."""
    return settings_for(database_url, own_folder)


@pytest.fixture(scope="session")
def made_apps() -> dict[str, Flask]:
    """One application for each engine: making it, and its templates, takes longer than most tests."""
    return {}


@pytest.fixture
def app(settings: Settings, made_apps: dict[str, Flask]) -> Iterator[Flask]:
    """The application in its context, on an empty database with the six offices."""
    made = made_apps.get(settings.database_url) or create_app(settings)
    made_apps[settings.database_url] = made
    made.extensions[SETTINGS] = settings
    made.testing = False  # errors become pages, as they do for people
    with made.app_context():
        if settings.database_url.startswith("postgresql"):
            clear(settings.data_dir)
            wipe()
        yield made
        db.session.remove()
        db.engine.dispose()


def wipe() -> None:
    """Empty every table but the offices, and begin counting anew. DELETE takes 3 ms where TRUNCATE takes 150."""
    names = [table.name for table in Base.metadata.sorted_tables if table.name not in KEPT]
    with db.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # in any order, cascades or not
        connection.execute(text("; ".join(f"DELETE FROM {name}" for name in names)))
        connection.execute(text(_BEGIN_ANEW), {"names": names})


_BEGIN_ANEW = """
SELECT setval(seq.oid::regclass, 1, false)
FROM pg_class seq JOIN pg_depend ON pg_depend.objid = seq.oid JOIN pg_class tab ON tab.oid = pg_depend.refobjid
WHERE seq.relkind = 'S' AND tab.relname = ANY(:names)
"""


@pytest.fixture(scope="session", autouse=True)
def light_passwords() -> Iterator[None]:
    """The same argon2, made cheap: hashing as slowly as it should would be a quarter of all tests' time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", LIGHT)
        passwords.nobodys.cache_clear()
        yield


@pytest.fixture(scope="session", autouse=True)
def nothing_kept_is_old() -> Iterator[None]:
    """Every kept page that any test is shown is compared with the page as it would be made now."""
    with pytest.MonkeyPatch.context() as patch:
        unaged.begin(patch)
        yield


class Clock:
    """A clock that moves only when told."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        """The moment it stands at."""
        return self.moment

    def pass_by(self, **amount: float) -> None:
        """Let time pass."""
        self.moment += timedelta(**amount)


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """It is Monday 11 January 2027, ten in the morning in Norway."""
    set_clock = Clock(NOW)
    monkeypatch.setattr(clock, "now", set_clock)
    return set_clock
