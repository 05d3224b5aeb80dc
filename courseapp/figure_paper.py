"""Pages of figures as blocks of lines, for the page, its files and paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from courseapp import figure_words, wording
from courseapp.documents.figures import Block, Line, Sheet
from courseapp.documents.table import Cell
from courseapp.domain import figures
from courseapp.domain.event import EventKind
from courseapp.domain.figures import Figure, KindSum, Known, Measure
from courseapp.domain.marking import N_
from courseapp.domain.registration import Role
from courseapp.figure_words import ABOUT, NAMES, SIGNED
from courseapp.queries.country import Country, OfficeYear, TableCount
from courseapp.queries.figures import FiguresPage
from courseapp.speech import said

EMPTY = N_("Ingenting er holdt i disse årene.")
ALL = N_("I alt")
DULL = {Known.UNKNOWN, Known.NOTHING, Known.NO_SIGN_UP}


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureLine(Line):
    """A line of a measure; `kind` None is all of them. `bars` are what a picture draws: numbers, or None."""

    kind: EventKind | None
    bars: Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureBlock(Block):
    """A measure of several years, kind by kind, with all of them last where there are several."""

    measure: Measure
    lines: Sequence[MeasureLine]


def title(page: FiguresPage) -> str:
    """«Tall 2027, Sør»."""
    return said("Tall %(year)d, %(office)s", year=page.year, office=page.office.short_name)


def country_title(page: Country) -> str:
    """«Hele landet 2027»."""
    return said("Hele landet %(year)d", year=page.year)


def measures(page: FiguresPage) -> list[MeasureBlock]:
    """Every measure there is anything to say about."""
    found = [_measure(page, one) for one in Measure]
    return [one for one in found if one.lines]


def roles(page: FiguresPage) -> list[tuple[Role, list[Figure]]]:
    """Each role of any of the years with its counts."""
    there = [role for role in Role if any(side.with_role(role) != 0 for side in page.sides)]
    counts = [(role, [side.with_role(role) for side in page.sides]) for role in there]
    return [(role, [figures.FEW if one is None else figures.exact(one) for one in row]) for role, row in counts]


def reach(page: FiguresPage) -> list[Line]:
    """Municipalities and leaders."""
    sides = page.sides
    return [
        _plain(figure_words.MUNICIPALITIES, figure_words.MUNICIPALITIES_ABOUT, [one.municipalities for one in sides]),
        _plain(figure_words.LEADERS, figure_words.LEADERS_ABOUT, [one.leaders for one in sides]),
    ]


def notes(*, hush: bool) -> tuple[str, ...]:
    """What the words between the numbers mean."""
    return tuple(said(one) for one in (*figure_words.NOTES, *(figure_words.HUSH_NOTES if hush else ())))


def sheet(page: FiguresPage) -> Sheet:
    """All figures of an office, for a file."""
    people = [_plain(wording.label(role), "", row) for role, row in roles(page)]
    blocks: list[Block] = [*measures(page)]
    if people:
        blocks.append(Block(name=said("Roller"), about=said(figure_words.ROLES_ABOUT), lines=people))
    if page.kinds:
        blocks.append(Block(name=said("Kommuner og kursholdere"), about="", lines=reach(page)))
    return Sheet(
        title=title(page),
        lead=page.office.name,
        first=said("Type"),
        heads=[str(one.year) for one in page.sides],
        blocks=blocks,
        notes=notes(hush=page.hush),
        empty=said(EMPTY),
    )


def country_sheet(page: Country) -> Sheet:
    """The country, for a file."""
    return Sheet(
        title=country_title(page),
        lead=said("De seks kontorene side om side. Det som er felles, er telt én gang, hos kontoret som er ansvarlig."),
        first=said("Hva"),
        heads=[*(one.office.short_name for one in page.offices if one.office), said(ALL)],
        blocks=country_blocks(page),
        notes=notes(hush=page.hush),
        empty=said(EMPTY),
    )


def country_blocks(page: Country) -> list[Block]:
    """What was held by table, sign-up and attendance, and what was joint; the country last in every line."""
    every = [*page.offices, page.whole]
    tables = [
        Block(name=wording.label(table), about="", lines=_table_lines([one.tables[table] for one in every]))
        for table in page.whole.tables
    ]
    asked = [one for one in Measure if one in SIGNED]
    lines = [_line(NAMES[one], ABOUT[one], one, [each.sums.figures[one] for each in every]) for one in asked]
    return [
        *tables,
        Block(name=said("Påmelding og oppmøte"), about="", lines=lines),
        Block(name=said("Felles, kommuner og kursholdere"), about="", lines=_joint_lines(every)),
    ]


def _table_lines(counts: Sequence[TableCount]) -> list[Line]:
    rows = {
        Measure.HELD: [figures.exact(one.held) for one in counts],
        Measure.PEOPLE: [one.people for one in counts],
        Measure.UNTOLD: [figures.exact(one.unknown) for one in counts],
    }
    return [_line(NAMES[measure], ABOUT[measure], measure, row) for measure, row in rows.items()]


def _joint_lines(every: Sequence[OfficeYear]) -> list[Line]:
    return [
        _plain(figure_words.JOINT, figure_words.JOINT_ABOUT, [figures.exact(one.joint) for one in every]),
        _plain(figure_words.JOINED, figure_words.JOINED_ABOUT, [figures.exact(one.joined) for one in every]),
        _plain(figure_words.MUNICIPALITIES, figure_words.MUNICIPALITIES_ABOUT, [one.municipalities for one in every]),
        _plain(figure_words.LEADERS, figure_words.LEADERS_ABOUT, [one.leaders for one in every]),
    ]


def _measure(page: FiguresPage, measure: Measure) -> MeasureBlock:
    rows: list[tuple[EventKind | None, list[KindSum]]] = [
        (kind, [side.of(kind) for side in page.sides]) for kind in page.kinds
    ]
    there = [(kind, sums) for kind, sums in rows if _worth(measure, sums)]
    if len(there) > 1:
        there.append((None, [figures.total(side.kinds) for side in page.sides]))
    return MeasureBlock(
        name=said(NAMES[measure]),
        about=said(ABOUT[measure]),
        measure=measure,
        lines=[_measure_line(measure, kind, [one.figures[measure] for one in sums]) for kind, sums in there],
    )


def _worth(measure: Measure, sums: Sequence[KindSum]) -> bool:
    """Whether there is anything to say about a kind: sign-ups only where there were any, hours where it gives hours."""
    known = [one.figures[measure].known for one in sums]
    if measure is Measure.UNTOLD:
        return any(one.figures[measure].value for one in sums)
    if measure is Measure.MINUTES:
        return any(one not in {Known.NOTHING, Known.NO_SIGN_UP} for one in known)
    if measure in {Measure.SEATS, Measure.FILLED, Measure.RATE}:
        return any(one not in {*DULL, Known.NO_LIMIT} for one in known)
    return measure not in SIGNED or _signed(sums)


def _signed(sums: Sequence[KindSum]) -> bool:
    return any(one.figures[Measure.SIGN_UPS].known not in DULL for one in sums)


def _measure_line(measure: Measure, kind: EventKind | None, row: Sequence[Figure]) -> MeasureLine:
    return MeasureLine(
        label=said(ALL) if kind is None else wording.label(kind),
        about="",
        words=[figure_words.said(measure, one) for one in row],
        cells=[figure_words.cell(measure, one) for one in row],
        kind=kind,
        bars=[one.value for one in row],
    )


def _line(label: str, about: str, measure: Measure, row: Sequence[Figure]) -> Line:
    cells: list[Cell] = [figure_words.cell(measure, one) for one in row]
    return Line(
        label=said(label),
        about=said(about) if about else "",
        words=[figure_words.said(measure, one) for one in row],
        cells=cells,
    )


def _plain(label: str, about: str, row: Sequence[Figure]) -> Line:
    return _line(label, about, Measure.HELD, row)
