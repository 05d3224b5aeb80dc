"""One activity that two offices both wrote down: what makes two lines look like the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from courseapp.domain.event import EventKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is compared. `office_id` is the responsible one; `typed`: it is no more than what somebody typed in."""

    event_id: int
    office_id: int
    kind: EventKind
    title: str
    place: str
    days: tuple[date, ...]
    typed: bool


def alike(one: Line, other: Line) -> bool:
    """Whether two offices' lines are probably the same: same days, and the same title, or the same kind and place.

    Two different places are two activities, whatever they are called: every veilederkurs has the same title. And two
    that people signed up for are two.
    """
    if one.office_id == other.office_id or not one.days or one.days != other.days:
        return False
    if not (one.typed or other.typed):
        return False
    places = {_plain(one.place), _plain(other.place)}
    if len(places - {""}) > 1:
        return False
    return _plain(one.title) == _plain(other.title) or (one.kind is other.kind and "" not in places)


def pairs(lines: Sequence[Line]) -> list[tuple[Line, Line]]:
    """Every two lines that look alike, in the order they came."""
    by_days: dict[tuple[date, ...], list[Line]] = {}
    for line in lines:
        by_days.setdefault(line.days, []).append(line)
    return [pair for same in by_days.values() for pair in combinations(same, 2) if alike(*pair)]


def _plain(text: str) -> str:
    """Letters and digits alone: «ALIS-dag, Bodø» and «Alis dag Bodø» are the same."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())
