"""My office's events."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from courseapp import clock
from courseapp.queries import applications, areas, office_events, plans
from courseapp.web.auth import actor

bp = Blueprint("events", __name__)


@bp.get("/arrangementer")
def index() -> ResponseReturnValue:
    """What is to come, or what has been."""
    past = request.args.get("vis") == "tidligere"
    held_for = request.args.get("for", "").replace("\x00", "")
    page = max(1, min(request.args.get("side", 1, type=int), 10_000))
    listing = office_events.listing(actor(), clock.now(), past=past, page=page, held_for=held_for)
    undecided = applications.undecided(actor(), clock.now())
    may_make = bool(plans.organized_offices(actor()))
    return render_template(
        "office/events/index.html",
        listing=listing,
        past=past,
        may_make=may_make,
        undecided=undecided,
        held_for=held_for,
        areas=tuple(dict.fromkeys([*areas.of_events(actor()), *filter(None, [held_for])])),
    )
