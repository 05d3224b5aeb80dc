"""What the office keeps about people: what is due to be forgotten, what was, and everything about one address."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField

from courseapp import clock
from courseapp.domain.retention import CERTIFICATE_YEARS, CONTACT_MONTHS
from courseapp.queries import personal, retention
from courseapp.services import erasure, journal
from courseapp.speech import lazy
from courseapp.speech import said as _
from courseapp.web import auth, personal_data
from courseapp.web.auth import actor
from courseapp.web.forms import Form, Needed, address, text
from courseapp.web.security import keep_secret

bp = Blueprint("privacy", __name__, url_prefix="/personvern")


class LookUpForm(Form):
    """An address. It is sent in the form and never stands in an address line or a log."""

    email = address(lazy("E-postadresse"), Needed("Skriv inn e-postadressen."))


class EraseForm(LookUpForm):
    """The same, with a second thought."""

    sure = BooleanField(
        lazy("Ja, slett alt om denne personen hos kontoret. Det kan ikke angres."),
        [Needed("Kryss av for at du er sikker.")],
    )


class AnswerForm(Form):
    """What the office answered instead of erasing."""

    reason = text(lazy("Hva svarte dere?"), Needed("Skriv kort hva dere svarte."), most=500, rows=2)


@bp.after_request
def secret(response: Response) -> Response:
    """Persons stand on these pages."""
    return keep_secret(response)


@bp.get("")
@auth.fresh
def index() -> ResponseReturnValue:
    """The plan, the wishes that wait, and the way to look somebody up."""
    return _index(LookUpForm(formdata=None))


@bp.route("/oppslag", methods=["GET", "POST"])
@auth.fresh
def look_up() -> ResponseReturnValue:
    """Everything about one address. Opened without one, it leads to where one is asked for."""
    if request.method != "POST":
        personal.organized(actor())
        return redirect(url_for(".index"), 303)
    form = LookUpForm()
    if not form.validate_on_submit():
        return _index(form)
    return _found(form.email.data or "", EraseForm(formdata=None), AnswerForm(formdata=None))


@bp.post("/oppslag.json")
@auth.fresh
def as_json() -> ResponseReturnValue:
    """The same as a file, to hand over."""
    form = LookUpForm()
    if not form.validate_on_submit():
        return _index(form)
    records = personal.of_address(actor(), form.email.data or "", clock.now())
    journal.note_looked_up(actor(), [one.id for one in records], "person_data_exported")
    return personal_data.as_file(records, "opplysninger.json")


@bp.post("/slett")
@auth.fresh
def erase() -> ResponseReturnValue:
    """Forget an address at the actor's offices."""
    form = EraseForm()
    if form.validate_on_submit() and form.does(lambda: erasure.erase(form.email.data or "", actor=actor())):
        flash(_("Opplysningene er slettet, og personen har fått beskjed."), "success")
        return redirect(url_for(".index"), 303)
    return _found(form.email.data or "", form, AnswerForm(formdata=None))


@bp.post("/onske/<int(max=2147483647):request_id>/svar")
@auth.fresh
def answer(request_id: int) -> ResponseReturnValue:
    """Settle a wish that was answered without erasing."""
    form = AnswerForm()
    if form.validate_on_submit() and form.does(
        lambda: erasure.answer(request_id, form.reason.data or "", actor=actor())
    ):
        flash(_("Notert. Ønsket står ikke lenger på listen."), "success")
        return redirect(url_for(".index"), 303)
    email = personal.asker(actor(), request_id)
    return _found(email, EraseForm(formdata=None), form)


def _index(form: LookUpForm) -> Response:
    page = render_template(
        "office/privacy/index.html",
        plan=retention.plan(actor(), clock.now()),
        requests=personal.open_requests(actor()),
        form=form,
        months=CONTACT_MONTHS,
        years=CERTIFICATE_YEARS,
    )
    return make_response(page, form.code)


def _found(email: str, form: EraseForm, answer_form: AnswerForm) -> Response:
    records = personal.of_address(actor(), email, clock.now())
    journal.note_looked_up(actor(), [one.id for one in records], "person_looked_up")
    page = render_template(
        "office/privacy/look_up.html", email=email, records=records, form=form, answer_form=answer_form
    )
    return make_response(page, max(form.code, answer_form.code))
