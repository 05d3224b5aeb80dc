"""The desk's first page."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue

from courseapp import clock
from courseapp.queries import dashboard, plans
from courseapp.web.auth import actor
from courseapp.web.security import keep_secret

bp = Blueprint("dashboard", __name__)


@bp.get("/")
def show() -> ResponseReturnValue:
    """What needs me now, what comes next, the year so far."""
    shown = dashboard.show(actor(), clock.now())
    may_make = bool(plans.organized_offices(actor()))
    return keep_secret(make_response(render_template("office/dashboard/show.html", shown=shown, may_make=may_make)))
