"""A copy of the whole database while everybody works, and its way back.

SQLite is copied with its own backup interface, PostgreSQL with pg_dump and pg_restore; both give the state of one
moment. A copy appears under its name only when it is whole and on disk.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import URL, make_url

STEM = "courseapp-"
ENDINGS = {"sqlite": ".db", "postgresql": ".dump"}


class BackupFailed(Exception):
    """It could not be done; the sentence says why, without passwords."""


def save(database_url: str, target: Path) -> int:
    """Write a copy to `target` and return its size in bytes. Raises BackupFailed; then nothing is there."""
    url = make_url(database_url)
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)  # it holds everything the database holds
        _copy_sqlite(_file(url), part) if _is_sqlite(url) else _postgres("pg_dump", url, f"--file={part}", "-Fc")
        _on_disk(part)
        part.replace(target)
        _on_disk(target.parent)
    except (OSError, sqlite3.Error) as problem:
        raise BackupFailed(str(problem)) from problem
    finally:
        if target.parent.is_dir():
            part.unlink(missing_ok=True)
    return target.stat().st_size


def name_of(database_url: str, now: datetime) -> str:
    """What a copy made at that moment is called: `courseapp-2026-11-29T023000Z.dump`; names sort by time."""
    return f"{STEM}{now:%Y-%m-%dT%H%M%SZ}{ENDINGS[make_url(database_url).get_backend_name()]}"


def drop_old(folder: Path, now: datetime, *, days: int) -> int:
    """Delete copies in a folder that are older than so many days, by their names; returns how many."""
    oldest = f"{STEM}{now - timedelta(days=days):%Y-%m-%dT%H%M%SZ}"
    old = [one for one in folder.glob(f"{STEM}*") if one.suffix in ENDINGS.values() and one.stem < oldest]
    for one in old:
        one.unlink()
    return len(old)


def restore(database_url: str, source: Path) -> None:
    """Put a copy in the place of what is there. Web server and worker must not run. Raises BackupFailed.

    Of SQLite what was there stays beside it, with `.before` behind its name; PostgreSQL does it in one transaction.
    """
    url = make_url(database_url)
    if not source.is_file():
        raise BackupFailed(f"{source} is not a file")
    try:
        if _is_sqlite(url):
            _bring_back_sqlite(source, _file(url))
        else:
            _postgres("pg_restore", url, "--clean", "--if-exists", "--single-transaction", str(source))
    except (OSError, sqlite3.Error) as problem:
        raise BackupFailed(str(problem)) from problem


def _copy_sqlite(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as here,
        closing(sqlite3.connect(target)) as there,
    ):
        here.backup(there)
        _check(there, source)


def _bring_back_sqlite(source: Path, target: Path) -> None:
    """The copy is checked first, and copied beside the target, so that the last step is one rename."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    _copy_sqlite(source, part)
    _on_disk(part)
    if target.exists():
        with closing(sqlite3.connect(target)) as old:  # what its log holds moves into the file, so that it is whole
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        target.replace(target.with_name(target.name + ".before"))
    for log in ("-wal", "-shm"):
        target.with_name(target.name + log).unlink(missing_ok=True)
    part.replace(target)
    _on_disk(target.parent)


def _check(database: sqlite3.Connection, source: Path) -> None:
    found = database.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise BackupFailed(f"{source} is damaged: {found}")
    if database.execute("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'").fetchone()[0] == 0:
        raise BackupFailed(f"{source} is no database of courseapp")


def _postgres(program: str, url: URL, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs; the password goes where no list of processes shows it."""
    address = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    secret = {} if url.password is None else {"PGPASSWORD": url.password}
    command = [program, "--no-owner", "--no-privileges", f"--dbname={address}", *arguments]
    try:
        done = subprocess.run(command, env={**os.environ, **secret}, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    except FileNotFoundError:
        raise BackupFailed(f"{program} is not installed: apt-get install postgresql-client") from None
    if done.returncode != 0:
        raise BackupFailed(f"{program}: {done.stderr.strip()[-500:]}")


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _file(url: URL) -> Path:
    if not url.database:
        raise BackupFailed("the database is in memory only")
    return Path(url.database)


def _on_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
