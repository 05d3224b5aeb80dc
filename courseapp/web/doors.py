"""Every door of the house, in one list."""

from __future__ import annotations

from flask import Blueprint

from courseapp.web import auth, operations
from courseapp.web.forms import ActForm
from courseapp.web.office import auth as log_in
from courseapp.web.office import events as office_events
from courseapp.web.office import participants
from courseapp.web.public import about, events, links, my_registration, postbox, registrations

DESK = (office_events.bp, participants.bp)
for room in DESK:
    room.before_request(auth.demand)


def public_door(*, demo: bool) -> Blueprint:
    """Doctors and everybody else. The letters of the demo lie open in demo mode only."""
    door = Blueprint("public", __name__)
    for room in (events.bp, registrations.bp, my_registration.bp, links.bp, about.bp):
        door.register_blueprint(room)
    if demo:
        door.register_blueprint(postbox.bp)
    return door


def office_door() -> Blueprint:
    """Organizers: everything but the log-in wants somebody logged in."""
    door = Blueprint("office", __name__, url_prefix="/kontor")
    for room in DESK:
        door.register_blueprint(room)
    door.register_blueprint(log_in.bp)
    door.app_context_processor(lambda: {"current_actor": auth.current, "act_form": ActForm})
    return door


def doors(*, demo: bool) -> tuple[Blueprint, ...]:
    """All doors of one application."""
    return public_door(demo=demo), office_door(), operations.bp
