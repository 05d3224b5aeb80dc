"""The soak in its short form, and that it would see what grows."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from courseapp.config import ROOT
from tests.load.mixed import KINDS
from tests.load.soak import Period, verdict

pytestmark = pytest.mark.load
CALM = Period(
    web_memory=300,
    worker_memory=100,
    web_files=40,
    worker_files=8,
    counts=dict.fromkeys(KINDS, 40),
    median_ms=dict.fromkeys(KINDS, 50.0),
    p95_ms=dict.fromkeys(KINDS, 90.0),
    failed=0,
    letter_seconds=1,
)


@pytest.mark.timeout(150)
def test_half_a_minute_of_everything_is_flat() -> None:
    command = [sys.executable, "-m", "tests.load.soak", "--minutes=0.5", "--period=3", "--warm-up=12"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=140, check=False)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "flat"), done.stdout + done.stderr


def test_what_stays_as_it_is_is_flat() -> None:
    assert verdict([replace(CALM, web_memory=200), *[CALM] * 9]) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"web_memory": 400.0}, "web_memory 300 to 400 MiB"),
        ({"worker_memory": 140.0}, "worker_memory 100 to 140 MiB"),
        ({"web_files": 60}, "web_files 40 to 60"),
        ({"worker_files": 20}, "worker_files 8 to 20"),
        ({"median_ms": {**CALM.median_ms, "csv": 120.0}}, "csv 50 to 120 ms"),
        ({"failed": 1}, "3 failed"),
        ({"letter_seconds": 61.0}, "a letter has waited 61 s"),
    ],
)
def test_what_grows_is_said(wrong: dict[str, object], said: str) -> None:
    later = replace(CALM, **wrong)  # type: ignore[arg-type]
    assert verdict([CALM] * 7 + [later] * 3) == [said]


def test_a_machine_that_got_other_things_to_do_is_no_growth() -> None:
    slow = replace(CALM, median_ms=dict.fromkeys(KINDS, 120.0))
    assert verdict([CALM] * 7 + [slow] * 3) == []


def test_a_median_of_a_few_says_nothing() -> None:
    few = replace(CALM, counts=dict.fromkeys(KINDS, 9))
    assert verdict([few] * 7 + [replace(few, median_ms=dict.fromkeys(KINDS, 500.0))] * 3) == []
