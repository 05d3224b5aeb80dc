"""A letter's own html in a frame: inline looks as mail needs them, and nothing it could load or run."""

from __future__ import annotations

from flask import Response

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
    "sandbox allow-popups allow-top-navigation-by-user-activation"
)


def framed(html: str) -> Response:
    """The letter alone; its links lead out of the frame, which shows nothing but the letter."""
    shown = html.replace("<head>", '<head>\n<base target="_top">', 1)
    response = Response(shown, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response
