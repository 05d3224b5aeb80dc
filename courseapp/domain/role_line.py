"""The comment line of the yearly report: «12 spesialister i allmennmedisin, 14 ALIS og 1 SamLIS, 4 ikke oppgitt»."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from courseapp.domain.registration import Role

NOUNS: dict[Role, tuple[str, str]] = {
    Role.SPECIALIST_GENERAL_PRACTICE: ("spesialist i allmennmedisin", "spesialister i allmennmedisin"),
    Role.SPECIALIST_COMMUNITY_MEDICINE: ("spesialist i samfunnsmedisin", "spesialister i samfunnsmedisin"),
    Role.OTHER_SPECIALIST: ("annen spesialist", "andre spesialister"),
    Role.ALIS: ("ALIS", "ALIS"),
    Role.SAMLIS: ("SamLIS", "SamLIS"),
    Role.LIS1: ("LIS1", "LIS1"),
    Role.DOCTOR: ("lege uten påbegynt spesialisering", "leger uten påbegynt spesialisering"),
    Role.MEDICAL_STUDENT: ("medisinstudent", "medisinstudenter"),
    Role.NOT_DOCTOR: ("som ikke er lege", "som ikke er leger"),
}
"""One and many of each role, as the offices write them; abbreviations have no plural."""

_KNOWN: tuple[tuple[str, Role], ...] = (
    (r"spesialist(?:er)? i al\w*medisin", Role.SPECIALIST_GENERAL_PRACTICE),  # with the slips of the printed reports
    (r"spesialist(?:er)? i samfunnsmedisin", Role.SPECIALIST_COMMUNITY_MEDICINE),
    (r"andre spesialister|annen spesialist", Role.OTHER_SPECIALIST),
    (r"alis", Role.ALIS),
    (r"samlis", Role.SAMLIS),
    (r"lis ?1", Role.LIS1),
    (r"leger? uten påbegynt spesialisering", Role.DOCTOR),
    (r"medisinstudent(?:er)?", Role.MEDICAL_STUDENT),
    (r"som ikke er leger?", Role.NOT_DOCTOR),
)
_MISSING = re.compile(r"ikke oppgitt", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:,\s*og\s+|,\s*|\s+og\s+)(?=\d)")
_PART = re.compile(r"(?P<count>\d{1,6})\s+(?P<words>\S.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """So many of what; `role` None where the words are no role we know."""

    count: int
    words: str
    role: Role | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleLine:
    """The line, how many its roles are together, and how many more they are than the people (0 when not)."""

    text: str
    total: int
    over: int


def counted(counts: Mapping[Role, int]) -> tuple[Part, ...]:
    """Parts of counts by role, in the order of the roles; nobody is not said."""
    return tuple(
        Part(count=counts[role], words=NOUNS[role][counts[role] != 1], role=role) for role in Role if counts.get(role)
    )


def said(text: str) -> tuple[Part, ...]:
    """Parts of a line somebody wrote; empty where it is not such a line. «4 ikke oppgitt» is not a part."""
    pieces = [_PART.fullmatch(piece) for piece in _BETWEEN.split(text.strip().rstrip("."))]
    if not all(pieces):
        return ()
    found = [(int(piece["count"]), piece["words"]) for piece in pieces if piece]
    return tuple(_part(count, words) for count, words in found if not _MISSING.fullmatch(words))


def line(parts: Sequence[Part], people: int | None) -> RoleLine:
    """The line, with those nobody told about, so that it adds up to `people`; None asks for no sum."""
    total = sum(one.count for one in parts)
    missing = 0 if people is None else people - total
    texts = [f"{one.count} {one.words}" for one in parts]
    text = " og ".join(filter(None, [", ".join(texts[:-1]), texts[-1]])) if texts else ""
    if missing > 0 and text:
        text = f"{text}, {missing} ikke oppgitt"
    return RoleLine(text=text, total=total, over=max(0, -missing))


def _part(count: int, words: str) -> Part:
    role = next((role for pattern, role in _KNOWN if re.fullmatch(pattern, words.casefold())), None)
    return Part(count=count, words=words if role is None else NOUNS[role][count != 1], role=role)
