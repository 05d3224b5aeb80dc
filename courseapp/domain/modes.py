"""The two rooms of a hybrid event: who comes and who calls in are counted apart, each with a line of its own."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from courseapp.domain.errors import DomainError
from courseapp.domain.event import EventKind
from courseapp.domain.marking import N_


class Mode(StrEnum):
    """How somebody takes part in a hybrid event; codes are part of the contract with the outside."""

    PHYSICAL = "physical"
    DIGITAL = "digital"


BOTH: tuple[Mode, ...] = (Mode.PHYSICAL, Mode.DIGITAL)
ONE_ROOM: tuple[None] = (None,)

NEVER_HYBRID = frozenset({EventKind.VEILEDERKURS})
"""Two days of practice in groups, face to face: nobody can call in."""


class ModeMissing(DomainError):
    """A hybrid event has two rooms, and which one is wanted was not said."""

    message = N_("Velg hvordan du vil delta.")


class ModeFull(DomainError):
    """No free seat in the other room, or somebody waits for it."""

    message = N_(
        "Det er ingen ledig plass der du vil bytte til, så du beholder det du har. Vil du stå på venteliste der, må du"
        " melde deg av og melde deg på igjen."
    )


class AnswerFirst(DomainError):
    """A seat is held for her in one room; she answers that before she asks for the other."""

    message = N_("Du har et tilbud om plass. Svar på det først, så kan du bytte etterpå.")


class NotHybrid(DomainError):
    """There is one room only."""

    message = N_("Dette arrangementet har bare én måte å delta på.")


class NeverHybrid(DomainError):
    """A kind that has to be in one room."""

    message = N_("Et veilederkurs kan ikke være både fysisk og digitalt.")


class DigitalPlacesAlone(DomainError):
    """Digital seats are counted only beside those in the room."""

    message = N_("Antall digitale plasser kan bare settes når arrangementet er både fysisk og digitalt.")


class SomebodyDigital(DomainError):
    """Those who were promised to call in would have to come."""

    message = N_("Noen deltar eller venter digitalt. Flytt eller meld dem av før arrangementet blir bare fysisk.")


def rooms(*, hybrid: bool) -> tuple[Mode | None, ...]:
    """The queues of an event: two, or the only one, which has no name."""
    return BOTH if hybrid else ONE_ROOM


def chosen(mode: Mode | None, *, hybrid: bool) -> Mode | None:
    """The room a newcomer is for: none has a name where there is one. Raises ModeMissing where she must choose."""
    if not hybrid:
        return None
    if mode is None:
        raise ModeMissing
    return mode


def where(mode: Mode | None, *, place: str, link: str) -> str:
    """Where a session is to whoever takes part so; both in one line for those who are told of both."""
    match mode:
        case Mode.PHYSICAL:
            return place
        case Mode.DIGITAL:
            return link or "Digitalt"
        case None:
            return " – ".join(filter(None, [place, link]))


def counts_line(counts: Mapping[Mode, int]) -> str:
    """«31 fysisk, 124 digitalt», as the offices write it."""
    return f"{counts.get(Mode.PHYSICAL, 0)} fysisk, {counts.get(Mode.DIGITAL, 0)} digitalt"
