"""Figures as words: what they are called, what they mean, how one is written; the same on pages and in files."""

from __future__ import annotations

from collections.abc import Sequence

from courseapp import speech, wording
from courseapp.documents.table import Cell
from courseapp.domain.figures import Figure, Known, Measure
from courseapp.domain.marking import N_

NAMES: dict[Measure, str] = {
    Measure.HELD: N_("Holdt"),
    Measure.PEOPLE: N_("Deltakere"),
    Measure.UNTOLD: N_("Uten antall"),
    Measure.SIGN_UPS: N_("Påmeldinger"),
    Measure.SEATS: N_("Plasser"),
    Measure.FILLED: N_("Plasser som ble fylt"),
    Measure.RATE: N_("Fylt, i prosent"),
    Measure.ATTENDED: N_("Møtte"),
    Measure.ABSENT: N_("Møtte ikke"),
    Measure.QUEUED: N_("Sto på venteliste"),
    Measure.UNSEATED: N_("Fikk aldri plass"),
    Measure.MINUTES: N_("Timer gitt"),
    Measure.ANSWERS: N_("Svar på evalueringen"),
    Measure.MEAN: N_("Evaluering, snitt"),
}
ABOUT: dict[Measure, str] = {
    Measure.HELD: N_("Det som er gjennomført. Avlyst, og det som ikke er holdt ennå, er ikke med."),
    Measure.PEOPLE: N_(
        "De som var der minst én gang, eller hadde plass der oppmøtet ikke er ført. Tall skrevet inn for hånd, gjelder."
    ),
    Measure.UNTOLD: N_("Holdt, men ingen har skrevet hvor mange som kom. De er ikke med i «Deltakere»."),
    Measure.SIGN_UPS: N_("Alle som meldte seg på her, også de som ventet og de som meldte seg av."),
    Measure.SEATS: N_("Plassene til sammen, der det var en grense."),
    Measure.FILLED: N_("De som hadde plass da det var over, av plassene det var. Blir det flere, var det overbooket."),
    Measure.RATE: N_("Fylte plasser av plassene det var. Over 100 er overbooket."),
    Measure.ATTENDED: N_("De som er ført som til stede, helt eller delvis, minst én gang."),
    Measure.ABSENT: N_("De som hadde plass, der oppmøtet er ført, og som aldri var der."),
    Measure.QUEUED: N_("Alle som noen gang fikk et nummer i køen, også de som fikk plass siden."),
    Measure.UNSEATED: N_("De som fortsatt ventet da det var over, og søkere som ikke fikk plass."),
    Measure.MINUTES: N_("Kurstimer til alle deltakerne, slik oppmøtet gir dem: 25 som får 18 timer, er 450 timer."),
    Measure.ANSWERS: N_("Så mange svarte. Der færre enn tre svarte, telles svarene ikke med."),
    Measure.MEAN: N_("Snittet av alle karakterene fra 1 til 5 fra dem som svarte."),
}
ROLES_ABOUT = N_(
    "De som er talt som deltakere, med rollen de oppga. Hver person har én. Tall som er skrevet inn, er uten roller."
)
MUNICIPALITIES = N_("Kommuner nådd")
MUNICIPALITIES_ABOUT = N_("Kommunene til dem som hadde plass. Hver kommune telles én gang.")
LEADERS = N_("Kursholdere brukt")
LEADERS_ABOUT = N_("De som er satt opp som kursholdere. Hver telles én gang, uansett hvor mange kurs.")
JOINT = N_("Egne, felles med andre")
JOINT_ABOUT = N_("Det kontoret er ansvarlig for sammen med andre.")
JOINED = N_("Med hos andre")
JOINED_ABOUT = N_("Felles arrangementer et annet kontor er ansvarlig for. De er ikke med i tallene over.")
NOTES = (
    N_("«Ikke kjent» betyr at ingen har ført det. Det er ikke null."),
    N_("«Minst» betyr at noe av det som skulle vært med, ikke er ført eller ikke vises."),
    N_("«–» betyr at det ikke ble holdt noe av det slaget det året."),
    N_("«Uten påmelding» er det som bare er skrevet inn. Det er ikke med i summene av påmelding og oppmøte."),
)
HUSH_NOTES = (
    N_("«Vises ikke» er tall under fem, og tall som slike kunne vært regnet ut fra."),
    N_("Fellesarrangementer står her bare hos kontoret som er ansvarlig."),
)
SIGNED = frozenset(Measure) - {Measure.HELD, Measure.PEOPLE, Measure.UNTOLD}
"""What is known only about what people could sign up for here."""


def said(measure: Measure, figure: Figure) -> str:
    """A figure as a reader reads it: «27 av 30 plasser», «minst 91», «ikke kjent»."""
    if figure.value is None:
        return _why(measure, figure.known)
    number = _number(measure, figure)
    return speech.said("minst %(number)s", number=number) if figure.known is Known.AT_LEAST else number


def plain(figure: Figure) -> str:
    """A figure that is a bare number."""
    return said(Measure.HELD, figure)


def plains(row: Sequence[Figure]) -> list[str]:
    """Bare numbers, one beside the other."""
    return [plain(one) for one in row]


def cell(measure: Measure, figure: Figure) -> Cell:
    """The same in a spreadsheet: a number that is sure is a number, everything else is what the page says."""
    if figure.value is None or figure.known is not Known.EXACT:
        return "" if figure.known is Known.NOTHING else said(measure, figure)
    if measure is Measure.MINUTES:
        return _whole(figure.value / 60)
    return _whole(figure.value)


def _whole(value: float) -> int | float:
    return int(value) if value == int(value) else round(value, 2)


def _number(measure: Measure, figure: Figure) -> str:
    value = figure.value or 0
    match measure:
        case Measure.FILLED:
            places = wording.counted(figure.of or 0, speech.said("plass"), speech.said("plasser"))
            return speech.said("%(taken)s av %(places)s", taken=wording.number(int(value)), places=places)
        case Measure.RATE:
            return f"{wording.number(int(value))}{wording.HARD_SPACE}%"
        case Measure.MINUTES:
            return wording.hours(int(value))
        case Measure.MEAN:
            return wording.decimal(value)
        case _:
            return wording.number(int(value))


def _why(measure: Measure, known: Known) -> str:
    if known is Known.FEW:
        return speech.said("for få svar") if measure in {Measure.ANSWERS, Measure.MEAN} else speech.said("vises ikke")
    words = {Known.NOTHING: "–", Known.NO_LIMIT: N_("uten grense"), Known.NO_SIGN_UP: N_("uten påmelding")}
    return speech.said(words.get(known, N_("ikke kjent")))
