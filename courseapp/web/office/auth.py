"""Logging in and out."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import PasswordField
from wtforms.validators import Length

from courseapp.domain.errors import DomainError
from courseapp.services import accounts
from courseapp.web import auth
from courseapp.web.errors import code_of
from courseapp.web.forms import ActForm, Form, Needed, line
from courseapp.web.security import keep_secret

bp = Blueprint("auth", __name__)


class LogInForm(Form):
    """Address and password, friendly to password managers."""

    email = line(
        lazy("E-post"),
        Needed("Skriv inn e-postadressen din."),
        most=254,
        type="email",
        autocomplete="username",
        autocapitalize="none",
        spellcheck="false",
    )
    password = PasswordField(
        lazy("Passord"),
        [Needed("Skriv inn passordet."), Length(max=200, message=lazy("Passordet kan ha høyst 200 tegn."))],
        render_kw={"autocomplete": "current-password"},
    )


@bp.route("/logg-inn", methods=["GET", "POST"])
def log_in() -> ResponseReturnValue:
    """Ask who it is; a right answer leads to where the visitor was going."""
    target = auth.safe_return(request.args.get("neste"))
    if auth.current() is not None and request.method == "GET":
        return redirect(target, 303)
    form = LogInForm()
    code = form.code
    if form.validate_on_submit():
        try:
            user = accounts.log_in(form.email.data or "", form.password.data or "", remote=request.remote_addr or "")
        except DomainError as refusal:
            form.form_errors.append(_(refusal.message))
            code = code_of(refusal)
        else:
            auth.remember(user)
            return redirect(target, 303)
    elif form.is_submitted():
        code = 422
    return keep_secret(make_response(render_template("office/auth/log_in.html", form=form), code))


@bp.post("/logg-ut")
def log_out() -> ResponseReturnValue:
    """End the session."""
    if ActForm().validate_on_submit():
        if (actor := auth.current()) is not None:
            accounts.end_sessions(actor.user_id)
        auth.forget()
    return redirect(url_for("office.auth.log_in"), 303)
