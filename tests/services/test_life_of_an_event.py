"""The whole life of courses and their registrations, driven at random: the rules hold after every step.

A quick run goes with every test run. `COURSEAPP_LIFE_STEPS=5000 pytest tests/services/test_life_of_an_event.py` takes
that many steps, on roads that are new each time.
"""

from __future__ import annotations

import os
import sys

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.services.life_rules import Life

LONG = int(os.environ.get("COURSEAPP_LIFE_STEPS", "0"))
QUICK_LIVES, QUICK_STEPS, LONG_STEPS = 8, 18, 50


@pytest.mark.timeout(max(120, LONG))
def test_the_rules_hold_through_any_life(app: Flask) -> None:
    before = Life.steps
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=LONG // LONG_STEPS if LONG else QUICK_LIVES,
            stateful_step_count=LONG_STEPS if LONG else QUICK_STEPS,
            deadline=None,
            derandomize=not LONG,
            database=None,
            phases=[Phase.generate] if LONG else [Phase.generate, Phase.shrink],
            print_blob=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
    sys.stdout.write(f"{Life.steps - before} steps\n")
