"""A hostile run against the real server: whatever is sent, no answer is a failure, and nobody reads another's data.

Short in the suite. `COURSEAPP_HOSTILE_ROUNDS=14` sends more than 20 000 requests to each database, each round with a
seed, a server and data of its own.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import islice
from random import Random

import pytest
from flask import Flask

from courseapp import clock
from courseapp.config import Settings
from tests.lived_in import live_in
from tests.load import hostile
from tests.load.hostile import Door, Hand
from tests.load.servers import web

pytestmark = pytest.mark.load
ROUNDS = int(os.environ.get("COURSEAPP_HOSTILE_ROUNDS", "1"))
REQUESTS, AT_ONCE = 1_600, 4
MOST_MB, MOST_MB_MORE = 600, 200


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(ROUNDS))
def test_nothing_breaks_and_nobody_reads_anothers_data(
    app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC))
    world, other = live_in("nord"), live_in("ost")
    visitors, others = hostile.doors(app, world, other), hostile.others_paths(app, other)
    keys = [*world.keys.values(), *other.keys.values(), world.ids["certificate"]]
    with web(settings) as server:
        hands = [Hand(server.port) for _ in range(AT_ONCE)]
        look(hands, visitors)
        before = hostile.memory(server.process.pid)

        share = (REQUESTS - asked(hands)) // (AT_ONCE * len(visitors))

        def attack(number: int) -> None:
            for at, door in enumerate(visitors):
                chance = Random(f"{seed} {number} {at}")
                for sent in islice(hostile.requests(door, others, keys, chance), share):
                    hands[number].send(sent)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(attack, range(AT_ONCE)))
        after = hostile.memory(server.process.pid)
        assert server.process.poll() is None
    for hand in hands:
        hand.line.close()
    statuses = sum((hand.statuses for hand in hands), Counter[int]())
    sys.stdout.write(f"\nseed {seed}: {dict(sorted(statuses.items()))}, {before} MB before, {after} MB after\n")
    assert [wrong for hand in hands for wrong in hand.wrong] == []
    assert after < MOST_MB
    assert after - before < MOST_MB_MORE
    assert statuses.total() >= 1_500
    assert statuses[200] > statuses.total() // 10
    assert statuses[422] > statuses.total() // 20


def asked(hands: list[Hand]) -> int:
    """How many requests so far."""
    return sum(hand.statuses.total() for hand in hands)


def look(hands: list[Hand], visitors: list[Door]) -> None:
    """Every page of every door once, for its forms."""
    for door in visitors:
        hands[0].enter(door)

    def one(number: int) -> None:
        for door in visitors:
            for path in door.paths[number::AT_ONCE]:
                found = hostile.forms_in(path, hands[number].send(hostile.honest(door, path)))
                door.forms += [form for form in found if form.fields]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(one, range(AT_ONCE)))
    for door in visitors:
        door.forms.sort(key=lambda form: (form.page, form.action))
