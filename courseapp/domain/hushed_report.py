"""The report for readers outside the office: rows without small counts of people, and without what would tell them."""

from __future__ import annotations

from dataclasses import replace

from courseapp.domain import yearly
from courseapp.domain.marking import N_
from courseapp.domain.report_heads import ReportColumn
from courseapp.domain.small_numbers import few
from courseapp.domain.yearly import Facts, ReportCell, ReportRow

FEW = N_("Færre enn fem")
ROLES = N_("Rollene vises ikke når noen av dem er færre enn fem")


def row(made: ReportRow, facts: Facts) -> ReportRow:
    """The row as such a reader sees it. Remarks, and what was counted before it was written over, are the office's."""
    cells = {column: ReportCell(text=cell.text, computed="") for column, cell in made.cells.items()}
    hidden = made.number is not None and few(made.number)
    if hidden and ReportColumn.NUMBER in cells:
        cells[ReportColumn.NUMBER] = ReportCell(text=FEW, computed="")
    if _hides_roles(made, facts):
        cells[ReportColumn.COMMENT] = ReportCell(text=ROLES, computed="")
    number = None if hidden else made.number
    return replace(made, cells=cells, number=number, few=hidden, flags=(), over=0, roles_total=0, unmarked=0)


def tells_roles(made: ReportRow, facts: Facts) -> bool:
    """Whether such a reader sees in the row how many of each role were counted."""
    written = made.cells[ReportColumn.COMMENT].written is not None
    return bool(facts.roles) and not _typed_roles(facts) and not written and not _hides_roles(made, facts)


def _hides_roles(made: ReportRow, facts: Facts) -> bool:
    """Counts in the comment hide when one of them, or those who told no role, are a few; all hide with the number."""
    modes = yearly.modes_of(facts)
    if not (made.roles_total or modes) or made.cells[ReportColumn.COMMENT].written is not None:
        return False
    roleless = (made.number or 0) - made.roles_total if made.roles_total else 0
    roles = [] if _typed_roles(facts) else [*facts.roles.values(), roleless]
    return any(few(one) for one in (*roles, *modes.values(), made.number or 0))


def _typed_roles(facts: Facts) -> bool:
    """Whether somebody typed the roles; the line of a series may hold people's own roles too."""
    return bool(facts.reported_roles) and facts.series_id is None
