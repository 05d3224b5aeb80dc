"""For those who run the service: does it live, is it ready."""

from __future__ import annotations

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue

from courseapp import clock
from courseapp.queries import health

bp = Blueprint("operations", __name__)


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Database, migrations, worker and outbox are within bounds; 503 and which one when not."""
    found = health.check(clock.now(), migrations=str(current_app.extensions["migrate"].directory))
    ready = all(one.ok for one in found)
    body = {"status": "ok" if ready else "not ready", "checks": {one.name: one.said for one in found}}
    return jsonify(body), 200 if ready else 503
