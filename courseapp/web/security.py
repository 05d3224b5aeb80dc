"""What every answer carries: security headers, a request id, compression; and one log line without personal data."""

from __future__ import annotations

import gzip
import secrets
import time
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, abort, current_app, g, request

from courseapp import metrics
from courseapp.config import Settings

log = structlog.get_logger("courseapp.web")
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
FOR_READERS, FOR_PROGRAMS = ("Accept-Encoding", "Accept-Language", "Cookie"), ("Accept-Encoding",)
PACK_FROM_BYTES = 1400
MOST_DRAINED = 256 * 1024 * 1024
PACKED_TYPES = ("text/html", "text/css", "application/json", "application/atom+xml", "text/plain")


def attach(app: Flask) -> None:
    """Hook into every request."""
    app.before_request(_begin)
    app.before_request(_only_our_name)
    app.after_request(_finish)


def keep_secret(response: Response) -> Response:
    """A page behind a secret link: not cached, not indexed, and its address never told to others."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def drain() -> None:
    """Let by what a browser is still sending of a request that is too large: it reads no answer before it is done.

    From then on the request is an empty one, so that the page which says so can be made.
    """
    left, stream = min(request.content_length or 0, MOST_DRAINED), request.environ["wsgi.input"]
    while left > 0 and (piece := stream.read(min(left, 64 * 1024))):
        left -= len(piece)
    request.environ.pop("CONTENT_LENGTH", None)


def _begin() -> None:
    g.started = time.perf_counter()
    g.request_id = secrets.token_hex(8)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _only_our_name() -> None:
    """Who is asked for by another name is not us: nothing may be cached, linked or believed under it.

    Probes ask by address, and what they are answered holds nothing of anybody.
    """
    settings = current_app.extensions["courseapp.settings"]
    assert isinstance(settings, Settings)
    if request.blueprint != "operations" and _name_in(request.host) not in settings.hosts:
        abort(400)


def _name_in(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:  # a bracket that is not closed
        return None


def _finish(response: Response) -> Response:
    own = {name for name, _value in response.headers}
    for name, value in HEADERS.items():
        if name not in own:
            response.headers.add(name, value)
    if request.is_secure or current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers["X-Request-ID"] = g.get("request_id", "")
    if (request.blueprint or "").startswith("office"):
        response.headers.setdefault("Cache-Control", "no-store")
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "private, no-cache")
    if response.mimetype in PACKED_TYPES:
        depends(response, *(FOR_READERS if response.mimetype == "text/html" else FOR_PROGRAMS))
        _pack(response)
    _write_log(response)
    return response


def depends(response: Response, *names: str) -> None:
    """Tell caches which headers of the request decide what the answer is (RFC 9110, 12.5.5).

    Werkzeug's own set writes the header anew for each of them and for each look at it.
    """
    told = response.headers.get("Vary", "")
    response.headers["Vary"] = ", ".join(dict.fromkeys([*filter(None, told.split(", ")), *names]))


def _pack(response: Response) -> None:
    if response.direct_passthrough or response.is_streamed or response.content_encoding or response.status_code == 304:
        return
    body = response.get_data()
    if len(body) >= PACK_FROM_BYTES and request.accept_encodings.quality("gzip") > 0:
        response.set_data(gzip.compress(body, 4, mtime=0))
        response.content_encoding = "gzip"


def _write_log(response: Response) -> None:
    """The endpoint, never the path: paths hold secret keys."""
    if request.endpoint == "asset":
        return
    seconds = time.perf_counter() - g.get("started", time.perf_counter())
    metrics.request_done(request.endpoint, request.method, response.status_code, seconds)
    log.info(
        "request",
        method=request.method,
        endpoint=request.endpoint,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
    )
