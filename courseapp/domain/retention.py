"""How long what is known about people is kept, by kind of fact; and when the time of each has come.

The periods are those of the product description («Keep tidy»); they stand on the privacy page in the same words.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from courseapp.domain.attendance import KITCHEN_AFTER
from courseapp.domain.errors import DomainError
from courseapp.domain.marking import N_

CONTACT_MONTHS = 24
CERTIFICATE_YEARS = 10
LOOSE_LETTER_MONTHS = 3


class Forgotten(StrEnum):
    """What is forgotten, each at its own time."""

    DIETARY = "dietary"
    PEOPLE = "people"
    CERTIFICATES = "certificates"
    LEADERS = "leaders"
    LETTERS = "letters"
    ERASED = "erased"


class StillSignedUp(DomainError):
    """Somebody with a place at a coming event cannot be forgotten: the office could not reach her."""

    message = N_("Personen er påmeldt noe som ikke er over. Meld av først, så kan opplysningene slettes.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What ended, was issued or was written before these moments has had its time."""

    dietary: datetime
    people: datetime
    certificates: datetime
    letters: datetime


def limits(now: datetime) -> Limits:
    """The moments that divide what is kept from what has had its time at `now`."""
    return Limits(
        dietary=now - KITCHEN_AFTER,
        people=months_before(now, CONTACT_MONTHS),
        certificates=months_before(now, CERTIFICATE_YEARS * 12),
        letters=months_before(now, LOOSE_LETTER_MONTHS),
    )


def months_before(moment: datetime, months: int) -> datetime:
    """The same day and time so many months earlier; the last day of a month that is too short for it."""
    return _moved(moment, -months)


def people_due(ends_at: datetime) -> datetime:
    """When the people of an event that ended then are forgotten."""
    return _moved(ends_at, CONTACT_MONTHS)


def _moved(moment: datetime, months: int) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
