"""An activity nobody signs up for, as an office types it in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from courseapp.domain import report, role_line
from courseapp.domain.errors import DomainError
from courseapp.domain.event import EventKind, ReportTable
from courseapp.domain.marking import N_
from courseapp.domain.report import Participants
from courseapp.domain.yearly import FIRST_YEAR, LAST_YEAR

MOST_IN_LINE = 300
MOST_IN_TEXT = 2_000
_TEXTS = ("title", "topic", "when", "place", "target_group", "number", "external_organizer")


class NoName(DomainError):
    """Neither a title nor a kind that names itself."""

    message = N_("Skriv hva det var.")


class WrongYear(DomainError):
    """No year, or one that the dates speak against."""

    message = N_("Året må være et årstall, og datoene må være i det året.")


class TooLong(DomainError):
    """Longer than a report has room for."""

    message = N_("En av tekstene er for lang.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityWish:
    """What was typed. `when` is dates or words («Vår og høst»); `number` as people write it; partners are slugs."""

    kind: EventKind
    title: str
    year: int
    table: ReportTable
    when: str = ""
    topic: str = ""
    place: str = ""
    target_group: str = ""
    number: str = ""
    comment: str = ""
    partners: tuple[str, ...] = ()
    external_organizer: str = ""


def comment_again(comment: str) -> str:
    """What a comment says the next time: one that counts roles was about the people of this time."""
    return "" if any(part.role for part in role_line.said(comment)) else comment


def roles_over(wish: ActivityWish) -> tuple[int, int] | None:
    """How many its roles are together and how many people, where they are more than the people; else None."""
    people = report.participants(wish.number)
    total = sum(part.count for part in role_line.said(wish.comment) if part.role)
    if people.number is None or people.approximate or total <= people.number:
        return None
    return total, people.number


def read(wish: ActivityWish) -> tuple[list[date], Participants]:
    """The days it names (none for words) and its number (None for blank).

    Raises NoName, TooLong, WrongYear, or NotADate and NotANumber of `report`.
    """
    if not wish.title.strip():
        raise NoName
    if any(len(getattr(wish, name)) > MOST_IN_LINE for name in _TEXTS) or len(wish.comment) > MOST_IN_TEXT:
        raise TooLong
    if not FIRST_YEAR <= wish.year <= LAST_YEAR:
        raise WrongYear
    days = report.dates(wish.when, year=wish.year) or []
    if days and wish.year not in {day.year for day in days}:
        raise WrongYear(N_("«%(text)s» er ikke i %(year)d."), text=wish.when, year=wish.year)
    return days, report.participants(wish.number)
