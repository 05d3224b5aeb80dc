"""A report as words: what the page, the files and the command say in the same way."""

from __future__ import annotations

from courseapp import wording
from courseapp.documents.yearly import Paper, Part
from courseapp.domain.event import ReportTable
from courseapp.domain.marking import N_
from courseapp.queries.yearly import Report, ReportPart, TableSum

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
    return f"Årsrapport {report.year}, {report.office.short_name}"


def sum_line(part: ReportPart) -> str:
    """«I alt 116 deltakere på 4 kurs.»"""
    found = part.sum
    what = ("kurs", "kurs") if part.table is ReportTable.COURSES else ("aktivitet", "aktiviteter")
    if found.blank + found.few == found.rows:
        unknown = "vises ikke" if found.few else "er ikke kjent"
        return f"I alt {wording.counted(found.rows, *what)}. Antallet deltakere {unknown}."
    people = wording.counted(found.people, "deltaker", "deltakere")
    about = f"{'minst ' if found.few else ''}{'ca. ' if found.approximate else ''}"
    return f"I alt {about}{people} på {wording.counted(found.rows, *what)}.{_few(found)}{_blank(found)}"


def paper(report: Report) -> Paper:
    """Everything a file holds; tables without rows are there, and say so."""
    return Paper(
        title=title(report),
        office=report.office.name,
        year=report.year,
        parts=[_part(one) for one in shown(report)],
        notes=DEFINITIONS,
        empty=EMPTY,
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


def _blank(found: TableSum) -> str:
    return f" {wording.counted(found.blank, 'rad', 'rader')} er uten antall." if found.blank else ""


def _few(found: TableSum) -> str:
    return f" {wording.counted(found.few, 'rad', 'rader')} med færre enn fem er ikke med." if found.few else ""
