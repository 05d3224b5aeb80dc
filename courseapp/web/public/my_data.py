"""«Hva er lagret om meg»: everything about my registration, to read, to take along, and to have erased."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from courseapp import clock
from courseapp.queries import personal
from courseapp.queries.personal import Record
from courseapp.services import erasure
from courseapp.speech import said as _
from courseapp.web import personal_data
from courseapp.web.forms import ActForm
from courseapp.web.security import keep_secret

bp = Blueprint("my_data", __name__, url_prefix="/min/<key>/mine-data")


@bp.after_request
def secret(response: Response) -> Response:
    """Every page here has a secret in its address."""
    return keep_secret(response)


def _mine(key: str) -> Record:
    found = personal.mine(key, clock.now())
    if found is None:
        abort(404)
    return found


@bp.get("")
def show(key: str) -> ResponseReturnValue:
    """All of it, in words."""
    return _page(key, ActForm())


@bp.get("/opplysninger.json")
def as_json(key: str) -> ResponseReturnValue:
    """All of it, as a file."""
    return personal_data.as_file([_mine(key)], "mine-opplysninger.json")


@bp.post("/slett")
def erase(key: str) -> ResponseReturnValue:
    """Ask the office to forget me."""
    form = ActForm()
    if form.validate_on_submit() and form.does(lambda: erasure.ask(key)):
        flash(_("Kontoret har fått beskjed, og svarer innen en måned."), "success")
        return redirect(url_for(".show", key=key), 303)
    return _page(key, form), form.code


def _page(key: str, form: ActForm) -> str:
    return render_template("public/my_data/show.html", record=_mine(key), key=key, act_form=form)
