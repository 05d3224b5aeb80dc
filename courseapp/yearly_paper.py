"""A report as words: what the page, the files and the command say in the same way."""

from __future__ import annotations

from courseapp import wording
from courseapp.documents.yearly import Paper, Part
from courseapp.domain.event import ReportTable
from courseapp.domain.marking import N_
from courseapp.queries.yearly import Report, ReportPart, TableSum
from courseapp.speech import pgettext, said

EMPTY = N_("Ingen aktiviteter i denne tabellen.")
DEFINITIONS = (
    N_("Antallet er de som var til stede minst én gang, der oppmøtet er ført. Ellers er det de som hadde plass."),
    N_("Er antallet skrevet inn for hånd, gjelder det. «Ca.» betyr anslått. Et tomt felt betyr ukjent, ikke null."),
    N_("Hver person telles med én rolle. De som ikke har oppgitt rolle, står som «ikke oppgitt»."),
    N_("Fellesarrangementer står hos alle kontorene som var med. Nasjonalt telles de én gang."),
    N_("En serie som telles samlet, er én rad. «Minst» betyr at antallet mangler for noen av samlingene."),
    N_("Avlyste arrangementer og det som ikke er holdt ennå, er ikke med."),
)
"""What the numbers mean."""


def title(report: Report) -> str:
    """«Årsrapport 2027, Sør»."""
    return said("Årsrapport %(year)d, %(office)s", year=report.year, office=report.office.short_name)


def sum_line(part: ReportPart) -> str:
    """«I alt 116 deltakere på 4 kurs.»"""
    found = part.sum
    courses = said("kurs"), str(pgettext("flere", "kurs"))
    activities = said("aktivitet"), said("aktiviteter")
    rows = wording.counted(found.rows, *(courses if part.table is ReportTable.COURSES else activities))
    if found.blank + found.few == found.rows:
        hushed = N_("I alt %(rows)s. Antallet deltakere vises ikke.")
        unknown = N_("I alt %(rows)s. Antallet deltakere er ikke kjent.")
        return said(hushed if found.few else unknown, rows=rows)
    about = [said("minst")] * bool(found.few) + [said("ca.")] * found.approximate
    people = " ".join([*about, wording.counted(found.people, said("deltaker"), said("deltakere"))])
    sums = said("I alt %(people)s på %(rows)s.", people=people, rows=rows)
    return " ".join([sums, *_few(found), *_blank(found)])


def paper(report: Report) -> Paper:
    """Everything a file holds; tables without rows are there, and say so."""
    return Paper(
        title=title(report),
        office=report.office.name,
        year=report.year,
        parts=[_part(one) for one in shown(report)],
        notes=[said(one) for one in DEFINITIONS],
        empty=said(EMPTY),
    )


def shown(report: Report) -> list[ReportPart]:
    """The three tables always, the days for course leaders only where there were any."""
    return [one for one in report.parts if one.rows or one.table is not ReportTable.COURSES_TEXT]


def _part(part: ReportPart) -> Part:
    return Part(
        name=wording.label(part.table),
        heads=[(str(column), head) for column, head in part.heads],
        rows=[{str(column): cell.text for column, cell in row.cells.items()} for row in part.rows],
        below=sum_line(part) if part.rows else "",
    )


def _blank(found: TableSum) -> list[str]:
    return [said("%(rows)s er uten antall.", rows=_rows(found.blank))] if found.blank else []


def _few(found: TableSum) -> list[str]:
    return [said("%(rows)s med færre enn fem er ikke med.", rows=_rows(found.few))] if found.few else []


def _rows(count: int) -> str:
    return wording.counted(count, said("rad"), said("rader"))
