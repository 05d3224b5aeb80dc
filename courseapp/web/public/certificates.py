"""Is this kursbevis genuine? Whoever holds the paper has its number and code, and learns no more than it says."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courseapp.domain.certificate import CODE_LENGTH, Issued, read_code, read_number
from courseapp.domain.errors import TooManyTries
from courseapp.queries import certificates
from courseapp.services import tries
from courseapp.speech import lazy
from courseapp.speech import said as _
from courseapp.web.forms import Form, Needed, line
from courseapp.web.security import keep_secret

bp = Blueprint("certificates", __name__, url_prefix="/kursbevis")
BUCKET = "certificate"
WRONG_CODES, FROM_ONE_ADDRESS, FOR_ONE_NUMBER = 20, 200, 1000
AN_HOUR = 3600


class NumberForm(Form):
    """The number on the paper."""

    number = line(
        lazy("Nummer"), Needed("Skriv nummeret som står på kursbeviset."), most=40, autocapitalize="characters"
    )


class CodeForm(Form):
    """The control code on the paper."""

    control_code = line(
        lazy("Kontrollkode"),
        Needed("Skriv kontrollkoden som står på kursbeviset."),
        most=20,
        autocapitalize="characters",
        autocomplete="off",
        hint=lazy("Åtte tegn, rett under nummeret."),
    )


@bp.after_request
def secret(response: Response) -> Response:
    """The code may stand in the address."""
    return keep_secret(response)


@bp.route("", methods=["GET", "POST"])
def find() -> ResponseReturnValue:
    """Type a number."""
    form = NumberForm()
    if form.validate_on_submit():
        number = read_number(form.number.data or "")
        if number is not None:
            return redirect(url_for(".show", number=number), 303)
        form.number.errors = [_("Nummeret ser ut som NORD-2027-0001. Sjekk at du har skrevet det riktig.")]
    return make_response(render_template("public/certificates/find.html", form=form), form.code)


@bp.route("/<number>", methods=["GET", "POST"])
def show(number: str) -> ResponseReturnValue:
    """Genuine, revoked, replaced or unknown; told only to those who have the code."""
    if not number.isprintable():
        abort(404)
    form = CodeForm()
    typed = (form.control_code.data or "") if form.validate_on_submit() else request.args.get("kode", "")
    issued, state = None, "asked"
    if typed:
        try:
            issued, state = _checked(number, typed)
        except TooManyTries:
            state = "busy"
    page = render_template(
        "public/certificates/show.html",
        number=read_number(number) or number[:40],
        form=form,
        issued=issued,
        state=state,
    )
    return make_response(page, 429 if state == "busy" else form.code)


def _checked(number: str, typed: str) -> tuple[Issued | None, str]:
    """An unknown number and a wrong code answer alike. Wrong ones are counted, so that codes cannot be guessed."""
    wanted, code = read_number(number) or "", read_code(typed)
    here = request.remote_addr or ""
    bounds = ((here, FROM_ONE_ADDRESS), (f"{here} {wanted}", WRONG_CODES), (wanted, FOR_ONE_NUMBER))
    for subject, most in bounds:
        tries.check(BUCKET, subject, most=most, seconds=AN_HOUR)
    found = certificates.by_number(wanted) if wanted and len(code) == CODE_LENGTH else None
    if found is not None and hmac.compare_digest(found.code.encode(), code.encode()):
        return found, "revoked" if found.revoked_at else "replaced" if found.replaced_by else "genuine"
    for subject, most in bounds:
        tries.spend(BUCKET, subject, most=most, seconds=AN_HOUR)
    return None, "unknown"
