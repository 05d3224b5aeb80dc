"""What was measured beside what is wanted, and beside two other systems that were measured with the same load."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.bench.whole import Measured

BARE = 0.28
"""Milliseconds of CPU of the bare page on the machine on which the targets were set and the others measured."""

LETTERS = 3
"""Of a sign-up for a course of two sessions."""


@dataclass(frozen=True)
class Target:
    """Some work: what pretix 2026.8 and Indico 3.3 take for it there, what is wanted there, and what we take here.

    `unit` is a time (ms, s), a rate (/s), or what no machine's speed changes; `bare` is the bare page of that minute.
    """

    work: str
    pretix: str
    indico: str
    wanted: float
    unit: str
    ours: Callable[[Measured], float]
    bare: Callable[[Measured], float] = lambda one: one.bare

    def here(self, speed: float) -> float:
        """The same target on a machine that is so many times slower."""
        return {"ms": self.wanted * speed, "s": self.wanted * speed, "/s": self.wanted / speed}.get(
            self.unit, self.wanted
        )


def _figure(name: str) -> Callable[[Measured], float]:
    return lambda one: one.of(name).bare


def _bearing(name: str) -> Callable[[Measured], float]:
    return lambda one: one.borne(name).bare


TARGETS = (
    Target("requests of one sign-up, without static files", "11", "5", 4, "requests", lambda one: one.sent[0]),
    Target("its bytes", "98 kB", "292 kB", 30, "kB", lambda one: one.sent[1] / 1000),
    Target(
        "sign-up, one person at a time: median",
        *("726 ms", "329 ms", 20, "ms"),
        lambda one: one.of("sign-up").median,
        _figure("sign-up"),
    ),
    Target("its server CPU: web", "665 ms", "333 ms", 8, "ms", lambda one: one.of("sign-up").cpu, _figure("sign-up")),
    Target(
        "the same with the worker's letters",
        *("", "", 25, "ms"),
        lambda one: one.of("sign-up").cpu + LETTERS * one.post.cpu,
        _figure("sign-up"),
    ),
    Target(
        "sign-ups, 8 clients", "2.6", "4.7", 120, "/s", lambda one: one.borne("sign-up").per_second, _bearing("sign-up")
    ),
    Target(
        "rush: 200 forms at once",
        *("24 s", "6.4 s", 1, "s"),
        lambda one: one.rushes[0].seconds,
        lambda one: one.rushes[0].bare,
    ),
    Target("its seats, of 30", "30", "32–36", 30, "seats", lambda one: one.rushes[0].seats),
    Target(
        "rush: 1,000 forms at once",
        *("", "", 5, "s"),
        lambda one: one.rushes[1].seconds,
        lambda one: one.rushes[1].bare,
    ),
    Target(
        "event page: server CPU",
        *("40 ms", "117 ms", 1.2, "ms"),
        lambda one: one.of("event page").cpu,
        _figure("event page"),
    ),
    Target(
        "event pages, 32 clients",
        *("46", "14", 1500, "/s"),
        lambda one: one.borne("event page").per_second,
        _bearing("event page"),
    ),
    Target(
        "participant list with 10,000 people",
        *("97 ms", "10.9 s", 40, "ms"),
        lambda one: one.of("participant table").cpu,
        _figure("participant table"),
    ),
    Target(
        "10,000 participants as xlsx",
        *("80 s", "10 s", 1.5, "s"),
        lambda one: one.of("as xlsx").median / 1000,
        _figure("as xlsx"),
    ),
    Target(
        "the same as csv",
        *("38 s", "10 s", 0.3, "s"),
        lambda one: one.of("as csv").median / 1000,
        _figure("as csv"),
    ),
    Target("memory of everything, idle", "980 MiB", "1,260 MiB", 180, "MiB", lambda one: sum(one.idle)),
    Target(
        "cold start to the first page", "4.4 s", "9.4 s", 1, "s", lambda one: one.start[0], lambda one: one.start[1]
    ),
    Target(
        "letters to a local mail server",
        *("", "", 100, "/s"),
        lambda one: one.post.per_second,
        lambda one: one.post.bare,
    ),
)


def table(title: str, found: Measured) -> Iterator[str]:
    """Markdown: every target as it was set, as it is on a machine of this speed, and what was measured."""
    yield f"### {title}: a bare page takes {found.bare:.2f} ms here, {found.bare / BARE:.1f} times as long as there\n"
    yield "| work | pretix there | Indico there | target there | target here | ours here | ours ÷ target |"
    yield "|---|---|---|---|---|---|---|"
    for one in TARGETS:
        wanted, ours = one.here(one.bare(found) / BARE), one.ours(found)
        share = wanted / ours if one.unit == "/s" else ours / wanted
        there, here, got = (f"{_short(value)} {one.unit}" for value in (one.wanted, wanted, ours))
        yield f"| {one.work} | {one.pretix} | {one.indico} | {there} | {here} | {got} | {share:.2f} |"
    yield ""


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
