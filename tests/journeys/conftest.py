"""The calendar programs that journeys end in."""

from collections.abc import Iterator

import pytest

from tests.calendar_files import oracles


@pytest.fixture(scope="module")
def ical_js() -> Iterator[oracles.IcalJs]:
    """A running ical.js."""
    with oracles.ical_js() as asked:
        yield asked
