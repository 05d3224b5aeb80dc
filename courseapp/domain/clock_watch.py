"""Whether the wall clock can be believed: one that leaps is not, until it has gone on like that for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

LEAP = timedelta(minutes=5)
"""What a clock is set right by in ordinary times is far less; a machine that slept, or was set wrong, is far more."""

DOUBT_SECONDS = 15 * 60
"""Long enough for a time service to set a clock right, short enough that nobody waits for what is due."""


@dataclass(frozen=True, slots=True)
class ClockWatch:
    """What was last seen of the wall clock, beside seconds that run on whatever it is set to."""

    wall: datetime
    steady: float
    off: timedelta = timedelta(0)
    doubted_until: float = 0.0

    def look(self, wall: datetime, steady: float) -> ClockWatch:
        """The watch after another look. A leap begins a time of doubt; a leap back to where it was ends it at once."""
        leap = wall - self.wall - timedelta(seconds=steady - self.steady)
        if abs(leap) < LEAP:
            off = self.off if self.doubts(steady) else timedelta(0)
            return ClockWatch(wall, steady, off, self.doubted_until)
        off = self.off + leap
        return ClockWatch(wall, steady, off, 0.0 if abs(off) < LEAP else steady + DOUBT_SECONDS)

    def doubts(self, steady: float) -> bool:
        """Whether nothing should be done that only a date has made due, and that cannot be undone."""
        return steady < self.doubted_until
