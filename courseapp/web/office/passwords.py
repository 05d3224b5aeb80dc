"""Choosing a password: forgotten ones, and the links that arrive by mail."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courseapp import clock
from courseapp.domain.errors import DomainError, LinkIsDead
from courseapp.queries import accounts as rows
from courseapp.services import account_links
from courseapp.speech import said as _
from courseapp.web import auth
from courseapp.web.office.auth import say
from courseapp.web.office.log_in_forms import ForgottenForm, NewPasswordForm
from courseapp.web.security import keep_secret

bp = Blueprint("passwords", __name__)


@bp.after_request
def secret(response: Response) -> Response:
    """The address of one of these pages is a secret."""
    return keep_secret(response)


@bp.route("/glemt-passord", methods=["GET", "POST"])
def forgotten() -> ResponseReturnValue:
    """Ask for a link; the answer is the same whether or not the address is known."""
    form, status = ForgottenForm(), 200
    if form.validate_on_submit():
        try:
            account_links.ask_for_reset(form.email.data or "", remote=request.remote_addr or "")
        except DomainError as refusal:
            status = say(form, refusal)
        else:
            return render_template("office/passwords/forgotten.html", form=form, sent=True)
    elif form.is_submitted():
        status = 422
    return render_template("office/passwords/forgotten.html", form=form, sent=False), status


@bp.route("/passord/<token>", methods=["GET", "POST"])
def choose(token: str) -> ResponseReturnValue:
    """Choose a password with a link. Opening it changes nothing, or a mail scanner would use it up."""
    kind = rows.link(token, clock.now())
    if kind is None:
        return render_template("office/passwords/choose.html", form=None, kind=None), 404
    form, status = NewPasswordForm(), 200
    if form.validate_on_submit():
        try:
            device = account_links.choose_password(token, form.password.data or "")
        except LinkIsDead:
            return render_template("office/passwords/choose.html", form=None, kind=None), 404
        except DomainError as refusal:
            status = say(form, refusal)
        else:
            auth.forget()
            flash(_("Passordet er lagret. Logg inn med det nå."), "success")
            return auth.with_device(redirect(url_for("office.auth.log_in"), 303), device)
    elif form.is_submitted():
        status = 422
    return make_response(render_template("office/passwords/choose.html", form=form, kind=kind), status)
