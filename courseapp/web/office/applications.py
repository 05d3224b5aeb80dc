"""Applications: the ranked list, one applicant by hand, the decision, and the rules. Organizers only."""

from __future__ import annotations

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courseapp import clock, wording
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.marking import N_
from courseapp.domain.ranking import Outcome
from courseapp.queries import applications as rows
from courseapp.services import applications, journal
from courseapp.speech import said as _
from courseapp.web.auth import actor
from courseapp.web.office.application_forms import (
    DecideForm,
    FixForm,
    MoveForm,
    UndoForm,
    adjust_form,
    criterion_fields,
    role_fields,
    rules_form,
)
from courseapp.web.office.line_forms import number_of
from courseapp.web.security import keep_secret

bp = Blueprint("applications", __name__, url_prefix="/arrangementer/<slug>")
DONE = {
    "move": N_("Flyttet. Ingen får e-post før søknadene er avgjort."),
    "fix": N_("Utfallet er bestemt. Ingen får e-post før søknadene er avgjort."),
    "undo": N_("Justeringen er angret."),
}


@bp.get("/soknader")
def index(slug: str) -> ResponseReturnValue:
    """Everybody who has applied, in the proposed order; or who got what, once it is decided."""
    shown = rows.ranked(actor(), slug, clock.now())
    journal.note_read(actor(), shown.event.id, "participants_read")
    return keep_secret(make_response(render_template("office/applications/index.html", shown=shown)))


@bp.route("/soknader/<int(max=2147483647):registration_id>", methods=["GET", "POST"])
def person(slug: str, registration_id: int) -> ResponseReturnValue:
    """One applicant: what the criteria say, and what a hand may change, with a reason."""
    act = request.form.get("act", "")
    if request.method == "POST" and act not in DONE:
        rows.ranked(actor(), slug, clock.now())
        abort(400)
    sent = adjust_form(act, sent=True) if act else None
    if sent is not None and sent.validate_on_submit():
        try:
            _do(sent, slug, registration_id)
        except NotFound:
            raise
        except DomainError as refusal:
            sent.form_errors.append(wording.refusal(refusal))
        else:
            flash(_(DONE[act]), "success")
            return redirect(url_for(".index", slug=slug, _anchor=f"sok-{registration_id}"), 303)
    try:
        shown = rows.applicant(actor(), slug, registration_id, clock.now())
    except NotFound:
        if sent is None:
            raise
        return _answered_meanwhile(slug, sent)
    journal.note_read(actor(), shown.event.id, "participant_read", registration_id=registration_id)
    forms = {one: sent if sent and one == act else adjust_form(one, sent=False) for one in ("move", "fix")}
    page = render_template("office/applications/person.html", shown=shown, forms=forms, sent=sent)
    return keep_secret(make_response(page, sent.code if sent else 200))


@bp.route("/soknader/avgjor", methods=["GET", "POST"])
def decide(slug: str) -> ResponseReturnValue:
    """The last look, and the one button that answers everybody."""
    form = DecideForm()
    if form.validate_on_submit():
        try:
            made = applications.decide(slug, form.shown.data or "", actor())
        except NotFound:
            raise
        except DomainError as refusal:
            form.form_errors.append(wording.refusal(refusal))
        else:
            told = _("Søknadene er avgjort: %(what)s Alle får svar nå.", what=outcome_words(made))
            flash(told, "success")
            return redirect(url_for(".index", slug=slug), 303)
    shown = rows.ranked(actor(), slug, clock.now())
    looked_at = request.args.get("liste", shown.shown.whole)
    journal.note_read(actor(), shown.event.id, "participants_read")
    page = render_template(
        "office/applications/decide.html", shown=shown, form=form, stale=looked_at != shown.shown.whole
    )
    return keep_secret(make_response(page, form.code))


@bp.route("/fordeling", methods=["GET", "POST"])
def rules(slug: str) -> ResponseReturnValue:
    """Whether seats go to whoever comes first or are applied for, and what ranks those who apply."""
    shown = rows.rules(actor(), slug, clock.now())
    form = rules_form(shown)
    if form.validate_on_submit():
        try:
            applications.set_rules(slug, form.wish(), actor())
        except NotFound:
            raise
        except DomainError as refusal:
            form.form_errors.append(wording.refusal(refusal))
        else:
            flash(_("Lagret."), "success")
            return redirect(url_for(".rules", slug=slug), 303)
    page = render_template(
        "office/applications/rules.html", shown=shown, form=form, criteria=criterion_fields(), roles=role_fields()
    )
    return keep_secret(make_response(page, form.code))


def outcome_words(made: applications.Decided) -> str:
    """«18 fikk plass, 6 ble satt på venteliste, 2 fikk avslag.»"""
    told: str = _(
        "%(seats)d fikk plass, %(line)d ble satt på venteliste, %(refused)d fikk avslag.",
        seats=made.seats,
        line=made.line,
        refused=made.refused,
    )
    return told


def _answered_meanwhile(slug: str, sent: MoveForm | FixForm | UndoForm) -> ResponseReturnValue:
    """She withdrew, or a colleague decided, while the form was open: back to the list, with a sentence."""
    rows.ranked(actor(), slug, clock.now())
    flash(str(next(iter(sent.form_errors), _("Personen er ikke lenger blant dem som venter på svar."))))
    return redirect(url_for(".index", slug=slug), 303)


def _do(form: MoveForm | FixForm | UndoForm, slug: str, registration_id: int) -> None:
    if isinstance(form, MoveForm):
        applications.move(slug, registration_id, number_of(form.place.data) or 0, form.reason.data or "", actor())
    elif isinstance(form, FixForm):
        applications.fix(slug, registration_id, Outcome(form.outcome.data), form.reason.data or "", actor())
    else:
        applications.undo(slug, registration_id, number_of(form.adjustment.data) or 0, actor())
