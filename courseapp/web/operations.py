"""For those who run the service: does it live, is it ready."""

from __future__ import annotations

from ipaddress import ip_address

from flask import Blueprint, Response, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from courseapp import clock, metrics
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


@bp.get("/metrics")
def figures() -> ResponseReturnValue:
    """Figures for Prometheus, told on the machine itself only."""
    if not ip_address(request.remote_addr or "0.0.0.0").is_loopback:  # noqa: S104 - nobody listens here
        abort(404)
    return Response(metrics.page(health.gauges(clock.now())), content_type=metrics.CONTENT_TYPE)
