"""Kursbevis: numbers, control codes, and what stands on one. Minutes are course minutes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from courseapp.domain.errors import DomainError
from courseapp.domain.language import Language
from courseapp.domain.marking import N_
from courseapp.domain.registration import Role
from courseapp.domain.rows import ApprovalRow

CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without I, O, 0 and 1, which paper makes alike."""

CODE_LENGTH = 8
REMARKS = {Role.MEDICAL_STUDENT: N_("Deltok som medisinstudent."), Role.LIS1: N_("Deltok som LIS1.")}
"""A student or LIS1 must be told apart on the kursbevis (Legeforeningen's rules for course certificates)."""


class NotOver(DomainError):
    """Nobody has earned anything before the last session has ended."""

    message = N_("Kursbevis kan utstedes når siste samling er over.")


class NothingToIssue(DomainError):
    """Everybody who earned one has one, perhaps since a moment ago."""

    message = N_("Ingen mangler kursbevis nå. Alle som har krav på det, har fått.")


class NotEarned(DomainError):
    """A kursbevis proves hours that were seen."""

    message = N_("Personen har ikke timene som kreves, så det kan ikke utstedes kursbevis.")


class NotStanding(DomainError):
    """A revoked or replaced one is neither changed nor revoked again."""

    message = N_("Kursbeviset er allerede trukket tilbake eller erstattet.")


class NothingNew(DomainError):
    """A new number with the same words would only confuse."""

    message = N_("Ingenting på kursbeviset er endret, så det trengs ikke et nytt.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a kursbevis says about one person and one course. `minutes` are what she is given."""

    name: str
    hpr_number: str
    remark: str
    title: str
    place: str
    days: tuple[date, ...]
    minutes: int
    approvals: tuple[ApprovalRow, ...]
    leaders: tuple[str, ...]
    office: str
    language: Language = Language.BOKMAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A kursbevis in the register. `code` is the control code on the paper; `replaced_by` the number that took over."""

    id: int
    number: str
    code: str
    content: Content
    issued_at: datetime
    revoked_at: datetime | None
    revoked_reason: str
    replaced_by: str | None

    @property
    def stands(self) -> bool:
        """Whether it is the one that counts."""
        return self.revoked_at is None and self.replaced_by is None


def number_of(office: str, year: int, serial: int) -> str:
    """«NORD-2027-0001»: office, year of issue, and a running number without gaps."""
    return f"{office.upper()}-{year}-{serial:04}"


def read_number(text: str) -> str | None:
    """A number as somebody typed it, or None for what cannot be one."""
    tidied = re.sub(r"[\s–]+", "-", text.strip().upper())
    return tidied if re.fullmatch(r"[A-Z]{3,6}-\d{4}-\d{4,7}", tidied) else None


def read_code(text: str) -> str:
    """A control code as somebody typed it: case, spaces and dashes do not count."""
    return re.sub(r"[\s–-]+", "", text.strip().upper())


def shown_code(code: str) -> str:
    """«ABCD-EFGH», as it stands on the paper."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def within(approvals: Sequence[ApprovalRow], minutes: int) -> tuple[ApprovalRow, ...]:
    """Each approval with its own hours, but no more than the person is given."""
    return tuple(ApprovalRow(text=one.text, minutes=min(one.minutes, minutes)) for one in approvals)
