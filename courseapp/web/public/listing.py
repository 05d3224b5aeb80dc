"""The public list for other websites and feed readers: JSON and Atom, with the filters of the page.

What is promised about them is in docs/open-listing.md.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from courseapp import clock
from courseapp.documents import atom, open_listing
from courseapp.links import links
from courseapp.queries import listing, shown
from courseapp.web import kept
from courseapp.web.filters import filters_of

bp = Blueprint("listing", __name__)
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
    "Access-Control-Expose-Headers": "ETag, Last-Modified",
    "Access-Control-Max-Age": "86400",
}
"""Pages of other hosts may read the JSON, and nothing else of ours; never with cookies."""
_NEVER = datetime.fromtimestamp(0, UTC)


@bp.after_request
def open_to_all(response: Response) -> Response:
    """Scripts on other websites may read the JSON."""
    if request.endpoint == "public.listing.as_json":
        response.headers.update(OPEN)
    return response


@bp.get("/arrangementer.json")
def as_json() -> ResponseReturnValue:
    """What can be signed up for, one page at a time."""
    now = clock.now()
    return kept.file(
        shown.list_mark(now), lambda: _json(now), content_type="application/json", allowed="public, max-age=60"
    )


def _json(now: datetime) -> kept.Made:
    changed_at = listing.changed_at(now) or _NEVER  # before what it is about: it may be too old, but never too new
    filters = filters_of(now)
    number = max(1, min(request.args.get("side", 1, type=int), 1000))
    found = listing.page(now, number, **filters.chosen())
    pages = -(-found.total // listing.PAGE_SIZE)
    following = links().listing("json", **filters.asked, side=number + 1) if number < pages else None
    shape = {
        "version": open_listing.VERSION,
        "filters": {name: filters.asked.get(name) for name in ("office", "kind", "month")},
        "total": found.total,
        "page": number,
        "pages": pages,
        "next": following,
        "events": [open_listing.event(one, links().event(one.slug)) for one in found.events],
    }
    return kept.Made(body=json.dumps(shape, ensure_ascii=False).encode(), changed_at=changed_at)


@bp.get("/arrangementer.atom")
def as_atom() -> ResponseReturnValue:
    """The same as news: what was published or changed last comes first."""
    now = clock.now()
    return kept.file(
        shown.list_mark(now),
        lambda: _atom(now),
        content_type="application/atom+xml; charset=utf-8",
        allowed="public, max-age=900",
    )


def _atom(now: datetime) -> kept.Made:
    changed_at = listing.facts_changed_at(now) or _NEVER
    filters = filters_of(now)
    source = atom.Source(
        domain=links().domain,
        here=links().listing("atom", **filters.asked),
        page=links().listing(**filters.asked),
        changed_at=changed_at,
    )
    found = listing.newest(now, **filters.chosen())
    body = atom.feed(source, [(one, links().event(one.slug)) for one in found.events])
    return kept.Made(body=body, changed_at=changed_at)
