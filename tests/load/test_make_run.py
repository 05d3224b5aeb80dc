"""`make run`: from nothing to a page and a delivered letter, a clean stop, and a second run that keeps the data."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from courseapp.config import ROOT
from tests.load.servers import FORM, Client
from tests.smtp import free_port

pytestmark = pytest.mark.load


@contextmanager
def running(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The program, until it is told to stop."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COURSEAPP_")}
    environ |= {
        "COURSEAPP_DEMO": "1",
        "COURSEAPP_DATA_DIR": str(folder),
        "COURSEAPP_BASE_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
    }
    with (folder / "out.txt").open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "courseapp.serve"], cwd=ROOT, env=environ, stdout=out, start_new_session=True
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(10)


def until_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait, bounded, until everything reports to be well."""
    checks: object = None
    for _ in range(600):
        assert process.poll() is None, "it stopped by itself"
        try:
            with closing(Client(port)) as client:
                status, body = client.get("/readyz")
                checks = json.loads(body)["checks"]
                if status == 200:
                    return
        except OSError:
            pass
        time.sleep(0.1)  # polling a process that is starting; bounded
    raise AssertionError(f"not ready after a minute: {checks}")


def until(fact: str, port: int, path: str) -> str:
    """The page, as soon as the fact stands on it; bounded."""
    for _ in range(100):
        with closing(Client(port)) as client:
            page = client.get(path)[1]
        if fact in page:
            return page
        time.sleep(0.1)  # the worker is another process
    raise AssertionError(f"{fact} is not on {path}")


def stop(process: subprocess.Popen[bytes], how: signal.Signals) -> int:
    """Ask it to stop, and its exit status."""
    process.send_signal(how)
    return process.wait(40)


@pytest.mark.timeout(240)
def test_it_starts_from_nothing_works_stops_cleanly_and_keeps_its_data(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, port) as process:
        until_ready(port, process)
        printed = (tmp_path / "out.txt").read_text(encoding="utf-8")
        assert f"http://127.0.0.1:{port}/" in printed
        assert len(re.findall(r"@example\.org +demo-", printed)) == 4
        with closing(Client(port)) as doctor:
            page = doctor.get("/")[1]
            slug = re.findall(r'href="/arrangementer/([a-z0-9-]+)/pamelding"', page) or re.findall(
                r'href="/arrangementer/(veilederkurs-bodo[a-z0-9-]*)"', page
            )
            path = f"/arrangementer/{slug[0]}/pamelding"
            fields = {**FORM, "csrf_token": doctor.token(path), "first_name": "Kåre", "email": "ny@lege.example.org"}
            assert doctor.post(path, fields) == (303, f"/arrangementer/{slug[0]}/kvittering")
        until("ny@lege.example.org", port, "/postkasse")
        assert stop(process, signal.SIGTERM) == 0
    with running(tmp_path, port) as process:
        until_ready(port, process)
        until("ny@lege.example.org", port, "/postkasse")
        assert stop(process, signal.SIGINT) == 0
    assert len(list((tmp_path / "mail").glob("*.eml"))) >= 1
