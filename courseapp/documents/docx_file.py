"""Headings and tables → a Word document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading, a line, a table (none without rows), a line below. `wide`: the columns' shares of the width.

    Columns from `numbers_from` on are numbers, and stand to the right.
    """

    heading: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    below: str
    wide: Sequence[int]
    above: str = ""
    numbers_from: int | None = None


def write(
    *, title: str, lead: str, sections: Sequence[Section], notes: Sequence[str], foot: str, at: datetime
) -> bytes:
    """The document: A4 across, in Norwegian, header rows marked as such so that they repeat and are read aloud."""
    from courseapp.documents import docx_writer  # a tenth of a second and 5 MiB, for reports that are made once a year

    return docx_writer.write(title=title, lead=lead, sections=sections, notes=notes, foot=foot, at=at)
