"""A table as data: a title, columns, rows of text, numbers and moments. Writers turn it into files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

Cell = str | int | float | datetime | None


@dataclass(frozen=True, kw_only=True)
class Column:
    """A heading and a width in characters."""

    heading: str
    width: int = 16


@dataclass(frozen=True, kw_only=True)
class Table:
    """What a file is made of. `rows` may be a generator: it is read once."""

    title: str
    columns: tuple[Column, ...]
    rows: Iterable[tuple[Cell, ...]]
