"""Private calendars behind a secret address. No log-in and no cookie: a calendar program has neither."""

from __future__ import annotations

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from courseapp import clock
from courseapp.queries import feeds
from courseapp.web import calendars

bp = Blueprint("feeds", __name__)


@bp.get("/kal/<token>.ics")
def private(token: str) -> ResponseReturnValue:
    """A participant's, a course leader's or an organizer's sessions; 404 for what was never made or is closed."""
    found = feeds.of_token(token, clock.now())
    if found is None:
        abort(404)
    return calendars.private(found)
