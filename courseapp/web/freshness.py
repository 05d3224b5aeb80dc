"""Answers that readers fetch again and again: with their marks of freshness, or 304 where the reader has it already."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response, request


def fresh(body: bytes, content_type: str, *, changed_at: datetime, kept: str) -> Response:
    """The answer, or 304; `kept` says who may keep a copy and how long (Cache-Control)."""
    response = Response(body, content_type=content_type)
    response.headers["Cache-Control"] = kept
    response.last_modified = changed_at.astimezone(UTC)
    response.add_etag(weak=True)  # the same words, packed or not (RFC 9110, 8.8.1)
    response.make_conditional(request)
    return response
