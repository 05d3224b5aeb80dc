"""Which column of a list is what, and which role a text means: guessed, for a person to look over.

Lists come from forms, mail and old spreadsheets; no two have the same headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

from courseapp.domain.errors import DomainError
from courseapp.domain.event import SHORT_FORM, EventKind
from courseapp.domain.marking import N_
from courseapp.domain.modes import Mode
from courseapp.domain.registration import Role

MOST_ROWS = 2_000
MOST_COLUMNS = 60
MOST_ROLES = 40
"""So many different texts may stand for roles; more is a column of something else."""


class UploadGone(DomainError):
    """Imported, dropped or an hour old; or somebody else's."""

    message = N_("Lista er ikke her lenger. Den er importert eller slettet. Last opp fila på nytt hvis du trenger den.")


class TooManyRoles(DomainError):
    """The column that was chosen for roles holds something else."""

    message = N_("Kolonnen for rolle har mer enn 40 forskjellige tekster. Velg en annen kolonne.")


class ColumnTwice(DomainError):
    """Two columns for one field."""

    message = N_("To kolonner er satt til det samme. Velg én av dem.")


class NoAddressColumn(DomainError):
    """Without addresses nobody can be told apart."""

    message = N_("Velg hvilken kolonne som har e-postadressen. Uten den kan ingen legges inn.")


class NoNameColumn(DomainError):
    """Names are needed, whole or in two."""

    message = N_("Velg kolonnene for fornavn og etternavn, eller en kolonne med hele navnet.")


class RoleMissing(DomainError):
    """A text nobody has given a role."""

    message = N_("Velg rolle for alle tekstene under «Roller».")


class Field(StrEnum):
    """What a column of the list may hold."""

    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    NAME = "name"
    EMAIL = "email"
    ROLE = "role"
    WORKPLACE = "workplace"
    MOBILE = "mobile"
    MUNICIPALITY = "municipality"
    HPR_NUMBER = "hpr_number"
    NOTE = "note"
    MODE = "mode"


_ALWAYS = (Field.FIRST_NAME, Field.LAST_NAME, Field.NAME, Field.EMAIL, Field.ROLE, Field.WORKPLACE)

_HEADINGS = {
    Field.FIRST_NAME: ("fornavn", "firstname", "givenname"),
    Field.LAST_NAME: ("etternavn", "lastname", "surname", "familienavn"),
    Field.NAME: ("navn", "fulltnavn", "name", "fullname", "deltaker", "deltakernavn", "deltakersnavn"),
    Field.EMAIL: ("epost", "epostadresse", "email", "emailaddress", "emailadresse", "mail", "mailadresse"),
    Field.ROLE: ("rolle", "stilling", "yrke", "profesjon", "stillingstittel", "role"),
    Field.WORKPLACE: (
        "arbeidssted",
        "arbeidsplass",
        "legekontor",
        "legesenter",
        "arbeidsgiver",
        "praksis",
        "workplace",
    ),
    Field.MOBILE: ("mobil", "telefon", "tlf", "mob", "phone"),
    Field.MUNICIPALITY: ("kommune", "arbeidskommune", "kommunenavn", "municipality"),
    Field.HPR_NUMBER: ("hpr",),
    Field.MODE: (
        "deltakelse",
        "deltakelsesform",
        "deltakerform",
        "deltarhvordan",
        "fysiskellerdigitalt",
        "fysiskdigitalt",
    ),
    Field.NOTE: ("merknad", "kommentar", "notat", "beskjed", "melding", "note", "annet"),
}
_WHOLE_ONLY = frozenset({"navn", "name", "deltaker", "mail", "mob", "note", "annet"})
"""Headings that mean this only when they stand alone: «Navn på leder» is nobody's name here."""

