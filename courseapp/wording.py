"""Labels, names, hours and counts in the reader's language; used by pages, letters and documents.

The reader is whoever asks for a page, or whom `speaking` names while a letter is written. Where nobody is known
(commands, tests of bare functions) it is bokmål. Numbers follow Språkrådet: a hard space from five digits, a
decimal comma.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise
from typing import Protocol

from courseapp.domain.errors import DomainError
from courseapp.domain.language import Language
from courseapp.labels import FIELDS, HISTORY, LABELS, PERSON_FIELDS, SHORT_LABELS
from courseapp.speech import language, said


class HasPlace(Protocol):
    """Anything that happens somewhere."""

    @property
    def place(self) -> str:
        """What the place is called, or nothing."""

    @property
    def digital(self) -> bool:
        """Whether there is a video meeting."""

    @property
    def cancelled(self) -> bool:
        """Whether it is called off."""


HARD_SPACE = "\N{NO-BREAK SPACE}"


def refusal(refused: DomainError) -> str:
    """Why an act was refused."""
    return said(refused.message, **refused.values)


def label(value: StrEnum) -> str:
    """What an enum member is called."""
    return said(LABELS[type(value), str(value)])


def short_label(value: StrEnum) -> str:
    """A label for narrow places: the abbreviation where everybody knows it."""
    short = SHORT_LABELS.get((type(value), str(value)))
    return said(short) if short else label(value)


def history(verb: str) -> str:
    """What an audit verb is called; one that has no words yet is shown as it is."""
    return said(HISTORY[verb]) if verb in HISTORY else verb


def field_name(field: str) -> str:
    """What a field of an event is called."""
    return said(FIELDS[field]) if field in FIELDS else field


def person_field(field: str) -> str:
    """What a field of a participant is called."""
    return said(PERSON_FIELDS[field]) if field in PERSON_FIELDS else field


def listed(parts: Sequence[str]) -> str:
    """«a», «a og b», «a, b og c»."""
    if len(parts) < 2:
        return "".join(parts)
    return said("%(first)s og %(last)s", first=", ".join(parts[:-1]), last=parts[-1])


def number(value: int) -> str:
    """Thousands with a hard space from five digits: «10 000», in English «10,000»."""
    if abs(value) < 10_000:
        return str(value)
    return f"{value:,}" if language() is Language.ENGLISH else f"{value:,}".replace(",", HARD_SPACE)


def hours(minutes: int) -> str:
    """Minutes as hours: «18 timer», «1 time», «7,5 timer»."""
    amount = _point(f"{minutes / 60:.2f}".rstrip("0").rstrip("."))
    unit = said("time") if minutes == 60 else said("timer")
    return f"{amount}{HARD_SPACE}{unit}"


def decimal(value: float) -> str:
    """One decimal: «4,5», in English «4.5»."""
    return _point(f"{value:.1f}")


def _point(amount: str) -> str:
    return amount if language() is Language.ENGLISH else amount.replace(".", ",")


def counted(count: int, one: str, many: str) -> str:
    """«1 plass», «12 plasser»; the words are the reader's already. All our languages have these two forms."""
    return f"{number(count)}{HARD_SPACE}{one if count == 1 else many}"


def phone(value: str) -> str:
    """Norwegian numbers in pairs, 8xx as 3+2+3 (nummerforskriften § 16); foreign ones as they are."""
    digits = value.removeprefix("+47")
    if not value.startswith("+47") or len(digits) != 8:
        return value
    cuts = (0, 3, 5, 8) if digits[0] == "8" else (0, 2, 4, 6, 8)
    return HARD_SPACE.join(digits[a:b] for a, b in pairwise(cuts))


def session_title(title: str, session_number: int, sessions_total: int) -> str:
    """An event's title, with the day's number where there are several (calendar entries, subjects)."""
    if sessions_total < 2 or not session_number:
        return title
    return said("%(title)s (dag %(number)d av %(total)d)", title=title, number=session_number, total=sessions_total)


def session_location(place: str, address: str) -> str:
    """Place and address as one line."""
    return ", ".join(filter(None, [place, address]))


def places(sessions: Sequence[HasPlace]) -> str:
    """Where it is, each place once: «Bodø», «Bodø og digitalt»; empty where nothing is known."""
    going = [one for one in sessions if not one.cancelled] or sessions
    return listed(list(dict.fromkeys(one.place or said("digitalt") for one in going if one.place or one.digital)))
