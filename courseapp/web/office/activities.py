"""Activities nobody signs up for: the list of a year, one to type in, lines from a spreadsheet."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from courseapp import clock, when, wording
from courseapp.domain import pasted
from courseapp.domain.access import check
from courseapp.domain.activities import roles_over
from courseapp.domain.activity_file import ImportRefused, Problem, decoded
from courseapp.domain.event import ReportTable
from courseapp.domain.marking import N_
from courseapp.queries import activities as rows
from courseapp.queries import areas, doubles
from courseapp.services import activities, imports
from courseapp.services.imports import Tried
from courseapp.speech import said as _
from courseapp.web.auth import actor
from courseapp.web.forms import ActForm, Form
from courseapp.web.office.activity_forms import MOST_PASTED, ActivityForm, PasteForm, edit_form, new_form, paste_form
from courseapp.web.security import drain, keep_secret

bp = Blueprint("activities", __name__)
TOO_LARGE = N_("Det er for mye på én gang. Lim inn eller last opp høyst 200 kB.")
MOST_SENT = 4 * MOST_PASTED


@bp.after_request
def secret(response: Response) -> Response:
    """The offices' own pages."""
    return keep_secret(response)


@bp.before_request
def take_lines() -> None:
    """Only here a form may be as large as a report of many years; everywhere else the bound of the house holds."""
    if request.endpoint == "office.activities.paste":
        request.max_content_length = request.max_form_memory_size = MOST_SENT


@bp.get("/aktiviteter")
def index() -> ResponseReturnValue:
    """What was typed in for a year, by report table."""
    office = request.args.get("kontor", "")
    shown = rows.listing(actor(), _year(), clock.now(), office=office, place=request.args.get("sted", ""))
    return render_template(
        "office/activities/index.html",
        shown=shown,
        claims=doubles.claims(actor(), shown.year, office),
        aside=doubles.set_aside(actor(), shown.year),
        form=ActForm(),
        this_year=_this_year(),
    )


@bp.route("/aktiviteter/ny", methods=["GET", "POST"])
def add() -> ResponseReturnValue:
    """One more. «Lagre og legg inn en til» keeps the year, kind and table."""
    form = new_form(rows.choices(actor()), _year(), request.args)
    if form.validate_on_submit() and form.does(lambda: activities.add(form.office.data, form.wish(), actor=actor())):
        flash(_("«%(title)s» er lagt inn.", title=form.wish().title), "success")
        _warn(form)
        if request.form.get("then") == "more":
            kept = {"ar": form.year.data, "kontor": form.office.data, "type": form.kind.data}
            return redirect(url_for(".add", **kept, tabell=form.table.data or None), 303)
        return redirect(url_for(".index", ar=form.year.data), 303)
    return _form_page("add", form, year=_year())


@bp.route("/aktiviteter/<slug>", methods=["GET", "POST"])
def edit(slug: str) -> ResponseReturnValue:
    """What stands about one."""
    shown = rows.one(actor(), slug)
    form = edit_form(shown, rows.choices(actor()))
    if form.validate_on_submit() and form.does(lambda: activities.change(slug, form.wish(), actor=actor())):
        flash(_("Endringene er lagret."), "success")
        _warn(form)
        return redirect(url_for(".index", ar=form.year.data), 303)
    return _form_page("edit", form, shown=shown)


@bp.route("/aktiviteter/<slug>/slett", methods=["GET", "POST"])
def remove(slug: str) -> ResponseReturnValue:
    """Ask first; then it is gone."""
    shown = rows.one(actor(), slug)
    check(shown.decides)
    form = ActForm()
    if form.validate_on_submit() and form.does(lambda: activities.remove(slug, actor=actor())):
        flash(_("«%(title)s» er slettet.", title=shown.wish.title), "success")
        return redirect(url_for(".index", ar=shown.wish.year), 303)
    return render_template("office/activities/remove.html", shown=shown, form=form), form.code


