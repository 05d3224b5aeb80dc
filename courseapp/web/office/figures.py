"""Figures: an office's years side by side, the events behind a number, the six offices; and their files."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from courseapp import clock, figure_paper, figure_words
from courseapp.documents import figures as papers
from courseapp.documents.figures import Sheet
from courseapp.domain.event import EventKind
from courseapp.domain.figures import Measure
from courseapp.queries import country as countries
from courseapp.queries import figures
from courseapp.web.auth import actor
from courseapp.web.office.reports import CSV, DOCX, XLSX
from courseapp.web.security import keep_secret

bp = Blueprint("figures", __name__, url_prefix="/rapport")
BEHIND = (
    Measure.PEOPLE,
    Measure.SIGN_UPS,
    Measure.FILLED,
    Measure.ATTENDED,
    Measure.ABSENT,
    Measure.QUEUED,
    Measure.UNSEATED,
    Measure.MINUTES,
    Measure.ANSWERS,
    Measure.MEAN,
)
"""What the page behind a number says of each event."""


@bp.after_request
def secret(response: Response) -> Response:
    """The offices' own pages."""
    return keep_secret(response)


@bp.get("/<int(max=9999):year>/tall")
def show(year: int) -> ResponseReturnValue:
    """Figures per kind, three years side by side."""
    shown = _of_office(year)
    return render_template(
        "office/figures/show.html",
        shown=shown,
        blocks=figure_paper.measures(shown),
        roles=figure_paper.roles(shown),
        reach=figure_paper.reach(shown),
        notes=figure_paper.notes(hush=shown.hush),
        words=figure_words,
    )


@bp.get("/<int(max=9999):year>/tall/<slug>")
def behind(year: int, slug: str) -> ResponseReturnValue:
    """The events behind the numbers of one kind."""
    if slug not in set(EventKind):
        abort(404)
    shown = figures.behind(actor(), request.args.get("kontor", ""), year, EventKind(slug), clock.now())
    return render_template("office/figures/behind.html", shown=shown, measures=BEHIND, words=figure_words)


@bp.get("/<int(max=9999):year>/tall.<any(docx,xlsx,csv):ending>")
def file(year: int, ending: str) -> ResponseReturnValue:
    """The figures of an office, to keep."""
    shown = _of_office(year)
    return _file(figure_paper.sheet(shown), ending, f"tall-{shown.office.slug}-{year}")


@bp.get("/<int(max=9999):year>/landet")
def country(year: int) -> ResponseReturnValue:
    """The six offices side by side, for national readers and administrators."""
    shown = countries.of_year(actor(), year, clock.now())
    return render_template(
        "office/figures/country.html",
        shown=shown,
        sheet=figure_paper.country_sheet(shown),
    )


@bp.get("/<int(max=9999):year>/landet.<any(docx,xlsx,csv):ending>")
def country_file(year: int, ending: str) -> ResponseReturnValue:
    """The country, to keep."""
    shown = countries.of_year(actor(), year, clock.now())
    return _file(figure_paper.country_sheet(shown), ending, f"landet-{year}")


def _of_office(year: int) -> figures.FiguresPage:
    return figures.of_office(actor(), request.args.get("kontor", ""), year, clock.now())


def _file(sheet: Sheet, ending: str, name: str) -> Response:
    match ending:
        case "docx":
            content, kind = papers.docx(sheet, at=clock.now()), DOCX
        case "xlsx":
            content, kind = papers.spreadsheet(sheet), XLSX
        case _:
            content, kind = papers.csv(sheet), CSV
    response = Response(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response
