"""Activities that two offices both wrote down: settled, and fetched back."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from courseapp import clock, when, wording
from courseapp.domain.errors import DomainError, NotFound
from courseapp.services import doubles
from courseapp.speech import said as _
from courseapp.web.auth import actor
from courseapp.web.forms import ActForm
from courseapp.web.security import keep_secret

bp = Blueprint("doubles", __name__)


@bp.after_request
def secret(response: Response) -> Response:
    """The offices' own pages."""
    return keep_secret(response)


@bp.post("/aktiviteter/<slug>/felles")
def settle(slug: str) -> ResponseReturnValue:
    """Keep this one as a joint activity; the other office's line is set aside."""
    form = ActForm()
    if not form.validate_on_submit():
        flash(form.form_errors[0], "warning")
        return _back()
    try:
        doubles.settle(slug, request.form.get("rad", ""), actor=actor())
    except NotFound:
        raise
    except DomainError as refusal:
        flash(wording.refusal(refusal), "warning")
    else:
        flash(
            _("Aktiviteten er felles nå. Raden til det andre kontoret er satt til side, og kan hentes fram."), "success"
        )
    return _back()


@bp.post("/aktiviteter/<slug>/hent-fram")
def fetch_back(slug: str) -> ResponseReturnValue:
    """The line stands for itself again."""
    form = ActForm()
    if form.validate_on_submit():
        doubles.fetch_back(slug, actor=actor())
        flash(_("Raden står for seg selv igjen."), "success")
    else:
        flash(form.form_errors[0], "warning")
    return _back()


def _back() -> ResponseReturnValue:
    year = request.args.get("ar", when.local(clock.now()).year, type=int)
    return redirect(url_for("office.activities.index", ar=year), 303)
