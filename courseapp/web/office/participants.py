"""The participants of one event: table, one person, and the files made of it. Every reading is written down."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courseapp import clock
from courseapp.queries import participant_export, participants, replies
from courseapp.services import journal
from courseapp.services import replies as settling
from courseapp.speech import said as _
from courseapp.web.auth import actor, fresh
from courseapp.web.downloads import table_file
from courseapp.web.forms import ActForm
from courseapp.web.office.participant_columns import DIETARY, USUAL, as_table, sensitive_among
from courseapp.web.office.participant_forms import as_query, export_form, filter_form, filters_from, in_words
from courseapp.web.security import keep_secret

bp = Blueprint("participants", __name__)


@bp.get("/arrangementer/<slug>/deltakere")
def table(slug: str) -> ResponseReturnValue:
    """Grouped by role, with counts, the line, and each person's mail."""
    page = max(1, min(request.args.get("side", 1, type=int), 10_000))
    filters = filters_from(request.args)
    shown = participants.table(actor(), slug, clock.now(), page=page, filters=filters)
    journal.note_read(actor(), shown.event.id, "participants_read")
    declined = replies.declined(actor(), shown.event.id)
    page_text = render_template(
        "office/participants/table.html",
        table=shown,
        declined=declined,
        form=ActForm(),
        search=filter_form(shown),
        query=as_query(filters),
    )
    return keep_secret(make_response(page_text))


@bp.get("/arrangementer/<slug>/deltakere/<int(max=2147483647):registration_id>")
def person(slug: str, registration_id: int) -> ResponseReturnValue:
    """One participant: answers, history, letters."""
    shown = participants.participant(actor(), slug, registration_id, clock.now())
    journal.note_read(actor(), shown.event.id, "participant_read", registration_id=registration_id)
    declined = replies.declined(actor(), shown.event.id, registration_id=registration_id)
    filters = filters_from(request.args)
    page = render_template(
        "office/participants/person.html",
        shown=shown,
        declined=declined,
        form=ActForm(),
        query=as_query(filters),
        asked=in_words(filters),
    )
    return keep_secret(make_response(page))


@bp.post(
    "/arrangementer/<slug>/deltakere/<int(max=2147483647):registration_id>/svar/<int(max=2147483647):reply_id>/spurt"
)
def settle_reply(slug: str, registration_id: int, reply_id: int) -> ResponseReturnValue:
    """Somebody has asked her what she meant; the question goes away."""
    form = ActForm()
    if form.validate_on_submit():
        settling.settle(slug, registration_id, reply_id, actor=actor())
        flash(_("Notert. Et nytt svar fra kalenderen vises igjen."), "success")
    else:
        flash(form.form_errors[0], "warning")
    person_page = url_for(".person", slug=slug, registration_id=registration_id)
    return redirect(person_page if request.form.get("fra") == "person" else url_for(".table", slug=slug), 303)


@bp.get("/arrangementer/<slug>/deltakere.xlsx")
@fresh
def as_xlsx(slug: str) -> ResponseReturnValue:
    """The table as a spreadsheet, with the usual columns; filters as in the table."""
    return _file(slug, "xlsx", USUAL)


@bp.get("/arrangementer/<slug>/deltakere.csv")
@fresh
def as_csv(slug: str) -> ResponseReturnValue:
    """The same as text that a spreadsheet opens."""
    return _file(slug, "csv", USUAL)


@bp.route("/arrangementer/<slug>/deltakere/eksport", methods=["GET", "POST"])
@fresh
def export(slug: str) -> ResponseReturnValue:
    """Choose columns; the answer is the file. Nothing but reading is done, and that is written down."""
    filters = filters_from(request.args)
    shown = participant_export.page(actor(), slug, clock.now(), filters)
    form = export_form(organizes=shown.may_organize, hybrid=shown.event.hybrid)
    if form.validate_on_submit():
        return _file(slug, str(form.kind.data), form.columns.data or ())
    page = render_template(
        "office/participants/export.html", shown=shown, form=form, query=as_query(filters), asked=in_words(filters)
    )
    return keep_secret(make_response(page, form.code))


def _file(slug: str, ending: str, codes: Sequence[str]) -> Response:
    """The participants that the address asks for, in a file; who took along what is written down first."""
    sensitive = sensitive_among(codes)
    people = participant_export.everyone(actor(), slug, filters_from(request.args), dietary=DIETARY in sensitive)
    journal.note_read(
        actor(), people.event_id, "participants_exported", columns=",".join(codes), sensitive=",".join(sensitive)
    )
    if DIETARY in sensitive:
        journal.note_read(actor(), people.event_id, "dietary_exported")
    return table_file(as_table(people, codes), ending, f"{slug}-deltakere")
