"""What participants said, at the desk."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courseapp import clock
from courseapp.domain.evaluation import LEAST
from courseapp.queries import evaluation as rows
from courseapp.services import evaluation
from courseapp.speech import said as _
from courseapp.web.auth import actor
from courseapp.web.forms import ActForm
from courseapp.web.security import keep_secret

bp = Blueprint("evaluation", __name__, url_prefix="/arrangementer/<slug>/evaluering")


@bp.route("", methods=["GET", "POST"])
def results(slug: str) -> ResponseReturnValue:
    """Scores and words, and whether participants are asked."""
    form = ActForm()
    if form.validate_on_submit():
        wanted = request.form.get("thanks") == "on"
        evaluation.set_thanks(slug, wanted, actor=actor())
        flash(
            _("Deltakerne får takk og lenke når arrangementet er over.") if wanted else _("Det sendes ingen takk."),
            "success",
        )
        return redirect(url_for(".results", slug=slug), 303)
    shown = rows.results(actor(), slug, clock.now())
    page = render_template("office/evaluation/results.html", shown=shown, form=form, least=LEAST)
    return keep_secret(make_response(page, form.code))
