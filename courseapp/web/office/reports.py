"""The yearly report: the page, its files, cells written over, heads."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courseapp import clock, when, yearly_paper
from courseapp.documents import yearly as papers
from courseapp.queries import doubles, yearly
from courseapp.services import report_overrides
from courseapp.speech import said as _
from courseapp.web.auth import actor
from courseapp.web.forms import ActForm
from courseapp.web.office.report_forms import heads_form, override_form
from courseapp.web.security import keep_secret

bp = Blueprint("reports", __name__, url_prefix="/rapport")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
HAND_IN_UNTIL = 4
"""The report of last year is written until the end of this month."""


@bp.after_request
def secret(response: Response) -> Response:
    """The offices' own pages."""
    return keep_secret(response)


@bp.get("")
def index() -> ResponseReturnValue:
    """The report somebody most likely wants: last year's until it is handed in, then this year's."""
    today = when.local(clock.now()).date()
    chosen = request.args.get("ar", today.year - (today.month <= HAND_IN_UNTIL), type=int)
    pages = {"tall": "office.figures.show", "landet": "office.figures.country"}
    page = pages.get(request.args.get("vis", ""), ".show")
    return redirect(url_for(page, year=max(0, min(chosen, 9999)), kontor=request.args.get("kontor")), 303)


@bp.get("/<int(max=9999):year>")
def show(year: int) -> ResponseReturnValue:
    """The tables as the office hands them in."""
    report = _report(year)
    return render_template(
        "office/reports/show.html",
        report=report,
        claims=doubles.claims(actor(), year, report.office.slug),
        parts=yearly_paper.shown(report),
        sum_line=yearly_paper.sum_line,
        definitions=yearly_paper.DEFINITIONS,
    )


@bp.get("/<int(max=9999):year>/rapport.docx")
def as_docx(year: int) -> ResponseReturnValue:
    """A Word document, ready to paste from."""
    report = _report(year)
    return _file(report, papers.docx(yearly_paper.paper(report), at=clock.now()), DOCX, "docx")


@bp.get("/<int(max=9999):year>/rapport.xlsx")
def as_xlsx(year: int) -> ResponseReturnValue:
    """The same rows as a spreadsheet."""
    report = _report(year)
    return _file(report, papers.spreadsheet(yearly_paper.paper(report)), XLSX, "xlsx")


@bp.get("/<int(max=9999):year>/rapport.csv")
def as_csv(year: int) -> ResponseReturnValue:
    """The same as text that a spreadsheet opens."""
    report = _report(year)
    return _file(report, papers.csv(yearly_paper.paper(report)), CSV, "csv")


@bp.route("/<int(max=9999):year>/rad/<int(max=2147483647):event_id>", methods=["GET", "POST"])
def row(year: int, event_id: int) -> ResponseReturnValue:
    """Write over the cells of one row, with a reason."""
    shown = yearly.row(actor(), request.args.get("kontor", ""), year, event_id, clock.now())
    form, office = override_form(shown), shown.office.slug
    if form.validate_on_submit() and form.does(
        lambda: report_overrides.write(office, event_id, form.values(shown), form.reason.data or "", actor=actor()),
    ):
        flash(_("Raden er endret i rapporten. Det som var regnet ut, står ved siden av."), "success")
        return redirect(_to_row(year, office, event_id), 303)
    return render_template("office/reports/row.html", shown=shown, form=form), form.code


@bp.post("/<int(max=9999):year>/rad/<int(max=2147483647):event_id>/tilbake")
def take_back(year: int, event_id: int) -> ResponseReturnValue:
    """The row says what was counted again."""
    shown = yearly.row(actor(), request.args.get("kontor", ""), year, event_id, clock.now())
    form = ActForm()
    if form.validate_on_submit():
        report_overrides.take_back(shown.office.slug, event_id, actor=actor())
        flash(_("Raden sier det som er regnet ut igjen."), "success")
    else:
        flash(form.form_errors[0], "warning")
    return redirect(_to_row(year, shown.office.slug, event_id), 303)


@bp.route("/overskrifter", methods=["GET", "POST"])
def heads() -> ResponseReturnValue:
    """What the office calls its columns."""
    shown = yearly.heads(actor(), request.args.get("kontor", ""))
    form, office = heads_form(shown), shown.office.slug
    if form.validate_on_submit() and form.does(lambda: report_overrides.set_heads(office, form.heads(), actor=actor())):
        flash(_("Overskriftene er lagret."), "success")
        return redirect(url_for(".index", kontor=office), 303)
    return render_template("office/reports/heads.html", shown=shown, form=form), form.code


def _report(year: int) -> yearly.Report:
    return yearly.of_office(actor(), request.args.get("kontor", ""), year, clock.now())


def _to_row(year: int, office: str, event_id: int) -> str:
    return url_for(".show", year=year, kontor=office, _anchor=f"rad-{event_id}")


def _file(report: yearly.Report, content: bytes, kind: str, ending: str) -> Response:
    response = Response(content, content_type=kind)
    name = f"arsrapport-{report.office.slug}-{report.year}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
