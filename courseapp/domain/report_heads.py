"""The columns of the yearly report, and what each office calls them: as in the reports of 2024 and 2025."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from courseapp.domain.errors import DomainError
from courseapp.domain.event import ReportTable
from courseapp.domain.marking import N_


class ReportColumn(StrEnum):
    """What a cell of the report says."""

    PLACE = "place"
    ACTIVITY = "activity"
    TOPIC = "topic"
    NUMBER = "number"
    COMMENT = "comment"


COLUMNS: dict[ReportTable, tuple[ReportColumn, ...]] = {
    ReportTable.COURSES: (ReportColumn.PLACE, ReportColumn.NUMBER, ReportColumn.COMMENT),
    ReportTable.COURSES_TEXT: tuple(ReportColumn),
    ReportTable.REGIONAL: tuple(ReportColumn),
    ReportTable.NATIONAL: tuple(ReportColumn),
}
"""The columns of each table, in the order of the report."""

KEPT_COLUMNS = frozenset({ReportColumn.PLACE, ReportColumn.NUMBER})
"""A table without these would be no table; the others may be left out by an office."""

Heads = Mapping[ReportTable, Mapping[ReportColumn, str]]

_USUAL = {
    ReportColumn.PLACE: "Sted og dato",
    ReportColumn.ACTIVITY: "Aktivitet",
    ReportColumn.TOPIC: "Tema",
    ReportColumn.NUMBER: "Antall deltakere",
    ReportColumn.COMMENT: "Kommentarer",
}
_WHO = "Hvem deltok/målgruppe"
_OWN: dict[str, dict[ReportTable, dict[ReportColumn, str]]] = {
    "oslo": {
        ReportTable.COURSES: {ReportColumn.COMMENT: ""},
        ReportTable.REGIONAL: {ReportColumn.PLACE: "Sted", ReportColumn.TOPIC: "Hva/tema", ReportColumn.COMMENT: _WHO},
        ReportTable.NATIONAL: {ReportColumn.PLACE: "Sted/arena", ReportColumn.TOPIC: "Hva/tema"},
    }
}
"""Where an office's reports differ from the usual heads; an empty head leaves the column out."""


class CannotBeLeftOut(DomainError):
    """A table without places or numbers says nothing."""

    message = N_("Stedet og antallet må ha en overskrift. De andre kolonnene kan stå tomme, og vises da ikke.")


def heads_of(office: str, changed: Mapping[str, Mapping[str, str]]) -> Heads:
    """The heads of an office: the usual ones, its own built-in ones, and over them what it has changed."""
    return {
        table: {
            column: changed.get(table, {}).get(column, _OWN.get(office, {}).get(table, {}).get(column, _USUAL[column]))
            for column in columns
        }
        for table, columns in COLUMNS.items()
    }
