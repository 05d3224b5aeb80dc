"""Logging in and out, in two steps."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as Answer

from courseapp import oidc, wording
from courseapp.documents import qr
from courseapp.domain.errors import DomainError, LogInLapsed, NotFound
from courseapp.services import log_in as entering
from courseapp.services import second_factor, sessions
from courseapp.services.sessions import Entered, Step
from courseapp.web import auth
from courseapp.web.errors import code_of
from courseapp.web.forms import ActForm, Form
from courseapp.web.office.log_in_forms import CodeForm, LogInForm, NewAppForm
from courseapp.web.security import keep_secret

bp = Blueprint("auth", __name__)
NEXT = {Step.CODE: "office.auth.code", Step.SET_UP: "office.auth.set_up"}


@bp.after_request
def secret(response: Response) -> Response:
    """None of these pages is kept anywhere."""
    return keep_secret(response)


@bp.route("/logg-inn", methods=["GET", "POST"])
def log_in() -> ResponseReturnValue:
    """Ask who it is; a right answer leads to the second step, and from there to where the visitor was going."""
    if auth.current() is not None and request.method != "POST":
        return redirect(_target(), 303)
    form = LogInForm()
    status = form.code
    if form.validate_on_submit():
        email, caller = form.email.data or "", auth.caller()
        try:
            entered = entering.with_password(email, form.password.data or "", caller=caller, exempt=auth.exempt(email))
        except DomainError as refusal:
            status = say(form, refusal)
        else:
            return _onward(entered)
    elif form.is_submitted():
        status = 422
    return make_response(render_template("office/auth/log_in.html", form=form, **_ways()), status)


@bp.route("/logg-inn/kode", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    """The second step: a code of the app, or one from paper."""
    if (away := _not_half_way()) is not None:
        return away
    form, status = CodeForm(), 200
    if form.validate_on_submit():
        try:
            return _onward(entering.with_code(auth.token(), form.code.data or "", caller=auth.caller()))
        except LogInLapsed as refusal:
            return _begin_anew(refusal)
        except DomainError as refusal:
            status = say(form, refusal)
    elif form.is_submitted():
        status = 422
    return render_template("office/auth/code.html", form=form), status


@bp.route("/logg-inn/oppsett", methods=["GET", "POST"])
def set_up() -> ResponseReturnValue:
    """The second step of a first log-in: an app for codes, shown by its first code; then the recovery codes, once."""
    if (away := _not_half_way(setting_up=True)) is not None:
        return away
    form, status = NewAppForm(), 200
    if form.validate_on_submit():
        try:
            entered, codes = entering.with_new_app(auth.token(), form.code.data or "", caller=auth.caller())
        except LogInLapsed as refusal:
            return _begin_anew(refusal)
        except DomainError as refusal:
            status = say(form, refusal)
        else:
            auth.remember(entered)
            page = render_template("office/auth/set_up.html", codes=codes, target=_target())
            return auth.with_device(make_response(page), entered.device)
    elif form.is_submitted():
        status = 422
    return render_template("office/auth/set_up.html", codes=None, form=form, app=new_app()), status


@bp.post("/logg-ut")
def log_out() -> ResponseReturnValue:
    """End this log-in. A copied cookie is worth nothing afterwards."""
    if ActForm().validate_on_submit():
        if (entry := auth.entry()) is not None:
            _end(entry.session_id, entry.actor.user_id)
        auth.forget()
    return redirect(url_for("office.auth.log_in"), 303)


def new_app() -> dict[str, str]:
    """What the page shows of an app that is being set up: a picture for its camera, and the secret to type."""
    entry = auth.entry()
    if entry is None or entry.next_secret is None:
        raise LogInLapsed
    text, address = second_factor.shown(entry.next_secret, entry.email)
    return {"picture": qr.data_uri(address), "secret": text, "email": entry.email}


def say(form: Form, refusal: DomainError) -> int:
    """Show a refusal on the form; returns the status of the page."""
    form.form_errors.append(wording.refusal(refusal))
    return code_of(refusal)


def _ways() -> dict[str, object]:
    """Other ways in: the log-ins of municipalities."""
    return {"providers": oidc.providers().all, "neste": request.args.get("neste")}


def _target() -> str:
    return auth.safe_return(request.args.get("neste"))


def _onward(entered: Entered) -> Answer:
    """To the next step, or in."""
    auth.remember(entered)
    if entered.step is Step.INSIDE:
        return auth.with_device(redirect(_target(), 303), entered.device)
    return redirect(url_for(NEXT[entered.step], neste=request.args.get("neste")), 303)


def _not_half_way(*, setting_up: bool = False) -> Answer | None:
    """Where somebody belongs who is not, or no longer, between the two steps; None for one who is."""
    entry = auth.entry()
    if entry is None or entry.confirmed_at is not None:
        return redirect(url_for("office.auth.log_in", neste=request.args.get("neste")), 303)
    step = Step.CODE if entry.next_secret is None else Step.SET_UP
    if (step is Step.SET_UP) is setting_up:
        return None
    return redirect(url_for(NEXT[step], neste=request.args.get("neste")), 303)


def _begin_anew(refusal: DomainError) -> Answer:
    auth.forget()
    flash(wording.refusal(refusal), "warning")
    return redirect(url_for("office.auth.log_in", neste=request.args.get("neste")), 303)


def _end(session_id: int, user_id: int) -> None:
    """Ended in another browser a moment ago is ended, too."""
    try:
        sessions.end(session_id, user_id)
    except NotFound:
        return
