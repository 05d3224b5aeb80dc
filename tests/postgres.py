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
    as_user: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    if as_user:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"

    def run(*command: str) -> None:
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, **as_user)

    options = f"-D {data} -U courseapp -A trust -E UTF8 --no-sync --locale=C.UTF-8"
    run(str(programs / "initdb"), *options.split())
    settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c max_connections=200"
    run(str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", settings, "start")
    try:
        yield str(folder)
    finally:
        run(str(programs / "pg_ctl"), "-D", str(data), "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def url(socket: str, database: str) -> str:
    """The address of a database in the cluster."""
    return f"postgresql+psycopg://courseapp@/{database}?host={socket}"
