"""The kitchen list: counts of each wording, to print; names only when asked for, and every reading is written down."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from courseapp import clock
from courseapp.queries import kitchen
from courseapp.services import journal
from courseapp.web.auth import actor
from courseapp.web.security import keep_secret

bp = Blueprint("kitchen", __name__)


@bp.get("/arrangementer/<slug>/kjokken")
def show(slug: str) -> ResponseReturnValue:
    """The list; with names where they were asked for by those who may."""
    shown = kitchen.of_event(actor(), slug, clock.now(), named="navn" in request.args)
    journal.note_read(actor(), shown.event.id, "kitchen_names_read" if shown.named else "kitchen_read")
    return keep_secret(make_response(render_template("office/kitchen/show.html", shown=shown)))
