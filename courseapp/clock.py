"""The only reader of the wall clock."""

import time
from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, aware, UTC."""
    return datetime.now(UTC)


def steady() -> float:
    """Seconds that run on whatever the wall clock is set to; only differences between them mean anything."""
    return time.monotonic()
