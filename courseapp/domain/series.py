"""A series of events or activities, and how it counts in the yearly report: each for itself, or as one row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from courseapp.domain import recurrence, role_line
from courseapp.domain.errors import DomainError
from courseapp.domain.marking import N_
from courseapp.domain.modes import Mode
from courseapp.domain.registration import Role
from courseapp.domain.role_line import Part
from courseapp.domain.yearly import Facts, Source, count, modes_of

NOT_KNOWN = N_("Ikke kjent")
MOST_DATES = 4
"""So many dates are written out; more are told by their rhythm and number."""

MOST_PLACES = 3


class Counted(StrEnum):
    """How a series counts. VISITS: everybody each time; PEOPLE: everybody once, told apart by address."""

    EACH = "each"
    VISITS = "visits"
    PEOPLE = "people"


class NoSeriesTitle(DomainError):
    """A row of the report needs a name."""

    message = N_("Skriv hva serien heter, med høyst 200 tegn.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What a series is called and how it counts."""

    id: int
    title: str
    counted: Counted


Came = Mapping[str, Role]
"""Who took part in one event, by address, each with her role. Empty where nobody was registered."""


def together(
    series: Series, members: Sequence[Facts], came: Sequence[Came], when: Callable[[Sequence[date]], str]
) -> Facts:
    """One row for the meetings of a series in one year. `members` and `came` in the order of the days.

    It goes by the number of the meeting that was made first, so that what is written over it stays with it.
    `when` writes days as the offices do.
    """
    number, approximate, text = _number(series.counted, members, came)
    alone = replace(members[0], event_id=min(one.event_id for one in members), seats=0, known=0, attended=None)
    return replace(
        _shared(alone, members),
        title=series.title,
        series_id=series.id,
        when=_when(members, when),
        reported_number=number,
        reported_approximate=approximate,
        reported_text=text,
        reported_roles=_said(series.counted, members),
        reported_digital=_digital(series.counted, members),
        unmarked=sum(one.unmarked for one in members if count(one).source is Source.ATTENDED),
        roles=_roles(series.counted, members, came),
    )


def _shared(row: Facts, members: Sequence[Facts]) -> Facts:
    """The row with what its meetings say, each thing once."""
    comments = [one.comment.rstrip(". ") for one in members if one.comment not in {"", one.reported_roles}]
    return replace(
        row,
        topic="; ".join(_different(members, "topic")),
        place=_place(_different(members, "place")),
        days=tuple(day for one in members for day in one.days),
        own=all(one.own for one in members),
        joint_with=tuple(dict.fromkeys(name for one in members for name in one.joint_with)),
        external_organizer=", ".join(_different(members, "external_organizer")),
        target_group=", ".join(_different(members, "target_group")),
        comment=". ".join(dict.fromkeys(comments)),
        typed=all(one.typed for one in members),
        hybrid=any(one.hybrid for one in members),
    )


def _when(members: Sequence[Facts], written: Callable[[Sequence[date]], str]) -> str:
    """«4. mars og 8. april 2027», or «månedlig, 10 ganger i 2027»."""
    if not all(one.days for one in members):
        return "; ".join(_different(members, "when"))
    if len(members) <= MOST_DATES:
        return written([day for one in members for day in one.days])
    starts = [one.days[0] for one in members]
    often = f"{len(members)} ganger i {starts[0].year}"
    return ", ".join(filter(None, [recurrence.rhythm_of(starts), often]))


def _number(counted: Counted, members: Sequence[Facts], came: Sequence[Came]) -> tuple[int | None, bool, str]:
    """The number, whether it is about, and how the report writes it.

    Visits add up; where some are not known the sum is a least. Different people are known only where every
    meeting counts registered people: a head count does not say who came twice.
    """
    found = [count(one) for one in members]
    if counted is Counted.PEOPLE:
        if any(one.source not in {Source.ATTENDED, Source.SEATS} for one in found):
            return None, False, NOT_KNOWN
        different = len({who for meeting in came for who in meeting})
        return different, False, str(different)
    numbers = [one.number for one in found if one.number is not None]
    if not numbers:
        return None, False, ""
    least = len(numbers) < len(found)
    about = least or any(one.approximate for one in found)
    word = "Minst " if least else "Ca. " if about else ""
    return sum(numbers), about, f"{word}{sum(numbers)}"


def _digital(counted: Counted, members: Sequence[Facts]) -> int | None:
    """How many visits were digital, where every meeting knows; of different people it is not known."""
    modes = [modes_of(one) for one in members]
    if counted is Counted.PEOPLE or not all(modes):
        return None
    return sum(one.get(Mode.DIGITAL, 0) for one in modes)


def _roles(counted: Counted, members: Sequence[Facts], came: Sequence[Came]) -> dict[Role, int]:
    """Roles of registered people: everybody each time, or everybody once with the role she had last."""
    if counted is Counted.PEOPLE:
        latest = {who: role for meeting in came for who, role in meeting.items()}
        return {role: list(latest.values()).count(role) for role in Role if role in latest.values()}
    sums: dict[Role, int] = {}
    for one in members:
        for role, people in one.roles.items():
            sums[role] = sums.get(role, 0) + people
    return sums


def _said(counted: Counted, members: Sequence[Facts]) -> str:
    """The role line where anybody typed one, with the registered people of the other meetings in it."""
    if counted is Counted.PEOPLE or not any(role_line.said(one.reported_roles) for one in members):
        return ""
    sums: dict[tuple[Role | None, str], int] = {}
    for one in members:
        for part in role_line.said(one.reported_roles) or role_line.counted(one.roles):
            key = (part.role, "" if part.role else part.words)
            sums[key] = sums.get(key, 0) + part.count
    parts = [
        Part(count=people, words=words if role is None else role_line.NOUNS[role][people != 1], role=role)
        for (role, words), people in sums.items()
        if people
    ]
    return role_line.line(parts, None).text


def _different(members: Sequence[Facts], name: str) -> list[str]:
    return list(dict.fromkeys(filter(None, (str(getattr(one, name)) for one in members))))


def _place(places: Sequence[str]) -> str:
    if len(places) > MOST_PLACES:
        return N_("Flere steder")
    return " og ".join(filter(None, [", ".join(places[:-1]), *places[-1:]]))
