"""A throwaway PostgreSQL: a cluster of its own on a unix socket, no TCP, gone with the test run."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def binaries() -> Path | None:
    """The folder of the newest server's programs, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


@contextmanager
def cluster() -> Iterator[str]:
    """Start one and give the folder of its socket; root switches to the `postgres` user."""
    programs = binaries()
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="courseapp-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    options = f"-D {folder / 'data'} -U courseapp -A trust -E UTF8 --no-sync --locale=C.UTF-8"
    _run(folder, "initdb", *options.split())
    start(str(folder))
    try:
        yield str(folder)
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            stop(str(folder))
        shutil.rmtree(folder, ignore_errors=True)


def start(socket: str) -> None:
    """Start the server of a cluster that lies there, and wait until it answers."""
    folder = Path(socket)
    settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c max_connections=200"
    _run(folder, "pg_ctl", "-D", str(folder / "data"), "-w", "-l", str(folder / "log"), "-o", settings, "start")


def stop(socket: str) -> None:
    """Stop it in the middle of whatever it does, as a fault would."""
    folder = Path(socket)
    _run(folder, "pg_ctl", "-D", str(folder / "data"), "-w", "-m", "immediate", "stop")


def _run(folder: Path, program: str, *arguments: str) -> None:
    programs = binaries()
    assert programs is not None
    as_user: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    command = [str(programs / program), *arguments]
    subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, **as_user)


def url(socket: str, database: str) -> str:
    """The address of a database in the cluster."""
    return f"postgresql+psycopg://courseapp@/{database}?host={socket}"
