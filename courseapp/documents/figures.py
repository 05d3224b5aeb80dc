"""Blocks of figures → files; the same cells as on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from courseapp import speech
from courseapp.documents import csv_file, docx_file, xlsx
from courseapp.documents.table import Cell, Column, Table
from courseapp.when import short_day

LABEL_WIDTH, COLUMN_WIDTH, ABOUT_WIDTH = 34, 20, 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: its name, what it means where the block does not say so, words to read, cells to reckon with."""

    label: str
    about: str
    words: Sequence[str]
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines under one heading; `about` says what the numbers mean."""

    name: str
    about: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All figures of a page: `heads` are the columns of every block, `first` the head of the labels."""

    title: str
    lead: str
    first: str
    heads: Sequence[str]
    blocks: Sequence[Block]
    notes: Sequence[str]
    empty: str


def docx(sheet: Sheet, *, at: datetime) -> bytes:
    """A Word document: a heading per block, what it means under it, tables with header rows that repeat."""
    wide = [LABEL_WIDTH, *([COLUMN_WIDTH] * len(sheet.heads))]
    sections = [
        docx_file.Section(
            heading=block.name,
            above=block.about,
            heads=[sheet.first, *sheet.heads],
            rows=[[line.label, *line.words] for line in block.lines],
            below="",
            wide=wide,
            numbers_from=1,
        )
        for block in sheet.blocks
    ]
    meanings = [f"{line.label}: {line.about}" for block in sheet.blocks for line in block.lines if line.about]
    notes = [*dict.fromkeys(meanings), *sheet.notes] if sections else [sheet.empty]
    foot = f"{sheet.title} · {short_day(at)}"
    return docx_file.write(title=sheet.title, lead=sheet.lead, sections=sections, notes=notes, foot=foot, at=at)


def spreadsheet(sheet: Sheet) -> bytes:
    """One sheet with every line, the block's name first and its meaning last."""
    return xlsx.write(_one(sheet))


def csv(sheet: Sheet) -> bytes:
    """The same lines as text that a spreadsheet opens."""
    return csv_file.write(_one(sheet))


def _one(sheet: Sheet) -> Table:
    return Table(
        title=sheet.title,
        columns=(
            Column(heading=speech.said("Tall"), width=LABEL_WIDTH),
            Column(heading=sheet.first, width=LABEL_WIDTH),
            *(Column(heading=head, width=COLUMN_WIDTH) for head in sheet.heads),
            Column(heading=speech.said("Hva det betyr"), width=ABOUT_WIDTH),
        ),
        rows=(
            (block.name, line.label, *line.cells, line.about or block.about)
            for block in sheet.blocks
            for line in block.lines
        ),
    )
