"""The forms of the yearly report: cells to write over, heads of columns."""

from __future__ import annotations

from typing import Any

from wtforms.validators import StopValidation

from courseapp import wording
from courseapp.domain import report
from courseapp.domain.errors import DomainError
from courseapp.domain.event import ReportTable
from courseapp.domain.report_heads import COLUMNS, KEPT_COLUMNS, ReportColumn
from courseapp.queries.yearly import HeadsPage, RowPage
from courseapp.services.changes import LONGEST_REASON
from courseapp.services.report_overrides import LONGEST_HEAD, LONGEST_VALUE
from courseapp.speech import lazy
from courseapp.speech import said as _
from courseapp.web.forms import Form, Needed, line, text


class _OverrideForm(Form):
    """A field per cell; which ones there are, the row says."""

    columns: tuple[ReportColumn, ...] = ()
    reason = text(
        lazy("Hvorfor"),
        Needed("Skriv hvorfor tallet eller teksten skal være en annen."),
        most=LONGEST_REASON,
        rows=2,
        hint=lazy("Står ved raden på siden, men ikke i filene."),
    )

    def values(self, shown: RowPage) -> dict[ReportColumn, str]:
        """What differs from what the row says now."""
        typed = {column: self[str(column)].data or "" for column in self.columns}
        return {column: value for column, value in typed.items() if value != shown.row.cells[column].text}


class _OneNumber:
    """A number as the offices write it, or none."""

    def __call__(self, form: Form, field: Any) -> None:
        """Refuse what cannot be read."""
        try:
            report.participants(field.data or "")
        except DomainError as refusal:
            raise StopValidation(wording.refusal(refusal)) from refusal


def override_form(shown: RowPage) -> _OverrideForm:
    """The form of one row, filled with what it says now."""
    columns = tuple(column for column, _head in shown.heads)
    fields: dict[str, Any] = {
        str(column): line(head, _OneNumber(), most=100, autocomplete="off")
        if column is ReportColumn.NUMBER
        else text(head, most=LONGEST_VALUE, rows=2)
        for column, head in shown.heads
    }
    held = {str(column): shown.row.cells[column].text for column in columns}
    made: _OverrideForm = type("OverrideForm", (_OverrideForm,), {**fields, "columns": columns})(data=held)
    return made


class _HeadsForm(Form):
    """A field per column of each table."""

    def heads(self) -> dict[ReportTable, dict[ReportColumn, str]]:
        """What was asked for; call it on a form without errors only."""
        return {
            table: {column: self[_name(table, column)].data or "" for column in columns}
            for table, columns in COLUMNS.items()
        }

    def of(self, table: ReportTable) -> list[Any]:
        """The fields of one table."""
        return [self[_name(table, column)] for column in COLUMNS[table]]


def heads_form(shown: HeadsPage) -> _HeadsForm:
    """The form of an office, filled in."""
    names = {
        ReportColumn.PLACE: _("Sted"),
        ReportColumn.ACTIVITY: _("Aktivitet"),
        ReportColumn.TOPIC: _("Tema"),
        ReportColumn.NUMBER: _("Antall"),
        ReportColumn.COMMENT: _("Kommentar"),
    }
    fields, held = {}, {}
    for table, columns in COLUMNS.items():
        for column in columns:
            label = f"{names[column]} ({wording.label(table)})"
            needed = [Needed(_("«%(label)s» må ha en overskrift.", label=label))] if column in KEPT_COLUMNS else []
            fields[_name(table, column)] = line(label, *needed, most=LONGEST_HEAD, autocomplete="off")
            held[_name(table, column)] = shown.heads[table][column]
    made: _HeadsForm = type("HeadsForm", (_HeadsForm,), fields)(data=held)
    return made


def _name(table: ReportTable, column: ReportColumn) -> str:
    return f"{table.name.lower()}_{column}"
