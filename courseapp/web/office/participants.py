"""The participants of one event: table, one person, and the files made of it. Every reading is written down."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from courseapp import clock, wording
from courseapp.documents import csv_file, xlsx
from courseapp.documents.table import Cell, Column, Table
from courseapp.queries import participants
from courseapp.queries.participants import ParticipantRow
from courseapp.services import journal
from courseapp.web.auth import actor
from courseapp.web.security import keep_secret

bp = Blueprint("participants", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/arrangementer/<slug>/deltakere")
def table(slug: str) -> ResponseReturnValue:
    """Grouped by role, with counts, the line, and each person's mail."""
    page = max(1, min(request.args.get("side", 1, type=int), 10_000))
    shown = participants.table(actor(), slug, clock.now(), page=page)
    journal.note_read(actor(), shown.event.id, "participants_read")
    return keep_secret(make_response(render_template("office/participants/table.html", table=shown)))


@bp.get("/arrangementer/<slug>/deltakere/<int(max=2147483647):registration_id>")
def person(slug: str, registration_id: int) -> ResponseReturnValue:
    """One participant: answers, history, letters."""
    shown = participants.participant(actor(), slug, registration_id, clock.now())
    journal.note_read(actor(), shown.event.id, "participant_read", registration_id=registration_id)
    return keep_secret(make_response(render_template("office/participants/person.html", shown=shown)))


@bp.get("/arrangementer/<slug>/deltakere.xlsx")
def as_xlsx(slug: str) -> ResponseReturnValue:
    """The table as a spreadsheet."""
    return _file(slug, xlsx.write(_exported(slug)), XLSX, "xlsx")


@bp.get("/arrangementer/<slug>/deltakere.csv")
def as_csv(slug: str) -> ResponseReturnValue:
    """The table as text that a spreadsheet opens."""
    return _file(slug, csv_file.write(_exported(slug)), "text/csv; charset=utf-8", "csv")


def _exported(slug: str) -> Table:
    """All active registrations; what people eat is not in it."""
    event_id, title, rows = participants.everyone(actor(), slug)
    journal.note_read(actor(), event_id, "participants_exported")
    return Table(title=title, columns=_columns(), rows=(_cells(row) for row in rows))


def _columns() -> tuple[Column, ...]:
    named = (
        (_("Status"), 14),
        (_("Nr. i køen"), 8),
        (_("Rolle"), 30),
        (_("Etternavn"), 20),
        (_("Fornavn"), 18),
        (_("E-post"), 32),
        (_("Mobil"), 16),
        (_("Andre roller"), 30),
        (_("Arbeidssted"), 28),
        (_("Kommune"), 18),
        (_("Bydel eller etat"), 18),
        (_("HPR-nummer"), 12),
        (_("Veileder nå"), 18),
        (_("Hvorfor kurset"), 30),
        (_("Merknad"), 40),
        (_("Meldt på"), 17),
    )
    return tuple(Column(heading=heading, width=width) for heading, width in named)


def _cells(row: ParticipantRow) -> tuple[Cell, ...]:
    person = row.person
    return (
        _(wording.label(row.status)),
        row.position,
        _(wording.label(person.primary_role)),
        person.last_name,
        person.first_name,
        person.email,
        person.mobile,
        ", ".join(_(wording.short_label(role)) for role in person.other_roles),
        person.workplace,
        person.municipality,
        person.district,
        person.hpr_number,
        ", ".join(_(wording.label(one)) for one in person.supervises),
        _(wording.label(person.reason)) if person.reason else "",
        person.note,
        row.signed_up_at,
    )


def _file(slug: str, content: bytes, content_type: str, ending: str) -> Response:
    response = Response(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-deltakere.{ending}"'
    response.headers["Cache-Control"] = "no-store"
    return response
