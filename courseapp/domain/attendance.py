"""Who was there, when that may be written down, and what hours it gives. Minutes are course minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from courseapp.domain.errors import DomainError
from courseapp.domain.marking import N_

MARK_BEFORE = timedelta(hours=12)
"""From so long before a session attendance may be marked: lists are tried out the evening before."""

MARK_DAYS = 60
MARK_AFTER = timedelta(days=MARK_DAYS)
"""Until so long after it. Then the hours have been reported and stand."""

CHECK_IN_BEFORE = timedelta(hours=1)
"""People check themselves in from so long before a session until it ends."""

KITCHEN_DAYS = 14
KITCHEN_AFTER = timedelta(days=KITCHEN_DAYS)
"""What people eat is shown until so long after the last session, and then never again."""


class AttendanceState(StrEnum):
    """What is written about one person at one session; nothing written is no row."""

    PRESENT = "present"
    PARTLY = "partly"
    ABSENT = "absent"


class HoursRule(StrEnum):
    """What it takes to earn an event's hours."""

    ALL_SESSIONS = "all_sessions"
    EACH_SESSION = "each_session"


class Earned(StrEnum):
    """What came of it. `granted`: an organizer decided, with a note."""

    FULL = "full"
    GRANTED = "granted"
    PART = "part"
    NONE = "none"


class Lack(StrEnum):
    """Why a session is missing from somebody's hours."""

    UNMARKED = "unmarked"
    ABSENT = "absent"
    PARTLY = "partly"


class TooEarly(DomainError):
    """The session is not near."""

    message = N_("Oppmøte kan føres fra tolv timer før samlingen begynner.")


class TooLate(DomainError):
    """The session is long past."""

    message = N_("Det er mer enn 60 dager siden samlingen, så oppmøtet kan ikke endres lenger.")


class SessionCancelled(DomainError):
    """Nobody was there."""

    message = N_("Samlingen er avlyst, så det er ikke noe oppmøte å føre.")


HOW_MANY = N_("Skriv hvor mange minutter det ble, fra 1 til %(longest)d. Mer varer ikke samlingen.")


class MinutesWrong(DomainError):
    """Nobody is there for longer than the session, or for no time at all; the sentence says the bound."""


class GrantWrong(DomainError):
    """Nobody is given more hours than the event has."""

    message = N_("Timene må være flere enn null og ikke flere enn arrangementet gir.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One person at one session. `minutes` only for partly."""

    state: AttendanceState
    minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One session that takes place, and the course minutes it gives."""

    id: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """What one person attended and earned. `missing`: session id and why, in order of time."""

    attended: int
    total: int
    earned: Earned
    given: int
    missing: tuple[tuple[int, Lack], ...]


def check_time(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Raise TooEarly or TooLate where attendance may not be marked now."""
    if now < starts_at - MARK_BEFORE:
        raise TooEarly
    if now > ends_at + MARK_AFTER:
        raise TooLate


def may_check_in(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Whether people may say themselves that they are there."""
    return starts_at - CHECK_IN_BEFORE <= now <= ends_at


def length(starts_at: datetime, ends_at: datetime, minutes: int | None) -> int:
    """The most minutes anybody can have attended: the course minutes, or by the clock where it gives none."""
    return minutes or int((ends_at - starts_at).total_seconds() // 60)


def check_mark(mark: Mark, longest: int) -> None:
    """Raise MinutesWrong where the minutes are not those of somebody who was there for a part of it."""
    fits = mark.minutes is not None and 1 <= mark.minutes <= longest
    if mark.state is AttendanceState.PARTLY and not fits:
        raise MinutesWrong(HOW_MANY, longest=longest)


def hours(
    meetings: Sequence[Meeting], marks: Mapping[int, Mark], *, rule: HoursRule, granted: int | None = None
) -> Hours:
    """What somebody's marks come to. `meetings`: the sessions that take place, in order of time; `marks` by session.

    All sessions attended, in full, is everything, whatever was granted. Otherwise the granted minutes count, where
    there are any; else what was attended where each session counts for itself; else nothing.
    """
    total = sum(one.minutes for one in meetings)
    attended = sum(_attended(one, marks.get(one.id)) for one in meetings)
    missing = tuple((one.id, lack) for one in meetings if (lack := _lack(one, marks.get(one.id))) is not None)
    whole = bool(meetings) and not missing
    earned, given = outcome(total=total, attended=attended, whole=whole, rule=rule, granted=granted)
    return Hours(attended=attended, total=total, earned=earned, given=given, missing=missing)


def outcome(*, total: int, attended: int, whole: bool, rule: HoursRule, granted: int | None) -> tuple[Earned, int]:
    """What comes of minutes attended, and the minutes that gives; `whole`: at every session, for all of it."""
    if whole:
        return Earned.FULL, total
    if granted is not None:
        return Earned.GRANTED, min(granted, total)
    if rule is HoursRule.EACH_SESSION and attended:
        return Earned.PART, attended
    return Earned.NONE, 0


def _attended(meeting: Meeting, mark: Mark | None) -> int:
    if mark is None or mark.state is AttendanceState.ABSENT:
        return 0
    return meeting.minutes if mark.state is AttendanceState.PRESENT else min(mark.minutes or 0, meeting.minutes)


def _lack(meeting: Meeting, mark: Mark | None) -> Lack | None:
    """Partly there for the whole of it is there."""
    if mark is None:
        return Lack.UNMARKED
    if mark.state is AttendanceState.ABSENT:
        return Lack.ABSENT
    whole = mark.state is AttendanceState.PRESENT or 0 < meeting.minutes <= (mark.minutes or 0)
    return None if whole else Lack.PARTLY
