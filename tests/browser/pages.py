"""Makes docs/pages.md of what a browser saw on every page: `python -m tests.browser.pages`, or `make pages`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.browser import sweep
from tests.browser.places import PLACES
from tests.browser.ways import Place

FOLDER = "COURSEAPP_PAGES_SEEN"
"""Where the tests of this run leave what they saw; unset when they compare it with the file."""

INTRODUCTION = """# Every page, looked at

Made by `make pages`, which opens each of these in Chromium; `tests/browser/test_accessible.py` looks at them again with
every test run and fails where a line differs from what it did, or is missing.

A *place* is a page in one of the states in which it looks different. On each: axe with all rules of WCAG 2.0–2.2 A and
AA and best practice in the light theme on a phone (390 pixels); no sideways scroll and no small target (24 pixels) at
any of the widths; in the dark, at a desk (1280 pixels), the rules that colours or width can break. All parts that open
are open. A page that can be fetched again by its address is fetched in the other languages too, at 320 pixels: the
language it says it is in, its status, no sideways scroll, no small target. What a form answers is looked at in bokmål.

"""


def being_made() -> bool:
    """Whether this run makes the table."""
    return FOLDER in os.environ


def keep(place: Place, row: str) -> None:
    """Leave a line for the table that is being made."""
    (Path(os.environ[FOLDER]) / str(PLACES.index(place))).write_text(row, encoding="utf-8")


def begins(row: str) -> tuple[str, ...]:
    """The door, page and place that a line is about."""
    return tuple(row.removeprefix("| ").split(" | ")[:3])


def main() -> None:
    """Look at every page and write down what was looked at."""
    look = [sys.executable, "-m", "pytest", "-q", "-n", os.environ.get("WORKERS", "2"), "--dist", "worksteal"]
    with TemporaryDirectory() as folder:
        command = [*look, "tests/browser/test_accessible.py", "-k", "everybody_can_use"]
        subprocess.run(command, env={**os.environ, FOLDER: folder}, check=False)
        seen = {int(file.name): file.read_text(encoding="utf-8") for file in Path(folder).iterdir()}
    missing = [place.name for number, place in enumerate(PLACES) if number not in seen]
    if missing:
        sys.exit(f"Not written, these were not whole: {', '.join(missing)}")
    lines = [sweep.line(*sweep.HEAD), "|---" * len(sweep.HEAD) + "|", *(seen[one] for one in range(len(PLACES)))]
    sweep.FILE.write_text(INTRODUCTION + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