@bp.post("/aktiviteter/kopier")
def copy() -> ResponseReturnValue:
    """The chosen lines once more this year, without dates and numbers."""
    form, year = ActForm(), _this_year()
    chosen = _all_lines() if "alle" in request.form else request.form.getlist("linje")
    if not form.validate_on_submit():
        flash(form.form_errors[0], "warning")
    elif not chosen:
        flash(_("Velg linjene du vil kopiere først."), "warning")
    else:
        done = activities.copy(chosen, year, actor=actor())
        lines = wording.counted(done.added, _("linje er"), _("linjer er"))
        flash(_("%(lines)s kopiert til %(year)s, uten dato og antall.", lines=lines, year=year), "success")
        if done.known:
            there = wording.counted(done.known, _("linje"), _("linjer"))
            flash(_("%(lines)s sto der fra før.", lines=there), "info")
        return redirect(url_for(".index", ar=year), 303)
    return redirect(url_for(".index", ar=_year()), 303)


@bp.route("/aktiviteter/lim-inn", methods=["GET", "POST"])
def paste() -> ResponseReturnValue:
    """Lines from a spreadsheet or a file: first a trial that shows every row, then all of them or none."""
    offered = rows.choices(actor())
    try:
        form = paste_form(offered, _year())
        sent = form.validate_on_submit()
    except RequestEntityTooLarge:
        drain()
        form = paste_form(offered, _year())
        form.form_errors.append(_(TOO_LARGE))
        return _paste_page(form, [], [], 413)
    if not sent:
        return _paste_page(form, [], [], form.code)
    try:
        content = _content(form)
        if request.form.get("then") == "import":
            done = imports.import_activities(content, actor=actor())
            _say_done(done)
            return redirect(url_for(".index", ar=form.year.data), 303)
        return _paste_page(form, imports.try_activities(content, actor=actor()), [], 200)
    except ImportRefused as refusal:
        return _paste_page(form, [], pasted.in_pasted_lines(refusal, form.lines.data or ""), 422)


def _form_page(name: str, form: Form, **more: Any) -> ResponseReturnValue:
    """One to type in or to change, with the places that its field suggests."""
    return render_template(
        f"office/activities/{name}.html", form=form, areas=areas.suggested(actor()), **more
    ), form.code


def _content(form: PasteForm) -> bytes:
    """The lines as a file. What was uploaded becomes the text of the form, so that it is sent again with the answer."""
    file = request.files.get("file")
    uploaded = file.read(MOST_PASTED + 1) if file is not None else b""
    if len(uploaded) > MOST_PASTED:
        raise ImportRefused([Problem(1, _(TOO_LARGE))])
    if uploaded:
        form.lines.data = decoded(uploaded)
    text = form.lines.data or ""
    if not text.strip():
        raise ImportRefused([Problem(1, _("Lim inn linjene, eller velg en fil."))])
    return pasted.as_file(
        text, office=form.office.data, year=int(form.year.data or 0), table=ReportTable(form.table.data)
    )


def _paste_page(form: PasteForm, tried: list[Tried], problems: list[Problem], code: int) -> ResponseReturnValue:
    page = render_template(
        "office/activities/paste.html",
        form=form,
        tried=tried,
        problems=problems,
        fresh=sum(not one.known for one in tried),
    )
    return page, code


def _warn(form: ActivityForm) -> None:
    """What is kept as it was written, and worth a second look."""
    over = roles_over(form.wish())
    if over is not None:
        sums = _("Rollene er %(roles)d til sammen, men det er %(people)d deltakere.", roles=over[0], people=over[1])
        kept = _("Det er lagret slik du skrev det, og merket i rapporten.")
        flash(f"{sums} {kept}", "warning")


def _all_lines() -> list[str]:
    """Every line of the list that was looked at, as far as it may be copied."""
    office, place = request.args.get("kontor", ""), request.args.get("sted", "")
    shown = rows.listing(actor(), _year(), clock.now(), office=office, place=place)
    return [one.slug for _table, lines in shown.tables for one in lines if one.may_copy]


def _say_done(done: imports.Imported) -> None:
    flash(
        _("%(lines)s lagt inn.", lines=wording.counted(done.added, _("aktivitet er"), _("aktiviteter er"))), "success"
    )
    if done.known:
        there = wording.counted(done.known, _("linje"), _("linjer"))
        flash(_("%(lines)s sto der fra før.", lines=there), "info")


def _this_year() -> int:
    return when.local(clock.now()).year


def _year() -> int:
    """The year the address asks for, or this one."""
    return request.args.get("ar", _this_year(), type=int)
