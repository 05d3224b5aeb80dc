"""A restart under load: the address keeps listening, every request is answered, and all processes count together."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
from contextlib import closing
from pathlib import Path
from threading import Event as Signal
from threading import Thread

import pytest
from flask import Flask

from courseapp.config import ROOT, Settings
from courseapp.serve import web_command
from tests.letters import registrations
from tests.load.servers import BIN, FORM, Client, environment, wait_for
from tests.making import make_event

pytestmark = pytest.mark.load
PEOPLE, AT_LEAST = 3, 6


def started(settings: Settings, line: socket.socket, **more: str) -> subprocess.Popen[bytes]:
    """Gunicorn as systemd starts it with a socket unit: the socket is open already and handed over as number 3."""
    name, *arguments = web_command(settings, "unused")
    own = [one for one in arguments if not one.startswith("--bind")]
    words = f'LISTEN_FDS=1 LISTEN_PID=$$ exec "$@" 3<&{line.fileno()}'
    return subprocess.Popen(
        ["/bin/bash", "-c", words, "bash", str(BIN / name), *own],
        cwd=ROOT,
        env=environment(settings, **more),
        pass_fds=[line.fileno()],
        start_new_session=True,
        stdout=subprocess.DEVNULL,
    )


def end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def keep_signing_up(port: int, slug: str, who: int, answers: list[tuple[str, int]], over: Signal) -> None:
    """One sign-up after the other, each request on a line of its own, as nginx sends them."""
    path = f"/arrangementer/{slug}/pamelding"
    number = 0
    while not over.is_set():
        number += 1
        address = f"p{who}n{number}@lege.example.org"
        with closing(Client(port)) as client:
            token = client.token(path)
            client.close()
            told = {**FORM, "csrf_token": token, "first_name": "Kåre", "email": address}
            answers.append((address, client.post(path, told)[0]))


@pytest.mark.timeout(240)
def test_a_restart_refuses_nobody(app: Flask, settings: Settings, tmp_path: Path) -> None:
    event = make_event(capacity=None)
    answers: list[tuple[str, int]] = []
    over = Signal()
    figures = tmp_path / "metrics"
    figures.mkdir()
    with closing(socket.create_server(("127.0.0.1", 0), backlog=512)) as line:
        port = line.getsockname()[1]
        first = started(settings, line)
        wait_for(port, first)
        people = [Thread(target=keep_signing_up, args=(port, event.slug, who, answers, over)) for who in range(PEOPLE)]
        for one in people:
            one.start()
        _until(answers, AT_LEAST)
        end(first)
        second = started(settings, line, PROMETHEUS_MULTIPROC_DIR=str(figures))
        try:
            _until(answers, len(answers) + AT_LEAST)
            over.set()
            for one in people:
                one.join(60)
            counted = _counted(port)
        finally:
            end(second)
    assert {status for _address, status in answers} == {303}
    assert sorted(one.email for one in registrations()) == sorted(address for address, _status in answers)
    assert counted >= AT_LEAST


def _until(answers: list[tuple[str, int]], count: int) -> None:
    """Wait for so many answers, a minute at most."""
    waited = Signal()
    for _ in range(1200):
        if len(answers) >= count:
            return
        waited.wait(0.05)
    raise AssertionError(f"{len(answers)} answers in a minute")


def _counted(port: int) -> float:
    """How many sign-ups the two processes of the second server counted together."""
    with closing(Client(port)) as client:
        _status, page = client.get("/metrics")
    found = re.search(r'request_seconds_count\{door="public",method="POST",status="303"\} ([\d.]+)', page)
    assert found is not None, page
    return float(found[1])


def test_the_handed_over_socket_is_what_systemd_hands_over() -> None:
    unit = (ROOT / "deploy" / "courseapp-web.service").read_text(encoding="utf-8")
    assert "--bind" not in unit
    assert "Requires=courseapp-web.socket" in unit
    assert (ROOT / "deploy" / "courseapp-web.socket").is_file()
