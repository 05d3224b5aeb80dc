"""The columns of the files made of the participants, and which of them are sensitive."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from courseapp import wording
from courseapp.documents.table import Cell, Column, Table
from courseapp.domain.marking import N_
from courseapp.queries.participant_export import Export
from courseapp.queries.participant_rows import ParticipantRow
from courseapp.speech import said as _

DIETARY = "dietary_needs"
"""Health data: asked for by a box of its own, by organizers only, and written down by a verb of its own."""

MODE = "mode"
"""How people take part: only where some of them do so in another way than others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One column: its code in forms and histories, what it is called, its width, and what stands in it."""

    code: str
    heading: str
    width: int
    cell: Callable[[ParticipantRow], Cell]
    sensitive: bool = False


def _labels(codes: Iterable[object], word: Callable[..., str]) -> str:
    return ", ".join(word(one) for one in codes)


COLUMNS: tuple[Choice, ...] = (
    Choice(code="status", heading=N_("Status"), width=14, cell=lambda row: wording.label(row.status)),
    Choice(code="place", heading=N_("Nr. i køen"), width=8, cell=lambda row: row.position),
    Choice(code=MODE, heading=N_("Deltar"), width=12, cell=lambda row: wording.label(row.mode) if row.mode else ""),
    Choice(code="primary_role", heading=N_("Rolle"), width=30, cell=lambda row: wording.label(row.person.primary_role)),
    Choice(code="last_name", heading=N_("Etternavn"), width=20, cell=lambda row: row.person.last_name),
    Choice(code="first_name", heading=N_("Fornavn"), width=18, cell=lambda row: row.person.first_name),
    Choice(code="email", heading=N_("E-post"), width=32, cell=lambda row: row.person.email),
    Choice(code="mobile", heading=N_("Mobil"), width=16, cell=lambda row: row.person.mobile, sensitive=True),
    Choice(
        code="other_roles",
        heading=N_("Andre roller"),
        width=30,
        cell=lambda row: _labels(row.person.other_roles, wording.short_label),
    ),
    Choice(code="workplace", heading=N_("Arbeidssted"), width=28, cell=lambda row: row.person.workplace),
    Choice(code="municipality", heading=N_("Kommune"), width=18, cell=lambda row: row.person.municipality),
    Choice(code="district", heading=N_("Bydel eller etat"), width=18, cell=lambda row: row.person.district),
    Choice(
        code="hpr_number", heading=N_("HPR-nummer"), width=12, cell=lambda row: row.person.hpr_number, sensitive=True
    ),
    Choice(
        code="supervises",
        heading=N_("Veileder nå"),
        width=18,
        cell=lambda row: _labels(row.person.supervises, wording.label),
    ),
    Choice(
        code="reason",
        heading=N_("Hvorfor kurset"),
        width=30,
        cell=lambda row: wording.label(row.person.reason) if row.person.reason else "",
    ),
    Choice(code="note", heading=N_("Merknad"), width=40, cell=lambda row: row.person.note, sensitive=True),
    Choice(code="signed_up_at", heading=N_("Meldt på"), width=17, cell=lambda row: row.signed_up_at),
    Choice(
        code=DIETARY,
        heading=N_("Matallergi eller kosthensyn"),
        width=30,
        cell=lambda row: row.person.dietary_needs,
        sensitive=True,
    ),
)
USUAL = tuple(one.code for one in COLUMNS if not one.sensitive)
"""The columns of a file where nobody has chosen."""


def sensitive_among(codes: Iterable[str]) -> list[str]:
    """Those of them that are sensitive, in the order of the columns."""
    wanted = set(codes)
    return [one.code for one in COLUMNS if one.sensitive and one.code in wanted]


def as_table(people: Export, codes: Sequence[str]) -> Table:
    """These columns, in their usual order; how people take part only where anybody chose."""
    chosen = [one for one in COLUMNS if one.code in codes and (people.modes or one.code != MODE)]
    cells = [one.cell for one in chosen]
    return Table(
        title=people.title,
        columns=tuple(Column(heading=_(one.heading), width=one.width) for one in chosen),
        rows=(tuple(cell(row) for cell in cells) for row in people.rows),
    )