_ROLES: dict[Role, tuple[str, ...]] = {
    Role.SPECIALIST_GENERAL_PRACTICE: (
        "specialist general practice",
        "spesialist i allmennmedisin",
        "spesialist allmennmedisin",
        "spesialist allmenn",
        "spes allmennmedisin",
        "spes allmenn",
        "spes i allmennmedisin",
        "allmennspesialist",
        "allmennlege spesialist",
        "fastlege spesialist",
        "fastlege",
    ),
    Role.SPECIALIST_COMMUNITY_MEDICINE: (
        "specialist community medicine",
        "spesialist i samfunnsmedisin",
        "spesialist samfunnsmedisin",
        "spesialist samfunn",
        "spes samfunnsmedisin",
        "spes i samfunnsmedisin",
        "samfunnsmedisiner",
    ),
    Role.OTHER_SPECIALIST: ("other specialist", "annen spesialist", "spesialist annet", "spesialist i annet"),
    Role.ALIS: ("alis", "allmennlege i spesialisering", "alis allmennlege i spesialisering", "lis3 allmennmedisin"),
    Role.SAMLIS: (
        "samlis",
        "samfunnsmedisinsk lege i spesialisering",
        "samlis samfunnsmedisinsk lege i spesialisering",
        "samfunnsmedisiner i spesialisering",
        "lis3 samfunnsmedisin",
    ),
    Role.LIS1: ("lis1", "lis 1", "lis 1 lege", "lis1 lege", "turnuslege", "turnus", "turnuskandidat"),
    Role.DOCTOR: ("doctor", "lege", "lege uten påbegynt spesialisering", "lege uten spesialitet", "vikarlege"),
    Role.MEDICAL_STUDENT: ("medical student", "medisinstudent", "medisinsk student", "student", "stud med"),
    Role.NOT_DOCTOR: ("not doctor", "ikke lege", "koordinator", "administrasjon", "sykepleier", "helsesekretær"),
}
_ROLE_OF = {text: role for role, texts in _ROLES.items() for text in texts}


_MODES = {
    Mode.PHYSICAL: ("physical", "fysisk", "fysisk oppmøte", "oppmøte", "i salen", "salen", "på stedet"),
    Mode.DIGITAL: ("digital", "digitalt", "digital deltakelse", "på nett", "nett", "video", "teams", "zoom", "online"),
}
_MODE_OF = {text: mode for mode, texts in _MODES.items() for text in texts}


def fields_for(kind: EventKind, *, hybrid: bool) -> tuple[Field, ...]:
    """The fields that this kind of event asks for; what it does not ask for is not kept either."""
    asked = (*_ALWAYS, Field.MODE) if kind in SHORT_FORM else tuple(Field)
    return tuple(one for one in asked if hybrid or one is not Field.MODE)


def mode_of(text: str) -> Mode | None:
    """How somebody takes part, in the words of a list; who says nothing comes. None for what is neither."""
    plain = _plain(text)
    return Mode.PHYSICAL if not plain else _MODE_OF.get(plain)


def guess_columns(headings: Sequence[str], allowed: Iterable[Field]) -> list[str]:
    """Which field each column seems to be, or nothing; no field twice. Whole words first, then beginnings."""
    may, found = set(allowed), [""] * len(headings)
    for fits in (_is, _begins):
        for place, heading in enumerate(headings):
            if found[place]:
                continue
            field = next((one for one in Field if one in may and one not in found and fits(_bare(heading), one)), None)
            found[place] = field or ""
    return found


def guess_role(text: str) -> Role | None:
    """The role a text means, if it is one that offices write."""
    return _ROLE_OF.get(_plain(text))


def check_columns(columns: Sequence[str]) -> None:
    """Raise what is wrong with the choice of columns: ColumnTwice, NoAddressColumn or NoNameColumn."""
    used = [one for one in columns if one]
    if len(used) != len(set(used)):
        raise ColumnTwice
    if Field.EMAIL not in used:
        raise NoAddressColumn
    if Field.NAME not in used and not {Field.FIRST_NAME, Field.LAST_NAME} <= set(used):
        raise NoNameColumn


def role_texts(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> list[str]:
    """The different texts that stand for roles, in order, «» among them for rows without any."""
    return list(dict.fromkeys(cells_of(row, columns).get(Field.ROLE, "") for row in rows))


def cells_of(row: Sequence[str], columns: Sequence[str]) -> dict[Field, str]:
    """The cells that are a field, space tidied: notes keep their lines."""
    return {
        Field(field): text.strip() if field == Field.NOTE else " ".join(text.split())
        for field, text in zip(columns, row, strict=False)
        if field
    }


def _is(heading: str, field: Field) -> bool:
    return heading in _HEADINGS[field]


def _begins(heading: str, field: Field) -> bool:
    return heading.startswith(tuple(word for word in _HEADINGS[field] if word not in _WHOLE_ONLY))


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())


def _bare(heading: str) -> str:
    return re.sub(r"[\W_]+", "", heading.casefold())
