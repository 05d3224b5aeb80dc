"""Calendars to subscribe to, as answers; and the small form that makes and closes their addresses."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from flask import Response
from wtforms import BooleanField

from courseapp.calendar import feed
from courseapp.queries.feeds import Feed
from courseapp.web import kept
from courseapp.web.forms import ActForm
from courseapp.web.freshness import fresh

SECONDS = 900
TYPE = "text/calendar; charset=utf-8"


class FeedForm(ActForm):
    """Two buttons: make an address, or close it."""

    close = BooleanField()


def public(facts: Hashable, make: Callable[[], Feed]) -> Response:
    """A calendar for everybody, kept until these facts are others."""

    def made() -> kept.Made:
        found = make()
        return kept.Made(body=feed.feed(found.name, found.entries), changed_at=found.changed_at)

    return kept.file(facts, made, content_type=TYPE, allowed=f"public, max-age={SECONDS}")


def private(found: Feed) -> Response:
    """A calendar behind a secret address: not told to others, in no search, and no copy of it for anybody else."""
    response = Response(feed.feed(found.name, found.entries), content_type=TYPE)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return fresh(response, changed_at=found.changed_at, kept=f"private, max-age={SECONDS}")
