"""Answers that readers fetch again and again: with their marks of freshness, or 304 where the reader has it already."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Response, request

from courseapp import clock

SETTLED = timedelta(minutes=1)
"""So old is a change before its second is told. What was being written then, or comes later in that second, would hide
behind it from readers who keep only the date (RFC 9110, 8.8.2.2)."""


def fresh(response: Response, *, changed_at: datetime | None, kept: str) -> Response:
    """The answer with a mark of its words, or 304; `kept` says who may keep a copy and how long (Cache-Control)."""
    response.headers["Cache-Control"] = kept
    if changed_at is not None and clock.now() - changed_at >= SETTLED:
        response.last_modified = changed_at.astimezone(UTC)
    response.add_etag(weak=True)  # the same words, packed or not (RFC 9110, 8.8.1)
    response.make_conditional(request)
    return response
