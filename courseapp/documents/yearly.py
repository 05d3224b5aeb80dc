"""The yearly report → tables that the writers turn into files; the same cells as on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from courseapp import speech
from courseapp.documents import csv_file, docx_file, xlsx
from courseapp.documents.table import Cell, Column, Table
from courseapp.when import short_day

WIDTHS = {"number": 18, "comment": 46, "place": 34, "activity": 34, "topic": 40}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One table of the report: its name, (column, heading) pairs, rows of cells by column, and a line below it."""

    name: str
    heads: Sequence[tuple[str, str]]
    rows: Sequence[dict[str, str]]
    below: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A whole report. `notes` say what the numbers mean."""

    title: str
    office: str
    year: int
    parts: Sequence[Part]
    notes: Sequence[str]
    empty: str


def docx(paper: Paper, *, at: datetime) -> bytes:
    """A Word document: a heading per table, tables with header rows that repeat, ready to paste into the report."""
    sections = [
        docx_file.Section(
            heading=part.name,
            heads=[head for _column, head in part.heads],
            rows=[[row[column] for column, _head in part.heads] for row in part.rows],
            below=part.below if part.rows else paper.empty,
            wide=[WIDTHS.get(column, 24) for column, _head in part.heads],
        )
        for part in paper.parts
    ]
    foot = f"{paper.office} · {paper.year} · {short_day(at)}"
    return docx_file.write(title=paper.title, lead=paper.office, sections=sections, notes=paper.notes, foot=foot, at=at)


def spreadsheet(paper: Paper) -> bytes:
    """One sheet with every table's rows one under the other, the table's name first."""
    return xlsx.write(_one(paper))


def csv(paper: Paper) -> bytes:
    """The same rows as text that a spreadsheet opens."""
    return csv_file.write(_one(paper))


def _one(paper: Paper) -> Table:
    """The columns of all tables, each under the name it has first; a number that is nothing else is a number."""
    heads: dict[str, str] = {}
    for part in paper.parts:
        for column, head in part.heads:
            heads.setdefault(column, head)
    order = [column for column in ("place", "activity", "topic", "number", "comment") if column in heads]
    return Table(
        title=f"{paper.title}",
        columns=(
            Column(heading=speech.said("Tabell"), width=28),
            *(Column(heading=heads[column], width=WIDTHS.get(column, 32)) for column in order),
        ),
        rows=(
            (part.name, *(_cell(column, row.get(column, "")) for column in order))
            for part in paper.parts
            for row in part.rows
        ),
    )


def _cell(column: str, text: str) -> Cell:
    return int(text) if column == "number" and text.isascii() and text.isdigit() else text
