"""Calendars to subscribe to, as answers; and the small form that makes and closes their addresses."""

from __future__ import annotations

from datetime import UTC

from flask import Response, request
from wtforms import BooleanField

from courseapp.calendar import feed
from courseapp.queries.feeds import Feed
from courseapp.web.forms import ActForm

SECONDS = 900


class FeedForm(ActForm):
    """Two buttons: make an address, or close it."""

    close = BooleanField()


def answer(found: Feed, *, scope: str) -> Response:
    """The calendar with its marks of freshness, or 304 where the reader has it; `scope`: who may keep a copy."""
    response = Response(feed.feed(found.name, found.entries), content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = f"{scope}, max-age={SECONDS}"
    response.last_modified = found.changed_at.astimezone(UTC)
    response.add_etag()
    response.make_conditional(request)
    return response


def secret(response: Response) -> Response:
    """An address that is a secret: not told to others, and in no search."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
