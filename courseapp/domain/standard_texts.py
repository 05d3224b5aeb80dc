"""Texts that offices write again and again, as they are until an office or an event has its own."""

from __future__ import annotations

from dataclasses import dataclass

from courseapp.domain.errors import DomainError
from courseapp.domain.marking import N_

ENDING = "ending"
"""The paragraph at the end of the letters that give a seat; it has no subject."""

OWN = "own-"
"""How codes of an office's own texts begin."""

LONGEST_NAME = 60
LONGEST_ENDING = 1500
MOST_OWN = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardText:
    """One text: `code` is the same for the built-in one and for what an office or an event has in its place."""

    code: str
    name: str
    subject: str
    body: str


BUILT_IN = (
    StandardText(
        code="practical",
        name="Praktisk informasjon",
        subject="Praktisk informasjon: {arrangement} {datoer}",
        body=(
            "Hei, {fornavn}.\n\n"
            "Det nærmer seg {arrangement}, {datoer}. Vi møtes her: {sted}.\n\n"
            "Kom gjerne et kvarter før vi begynner. Det er kaffe og noe å bite i.\n\n"
            "Du finner tider, sted og kalenderfiler på siden din: {lenke}\n\n"
            "Spørsmål? Svar på denne e-posten."
        ),
    ),
    StandardText(
        code="attendance",
        name="Påminnelse om oppmøte",
        subject="Husk {arrangement} {datoer}",
        body=(
            "Hei, {fornavn}.\n\n"
            "Vi venter deg på {arrangement}, {datoer}, {sted}.\n\n"
            "For å få kursbevis må du være til stede hele tiden, på alle samlingene.\n\n"
            "Kan du ikke komme? Meld deg av, så får en kollega plassen: {lenke}"
        ),
    ),
    StandardText(
        code="thanks",
        name="Takk for deltakelsen",
        subject="Takk for at du var med på {arrangement}",
        body=(
            "Hei, {fornavn}.\n\n"
            "Takk for at du var med på {arrangement}, {datoer}. Vi håper du fikk noe med deg hjem.\n\n"
            "Har du tanker om hva vi kan gjøre bedre? Svar på denne e-posten. Vi leser alt."
        ),
    ),
)
"""What every office has from the start. Norwegian, as everything that offices write themselves."""

ENDING_NAME = "Til slutt i bekreftelsen"


class NameMissing(DomainError):
    """Without a name nobody finds the text again."""

    message = N_("Skriv et navn på høyst 60 tegn.")


class EndingTooLong(DomainError):
    """The ending is a paragraph or two, not a letter of its own."""

    message = N_("Teksten til slutt i bekreftelsen kan ha høyst 1500 tegn.")


class TooManyTexts(DomainError):
    """A list nobody finds anything in."""

    message = N_("Det er plass til 30 egne tekster. Slett en dere ikke bruker.")
