"""What an organizer's work costs with many people in one event, and how much the server bears at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from courseapp.db import db
from courseapp.services import load_data
from tests.bench.measure import LONG, Bare, Figure, group, measured, sign_up
from tests.load.servers import Client, Server
from tests.people import entered, user

DESK = "/kontor/arrangementer"


@dataclass(frozen=True)
class Bearing:
    """How much was done in a second by several clients at once; `bare` as for figures."""

    name: str
    clients: int
    done: int
    per_second: float
    bare: float


def crowd(app: Flask, people: int) -> tuple[str, str]:
    """An event with so many people, and the cookie of an organizer who is inside."""
    with app.app_context():
        (slug,) = load_data.generate(1, people, None)
        visitor = entered(app, user("bench@oslo.example.org", office="oslo"))
        cookie = visitor.client.get_cookie("courseapp", domain="kurs.example.org")
        assert cookie is not None
        db.engine.dispose()
        return slug, cookie.value


def works(server: Server, slug: str, cookie: str, year: int, bare: Bare) -> list[Figure]:
    """The pages and files of that event, and its office's report."""
    wanted = (
        ("participant table", f"{DESK}/{slug}/deltakere", 30),
        ("participants as xlsx", f"{DESK}/{slug}/deltakere.xlsx", 3),
        ("participants as csv", f"{DESK}/{slug}/deltakere.csv", 3),
        ("yearly report", f"/kontor/rapport/{year}", 30),
    )
    return [measured(name, server, count, _fetch(server, path, cookie), bare) for name, path, count in wanted]


def daily(server: Server, slug: str, cookie: str, year: int, count: int, bare: Bare) -> list[Figure]:
    """What an organizer looks at every day."""
    wanted = (
        ("participant table", f"{DESK}/{slug}/deltakere"),
        ("first page of the desk", "/kontor/"),
        ("yearly report", f"/kontor/rapport/{year}"),
    )
    return [measured(name, server, count, _fetch(server, path, cookie), bare) for name, path in wanted]


def _fetch(server: Server, path: str, cookie: str) -> Callable[[int], int]:
    def work(_number: int) -> int:
        with closing(Client(server.port)) as client:
            client.line.request("GET", path, headers={"Accept-Encoding": "gzip", "Cookie": f"courseapp={cookie}"})
            answer = client.line.getresponse()
            size = len(answer.read())
            assert answer.status == 200, (path, answer.status)
            return size

    return work


def borne(name: str, clients: int, count: int, work: Callable[[int], int], bare: Bare) -> Bearing:
    """The work done `count` times by that many clients at once."""
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(work, range(-clients, 0)))
        before, begun = bare.spend(LONG), time.perf_counter()
        list(pool.map(work, range(count)))
        seconds = time.perf_counter() - begun
        return Bearing(name, clients, count, count / seconds, (before + bare.spend(LONG)) / 2)


def bearings(server: Server, slug: str, look: Callable[[int], int], bare: Bare) -> list[Bearing]:
    """Event pages, and whole sign-ups."""
    return [
        borne("event page", 32, 600, look, bare),
        borne("sign-up (3 pages, POST)", 8, 160, sign_up(server, slug, "many"), bare),
    ]


def memory(server: Server) -> float:
    """MiB that all processes of the server hold together."""
    return pss(server.process.pid)


def pss(leader: int) -> float:
    """MiB that all processes of a group hold together, what they share counted once."""
    total = 0
    for process in group(leader):
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024
