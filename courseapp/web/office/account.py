"""My own log-ins and my second factor, and showing again who I am."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courseapp import clock, oidc, wording
from courseapp.domain.errors import DomainError, LogInLapsed
from courseapp.domain.logging_in import LogInMethod
from courseapp.queries import accounts as rows
from courseapp.services import log_in as entering
from courseapp.services import second_factor, sessions
from courseapp.speech import said as _
from courseapp.web import auth
from courseapp.web.forms import ActForm
from courseapp.web.office.auth import new_app, say
from courseapp.web.office.log_in_forms import ConfirmForm, NewAppForm
from courseapp.web.security import keep_secret

bp = Blueprint("account", __name__)


@bp.after_request
def secret(response: Response) -> Response:
    """None of these pages is kept anywhere."""
    return keep_secret(response)


@bp.get("/innlogginger")
def index() -> ResponseReturnValue:
    """Where I am logged in, and what guards it."""
    entry = auth.inside()
    user_id = entry.actor.user_id
    return render_template(
        "office/account/index.html",
        entry=entry,
        sessions=rows.sessions(user_id, clock.now()),
        factor=rows.factor(user_id),
        has_password=entry.method is LogInMethod.PASSWORD,
        form=ActForm(),
    )


@bp.post("/innlogginger/<int(max=2147483647):session_id>/avslutt")
def end(session_id: int) -> ResponseReturnValue:
    """One of my log-ins ends."""
    if ActForm().validate_on_submit():
        sessions.end(session_id, auth.actor().user_id)
        flash(_("Innloggingen er avsluttet."), "success")
    return redirect(url_for(".index"), 303)


@bp.post("/innlogginger/avslutt-andre")
def end_others() -> ResponseReturnValue:
    """All of mine but this one end."""
    if ActForm().validate_on_submit():
        entry = auth.inside()
        ended = sessions.end_others(entry.session_id, entry.actor.user_id)
        ended_words = wording.counted(ended, _("innlogging"), _("innlogginger"))
        flash(_("%(count)s er avsluttet.", count=ended_words), "success")
    return redirect(url_for(".index"), 303)


@bp.route("/totrinn/koder", methods=["GET", "POST"])
@auth.fresh
def codes() -> ResponseReturnValue:
    """New recovery codes, shown once; the earlier ones are dead."""
    form, made = ActForm(), None
    if form.validate_on_submit():
        made = second_factor.renew_codes(auth.actor().user_id)
    factor = rows.factor(auth.actor().user_id)
    return render_template("office/account/codes.html", form=form, codes=made, factor=factor), form.code


@bp.post("/totrinn/ny-app")
@auth.fresh
def begin_app() -> ResponseReturnValue:
    """Propose a new app; the old one works until the new one has shown a code."""
    if ActForm().validate_on_submit():
        second_factor.begin_replacing(auth.inside().session_id)
        return redirect(url_for(".app"), 303)
    return redirect(url_for(".index"), 303)


@bp.route("/totrinn/app", methods=["GET", "POST"])
@auth.fresh
def app() -> ResponseReturnValue:
    """Another telephone, or another app: shown by its first code. New recovery codes come with it."""
    if auth.inside().next_secret is None:
        return redirect(url_for(".index"), 303)
    form, status = NewAppForm(), 200
    if form.validate_on_submit():
        try:
            second_factor.limit(auth.actor().user_id)
            made = second_factor.replace(auth.inside().session_id, form.code.data or "")
        except LogInLapsed:
            return redirect(url_for(".index"), 303)
        except DomainError as refusal:
            status = say(form, refusal)
        else:
            return render_template("office/account/app.html", codes=made)
    elif form.is_submitted():
        status = 422
    return render_template("office/account/app.html", codes=None, form=form, app=new_app()), status


@bp.route("/bekreft", methods=["GET", "POST"])
def confirm() -> ResponseReturnValue:
    """Show again who I am, and go on where I was."""
    entry = auth.inside()
    target, exempt = auth.safe_return(request.args.get("neste")), auth.exempt(entry.email)
    if entry.method is LogInMethod.OIDC:
        linked = [one for one in oidc.providers().all if rows.linked_to(entry.actor.user_id, one.issuer)]
        return render_template("office/account/confirm.html", form=None, neste=target, providers=linked)
    form, status = ConfirmForm(), 200
    if exempt:
        del form.code
    if form.validate_on_submit():
        typed = "" if exempt else form.code.data or ""
        password = form.password.data or ""
        try:
            entering.confirm(entry.session_id, entry.email, password, typed, caller=auth.caller(), exempt=exempt)
        except DomainError as refusal:
            status = say(form, refusal)
        else:
            return redirect(target, 303)
    elif form.is_submitted():
        status = 422
    return render_template("office/account/confirm.html", form=form, neste=target, providers=()), status
