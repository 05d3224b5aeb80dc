"""Server CPU and waiting time of one kind of work, against a real gunicorn."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.load.servers import FORM, Client, Server

TICKS = os.sysconf("SC_CLK_TCK")
TURNS, PAGES, LONG = 4, 100, 300
"""Into how many turns work is cut, and how many bare pages come between them, or before and after a single turn."""


@dataclass(frozen=True)
class Figure:
    """Milliseconds: server CPU per piece of work, and how long one client waited (median, 95 of 100).

    `bare` is the CPU of a bare page in between: a shared machine is not as fast in one minute as in the next.
    """

    name: str
    count: int
    cpu: float
    median: float
    p95: float
    bare: float

    @property
    def times(self) -> float:
        """CPU as a multiple of the bare page's."""
        return self.cpu / self.bare


@dataclass
class Bare:
    """The bare page's server, and what all its pages came to."""

    server: Server
    pages: int = 0
    seconds: float = 0.0

    def spend(self, pages: int = PAGES) -> float:
        """CPU milliseconds of one page, now."""
        work, before = page(self.server, "/"), group_cpu(self.server.process.pid)
        for number in range(pages):
            work(number)
        spent = group_cpu(self.server.process.pid) - before
        self.pages, self.seconds = self.pages + pages, self.seconds + spent
        return spent * 1000 / pages

    @property
    def cpu(self) -> float:
        """The same over the whole run."""
        return self.seconds * 1000 / self.pages


def group_cpu(leader: int) -> float:
    """CPU seconds of every process in a group so far, from /proc."""
    return sum(spent for _process, spent in _members(leader)) / TICKS


def group(leader: int) -> list[int]:
    """The processes of a group."""
    return [process for process, _spent in _members(leader)]


def _members(leader: int) -> Iterator[tuple[int, int]]:
    """Each process of a group and the ticks it has spent."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        if int(fields[2]) == leader:
            yield int(stat.parent.name), int(fields[11]) + int(fields[12])


def measured(name: str, server: Server, count: int, work: Callable[[int], int], bare: Bare) -> Figure:
    """Do the work `count` times after a warm-up, in a few turns with bare pages between them."""
    for number in range(max(3, count // 10)):
        work(-number - 1)
    waits: list[float] = []
    cpu, between, turns = 0.0, [bare.spend()], min(TURNS, count)
    for turn in range(turns):
        before = group_cpu(server.process.pid)
        for number in range(turn * count // turns, (turn + 1) * count // turns):
            begun = time.perf_counter()
            work(number)
            waits.append((time.perf_counter() - begun) * 1000)
        cpu += group_cpu(server.process.pid) - before
        between.append(bare.spend())
    waits.sort()
    p95 = waits[int(len(waits) * 0.95)]
    return Figure(name, count, cpu * 1000 / count, statistics.median(waits), p95, statistics.mean(between))


def page(server: Server, path: str) -> Callable[[int], int]:
    """Fetching one page, as browsers do: compressed."""

    def work(_number: int) -> int:
        with closing(Client(server.port)) as client:
            status, size = client.weigh(path)
            assert status == 200, (path, status)
            return size

    return work


def sent_by_sign_up(server: Server, slug: str) -> tuple[int, int]:
    """Requests of one sign-up, and the bytes of their answers' bodies as browsers get them: compressed."""
    with closing(Client(server.port)) as client:
        path = f"/arrangementer/{slug}"
        client.get(path)
        token = client.token(f"{path}/pamelding")
        fields = {**FORM, "csrf_token": token, "first_name": "Kåre", "email": "veid@lege.example.org"}
        assert client.post(f"{path}/pamelding", fields)[0] == 303
        assert client.get(f"{path}/kvittering")[0] == 200
        return len(client.sizes), sum(client.sizes)


def sign_up(server: Server, slug: str, tag: str) -> Callable[[int], int]:
    """A whole sign-up: event page, form, POST, receipt."""
    path = f"/arrangementer/{slug}"

    def work(number: int) -> int:
        with closing(Client(server.port)) as client:
            size = client.weigh(path)[1]
            token = client.token(f"{path}/pamelding")
            fields = {**FORM, "csrf_token": token, "first_name": "Kåre", "email": f"{tag}{number}@lege.example.org"}
            status, _where = client.post(f"{path}/pamelding", fields)
            assert status == 303, status
            assert client.get(f"{path}/kvittering")[0] == 200
            return size

    return work
