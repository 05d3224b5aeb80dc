"""My office's events."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courseapp import clock
from courseapp.queries import office_events
from courseapp.web.auth import actor

bp = Blueprint("events", __name__)


@bp.get("/")
def home() -> ResponseReturnValue:
    """The way in."""
    return redirect(url_for("office.events.index"))


@bp.get("/arrangementer")
def index() -> ResponseReturnValue:
    """What is to come, or what has been."""
    past = request.args.get("vis") == "tidligere"
    page = max(1, min(request.args.get("side", 1, type=int), 10_000))
    listing = office_events.listing(actor(), clock.now(), past=past, page=page)
    return render_template("office/events/index.html", listing=listing, past=past)
