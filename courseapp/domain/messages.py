"""What an office writes to its participants: merge fields, what may stand in a text, and who is meant.

A merge field is a word in braces. Filling is one pass over the text, so nothing in a value is ever read as a field.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from courseapp.domain.errors import DomainError
from courseapp.domain.marking import N_
from courseapp.domain.registration import Role, Status

LONGEST_SUBJECT = 150
LONGEST_BODY = 8000


class Field(StrEnum):
    """What may stand in braces."""

    FIRST_NAME = "fornavn"
    NAME = "navn"
    EVENT = "arrangement"
    DATES = "datoer"
    PLACE = "sted"
    LINK = "lenke"
    OFFICE = "kontor"
    CONTACT = "kontaktperson"


EXPLAINED: dict[Field, str] = {
    Field.FIRST_NAME: N_("mottakerens fornavn"),
    Field.NAME: N_("mottakerens hele navn"),
    Field.EVENT: N_("arrangementets tittel"),
    Field.DATES: N_("datoene, som «22. mars og 22. april 2027»"),
    Field.PLACE: N_("stedet, eller stedene"),
    Field.LINK: N_(
        "mottakerens egen lenke til «Min påmelding»; avmeldte og kursholdere får lenken til arrangementets side"
    ),
    Field.OFFICE: N_("kontorets navn"),
    Field.CONTACT: N_("kontaktpersonen, eller kontoret der ingen er satt"),
}

_BRACES = re.compile(r"\{([^{}\r\n]*)\}|[{}]")
_NOT_ONE_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")


class NoSubject(DomainError):
    """A letter needs a subject."""

    message = N_("Skriv et emne.")


class NoBody(DomainError):
    """An empty letter says nothing."""

    message = N_("Skriv en tekst.")


class SubjectNotOneLine(DomainError):
    """Line breaks and other invisible signs have no place in a subject."""

    message = N_("Emnet må være én linje uten usynlige tegn.")


class TooLong(DomainError):
    """The text is longer than anybody reads."""

    message = N_("Teksten er for lang. Emnet kan ha høyst 150 tegn, teksten høyst 8000.")


class LinkInSubject(DomainError):
    """Subjects are shown on locked screens, and the link is the key to a registration."""

    message = N_("{lenke} kan ikke stå i emnet. Sett den i teksten.")


class UnknownField(DomainError):
    """No merge field is called that; the sentence names it and the nearest that is."""


STRAY = N_("Krøllparentesen i «%(around)s» mangler makker. Skriv et helt flettefelt, som {fornavn}, eller ta den bort.")


class StrayBrace(DomainError):
    """A brace without its partner: half a merge field."""


def check_text(subject: str, body: str) -> None:
    """Raise NoSubject, NoBody, SubjectNotOneLine, TooLong, LinkInSubject, UnknownField or StrayBrace, or nothing."""
    if not subject.strip():
        raise NoSubject
    if not body.strip():
        raise NoBody
    if _NOT_ONE_LINE.search(subject):
        raise SubjectNotOneLine
    if len(subject) > LONGEST_SUBJECT or len(body) > LONGEST_BODY:
        raise TooLong
    check_fields(subject)
    check_fields(body)
    if Field.LINK in fields_of(subject):
        raise LinkInSubject


def check_fields(text: str) -> None:
    """Every pair of braces holds a known merge field and no brace stands alone, or UnknownField or StrayBrace."""
    for found in _BRACES.finditer(text):
        word = found.group(1)
        if word is None:
            raise StrayBrace(STRAY, around=_around(text, found.start()))
        if word not in set(Field):
            raise _unknown(word)


def fields_of(text: str) -> set[Field]:
    """The known merge fields that stand in a text."""
    return {Field(one.group(1)) for one in _BRACES.finditer(text) if one.group(1) in set(Field)}


def fill(text: str, values: Mapping[Field, str]) -> str:
    """The text with every merge field replaced, in one pass. Raises UnknownField or StrayBrace as `check_fields`."""
    check_fields(text)
    return _BRACES.sub(lambda found: values[Field(found.group(1))], text)


def fill_known(text: str, values: Mapping[Field, str]) -> str:
    """The text with those merge fields replaced that have a value; everything else stays as it was written."""
    known = {str(field): value for field, value in values.items()}
    return _BRACES.sub(lambda found: known.get(found.group(1) or "", found.group(0)), text)


def paragraphs(text: str) -> tuple[tuple[str, ...], ...]:
    """Paragraphs, which are what blank lines part, each as its lines; empty for a text without letters."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n")
    parts = (part.strip("\n") for part in _BLANK_LINE.split(whole))
    return tuple(tuple(line.rstrip() for line in part.split("\n")) for part in parts if part.strip())


def _unknown(word: str) -> UnknownField:
    shown = f"{{{word[:40]}}}"
    near = get_close_matches(word.strip().casefold(), list(Field), n=1, cutoff=0.5)
    if near:
        said = N_("%(field)s er ikke et flettefelt. Mente du %(near)s?")
        return UnknownField(said, field=shown, near=f"{{{near[0]}}}")
    known = ", ".join(f"{{{one}}}" for one in Field)
    return UnknownField(N_("%(field)s er ikke et flettefelt. De som finnes, er %(known)s."), field=shown, known=known)


def _around(text: str, at: int) -> str:
    return " ".join(text[max(0, at - 15) : at + 16].split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Who shall have a message. With `only` these registrations and nobody else of the participants.

    Otherwise everybody with one of the statuses who meets each of the other lists; an empty list asks nothing.
    """

    statuses: tuple[Status, ...] = (Status.REGISTERED,)
    roles: tuple[Role, ...] = ()
    municipalities: tuple[str, ...] = ()
    groups: tuple[int, ...] = ()
    only: tuple[int, ...] = ()
    leaders: bool = False

    def kept(self) -> dict[str, object]:
        """As the database keeps it."""
        return {
            "statuses": [str(one) for one in self.statuses],
            "roles": [str(one) for one in self.roles],
            "municipalities": list(self.municipalities),
            "groups": list(self.groups),
            "only": list(self.only),
            "leaders": self.leaders,
        }

    @classmethod
    def of(cls, kept: Mapping[str, object]) -> Choice:
        """Back from the database."""
        lists: dict[str, list[object]] = {name: _list(kept.get(name)) for name in cls.__slots__}
        return cls(
            statuses=tuple(Status(str(one)) for one in lists["statuses"]),
            roles=tuple(Role(str(one)) for one in lists["roles"]),
            municipalities=tuple(str(one) for one in lists["municipalities"]),
            groups=tuple(int(str(one)) for one in lists["groups"]),
            only=tuple(int(str(one)) for one in lists["only"]),
            leaders=kept.get("leaders") is True,
        )

    def takes(self, *, registration_id: int, status: Status, role: Role, municipality: str, group: int | None) -> bool:
        """Whether a participant is meant. Municipalities are compared without regard to letters' case or space."""
        if self.only:
            return registration_id in self.only
        places = {_plain(one) for one in self.municipalities}
        return (
            status in self.statuses
            and (not self.roles or role in self.roles)
            and (not places or _plain(municipality) in places)
            and (not self.groups or group in self.groups)
        )


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def fingerprint(revision: int, registration_ids: Iterable[int], leader_ids: Iterable[int]) -> str:
    """What was shown before sending: the draft's revision and exactly who would get it."""
    who = f"{sorted(registration_ids)} {sorted(leader_ids)}"
    return f"{revision}-{hashlib.sha256(who.encode()).hexdigest()[:20]}"
