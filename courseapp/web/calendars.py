"""Calendars to subscribe to, as answers; and the small form that makes and closes their addresses."""

from __future__ import annotations

from flask import Response
from wtforms import BooleanField

from courseapp.calendar import feed
from courseapp.queries.feeds import Feed
from courseapp.web.forms import ActForm
from courseapp.web.freshness import fresh

SECONDS = 900


class FeedForm(ActForm):
    """Two buttons: make an address, or close it."""

    close = BooleanField()


def answer(found: Feed, *, scope: str) -> Response:
    """The calendar with its marks of freshness, or 304 where the reader has it; `scope`: who may keep a copy."""
    body = feed.feed(found.name, found.entries)
    kept = f"{scope}, max-age={SECONDS}"
    return fresh(body, "text/calendar; charset=utf-8", changed_at=found.changed_at, kept=kept)


def secret(response: Response) -> Response:
    """An address that is a secret: not told to others, and in no search."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
