"""Changing an event, telling its people, and calling it off. Organizers only; to others the pages are not there."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from courseapp import clock, wording
from courseapp.domain.errors import DomainError, NotFound
from courseapp.queries import areas, plans
from courseapp.queries import changes as rows
from courseapp.services import changes
from courseapp.speech import said as _
from courseapp.web.auth import actor
from courseapp.web.office.change_forms import CallOffForm, TellForm, edit_form
from courseapp.web.security import keep_secret
from courseapp.wording import counted

bp = Blueprint("changes", __name__, url_prefix="/arrangementer/<slug>")


@bp.route("/endre", methods=["GET", "POST"])
def edit(slug: str) -> ResponseReturnValue:
    """Words, contact and sessions; people are told in a step of its own."""
    shown = rows.fields(actor(), slug, clock.now())
    form = edit_form(shown, plans.all_offices())
    if form.validate_on_submit():
        try:
            untold = changes.change(slug, form.wish(), actor=actor())
        except NotFound:
            raise
        except DomainError as refusal:
            form.form_errors.append(wording.refusal(refusal))
            if isinstance(refusal, changes.ChangedMeanwhile):
                form.seen.data = str(shown.last_change)
        else:
            if not untold:
                flash(_("Endringene er lagret."), "success")
            return redirect(url_for(".tell" if untold else "office.overview.show", slug=slug), 303)
    page = render_template("office/changes/edit.html", shown=shown, form=form, areas=areas.suggested(actor()))
    return keep_secret(make_response(page, form.code))


@bp.route("/varsle", methods=["GET", "POST"])
def tell(slug: str) -> ResponseReturnValue:
    """What has changed, and one button that tells everybody."""
    form = TellForm()
    if form.validate_on_submit():
        try:
            told = changes.tell(slug, form.message.data or "", actor=actor())
        except NotFound:
            raise
        except DomainError as refusal:
            form.form_errors.append(wording.refusal(refusal))
        else:
            people = counted(told, _("deltaker får"), _("deltakere får"))
            told_text = _("%(people)s e-post om endringene nå. Kalenderne deres blir oppdatert.", people=people)
            flash(told_text if told else _("Kursholderne får e-post om endringene nå."), "success")
            return redirect(url_for("office.participants.table", slug=slug), 303)
    shown = rows.untold(actor(), slug, clock.now())
    page = render_template("office/changes/tell.html", shown=shown, form=form)
    return keep_secret(make_response(page, form.code))


@bp.route("/avlys", methods=["GET", "POST"])
def call_off(slug: str) -> ResponseReturnValue:
    """Ask why, say what happens, then do it."""
    form = CallOffForm()
    if form.validate_on_submit():
        try:
            told = changes.call_off(slug, form.reason.data or "", actor=actor())
        except NotFound:
            raise
        except DomainError as refusal:
            form.form_errors.append(wording.refusal(refusal))
        else:
            people = counted(told, _("person får"), _("personer får"))
            flash(_("Arrangementet er avlyst. %(people)s beskjed på e-post nå.", people=people), "success")
            return redirect(url_for("office.participants.table", slug=slug), 303)
    shown = rows.call_off(actor(), slug, clock.now())
    page = render_template("office/changes/call_off.html", shown=shown, form=form)
    return keep_secret(make_response(page, form.code))
