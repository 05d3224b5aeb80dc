"""A row of a list of people: the person it tells of, or what is wrong with it, and what will become of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from courseapp.domain import geography, names
from courseapp.domain.marking import N_
from courseapp.domain.modes import Mode
from courseapp.domain.people_columns import Field, cells_of, mode_of
from courseapp.domain.registration import Role
from courseapp.domain.rows import PersonDetails

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


NO_NAME = N_("Fornavn eller etternavn mangler.")
NO_EMAIL = N_("E-postadressen mangler.")
WRONG_EMAIL = N_("E-postadressen ser ikke riktig ut.")
WRONG_NAME = N_("Navnet kan ikke ha nettadresser eller e-postadresser.")
WRONG_PHONE = N_("Mobilnummeret ser ikke riktig ut.")
WRONG_HPR = N_("HPR-nummeret er ikke ett til ni siffer.")
NO_ROLE = N_("Rollen mangler.")
TOO_LONG = N_("En av opplysningene er for lang.")
WRONG_MODE = N_("Deltakelsen må være «fysisk» eller «digitalt».")
WRONG_SIGNS = N_("Raden har tegn som ikke kan brukes.")


@dataclass(frozen=True, kw_only=True)
class Checks:
    """What needs more than this room knows: each gives the value as it is kept, or None for a wrong one."""

    email: Callable[[str], str | None]
    phone: Callable[[str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One row: its number in the file (the heading is row 1), and its person, or why there is none.

    `mode` is what the list says, for events that ask; without a word she comes.
    """

    number: int
    shown: str
    person: PersonDetails | None
    problems: tuple[str, ...] = ()
    mode: Mode = Mode.PHYSICAL


class Fate(StrEnum):
    """What will become of a row."""

    NEW = "new"
    HERE = "here"
    TWICE = "twice"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A row and its fate. `other`: the registration that is in already, or the number of the row that came first."""

    read: Read
    fate: Fate
    other: int | None = None


def read_row(
    number: int, row: Sequence[str], columns: Sequence[str], roles: Mapping[str, str], *, checks: Checks
) -> Read:
    """One row as a person, or everything that is wrong with it. `roles` says which role each text means."""
    cells = cells_of(row, columns)
    first, last = _names(cells)
    role = roles.get(cells.get(Field.ROLE, ""), "")
    kept = {
        "email": checks.email(cells.get(Field.EMAIL, "")),
        "mobile": checks.phone(cells.get(Field.MOBILE, "")),
        "hpr_number": hpr_number(cells.get(Field.HPR_NUMBER, "")),
    }
    wrong = _problems(first, last, role, kept, cells)
    shown = " ".join(filter(None, [first, last])) or cells.get(Field.EMAIL, "")
    return Read(
        number=number,
        shown=_CONTROL.sub("", shown)[:120],
        person=None if wrong else _person(first, last, role, kept, cells),
        problems=wrong,
        mode=mode_of(cells.get(Field.MODE, "")) or Mode.PHYSICAL,
    )


def _problems(
    first: str, last: str, role: str, kept: Mapping[str, str | None], cells: Mapping[Field, str]
) -> tuple[str, ...]:
    """Everything that is wrong with a row."""
    problems = {
        NO_NAME: not first or not last,
        WRONG_NAME: names.holds_address(f"{first} {last}"),
        NO_EMAIL: not cells.get(Field.EMAIL),
        WRONG_EMAIL: bool(cells.get(Field.EMAIL)) and kept["email"] is None,
        WRONG_PHONE: kept["mobile"] is None,
        WRONG_HPR: kept["hpr_number"] is None,
        NO_ROLE: role not in set(Role),
        WRONG_MODE: mode_of(cells.get(Field.MODE, "")) is None,
        TOO_LONG: _too_long(first, last, cells),
        WRONG_SIGNS: any(_CONTROL.search(text) for text in cells.values()),
    }
    return tuple(text for text, so in problems.items() if so)


def _person(
    first: str, last: str, role: str, kept: Mapping[str, str | None], cells: Mapping[Field, str]
) -> PersonDetails:
    municipality = cells.get(Field.MUNICIPALITY, "")
    known = geography.municipality(municipality)
    return PersonDetails(
        first_name=first,
        last_name=last,
        email=kept["email"] or "",
        mobile=kept["mobile"] or "",
        primary_role=Role(role),
        other_roles=(),
        workplace=cells.get(Field.WORKPLACE, ""),
        municipality=known.label if known else municipality,
        district="",
        hpr_number=kept["hpr_number"] or "",
        supervises=(),
        reason=None,
        note=cells.get(Field.NOTE, ""),
        dietary_needs="",
    )


def judge(rows: Iterable[Read], here: Mapping[str, int]) -> list[Judged]:
    """The fate of every row. `here`: the registrations that are in, by address in lower case."""
    first_at: dict[str, int] = {}
    judged = []
    for row in rows:
        if row.person is None:
            judged.append(Judged(read=row, fate=Fate.WRONG))
            continue
        key = row.person.email.lower()
        if key in here:
            judged.append(Judged(read=row, fate=Fate.HERE, other=here[key]))
        elif key in first_at:
            judged.append(Judged(read=row, fate=Fate.TWICE, other=first_at[key]))
        else:
            first_at[key] = row.number
            judged.append(Judged(read=row, fate=Fate.NEW))
    return judged


def hpr_number(text: str) -> str | None:
    """The digits of an HPR number, «» for none, None for what is no such number."""
    value = re.sub(r"[\s.\u00a0]", "", re.sub(r"(?i)^hpr[-\s]*(nr|nummer)?[.:\s]*", "", text))
    if not value or value.casefold() in {"vetikke", "veitikke", "harikke", "ingen", "-", "?"}:
        return ""
    digits = value.lstrip("0")
    right = value.isascii() and value.isdigit() and 1 <= len(digits) <= 9
    return digits if right else None


def _names(cells: Mapping[Field, str]) -> tuple[str, str]:
    """First and last name. A whole name parts at its last space, or at the comma of «Etternavn, Fornavn»."""
    whole = cells.get(Field.NAME, "")
    if "," in whole:
        last, _comma, first = whole.partition(",")
    else:
        first, _space, last = whole.rpartition(" ")
    return cells.get(Field.FIRST_NAME) or first.strip(), cells.get(Field.LAST_NAME) or last.strip()


def _too_long(first: str, last: str, cells: Mapping[Field, str]) -> bool:
    most = {Field.WORKPLACE: 120, Field.MUNICIPALITY: 80, Field.NOTE: 1000}
    return max(len(first), len(last)) > 80 or any(len(cells.get(field, "")) > bound for field, bound in most.items())
