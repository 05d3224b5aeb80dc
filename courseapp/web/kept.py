"""Public pages that are the same for everybody, made once and kept until the facts they show are others.

What a page shows is handed in as `facts` and compared as a whole, so a kept page is never older than they are. Each
process keeps its own. Whoever has something to be told first (a flash) gets a page of her own.
"""

from __future__ import annotations

import gzip
import hashlib
import secrets
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import datetime

from flask import Response, current_app, request, session
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from courseapp import speech
from courseapp.web.freshness import fresh
from courseapp.web.security import depends

EXTENSION, PARTS = "courseapp.kept", "courseapp.kept.parts"
ASKED = frozenset({"sprak", "side", "office", "kind", "month"})
"""What the address of a kept page may ask for. Links to other languages repeat what was asked, so there is no end to
the pages with anything else."""
MOST = 300
_BLANK = f"blank-{secrets.token_hex(8)}."
"""Where a reader's own words go; nobody outside this process can write it."""


@dataclass(frozen=True, slots=True)
class Made:
    """What other programs fetch again and again, and when what it says last changed."""

    body: bytes
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """A page and the facts it shows, in parts around what is its reader's own: the token of her form, or her words."""

    facts: Hashable
    parts: tuple[bytes, ...]
    packed: bytes
    tag: str
    changed_at: datetime | None = None


def page(facts: Hashable, make: Callable[[], str]) -> Response:
    """The page that `make` makes of these facts, with a mark of freshness; 304 for who has it already."""
    kept = _kept(facts, make)
    if kept is None:
        return current_app.make_response(make())
    response = _answer(kept)
    response.make_conditional(request)
    return response


def file(facts: Hashable, make: Callable[[], Made], *, content_type: str, allowed: str) -> Response:
    """The same for what other programs fetch. `allowed` says who may have a copy and how long (Cache-Control)."""
    kept = _kept_file(facts, make)
    response = _answer(kept)
    response.content_type = content_type
    return fresh(response, changed_at=kept.changed_at, kept=allowed)


def _answer(kept: Kept) -> Response:
    if request.accept_encodings.quality("gzip") > 0:
        response = current_app.make_response(kept.packed)
        response.content_encoding = "gzip"
    else:
        response = current_app.make_response(kept.parts[0] if kept.parts else gzip.decompress(kept.packed))
    depends(response, "Accept-Encoding")
    response.set_etag(kept.tag, weak=True)  # the same words, packed or not (RFC 9110, 8.8.1)
    return response


def form(facts: Hashable, make: Callable[[], str]) -> Response:
    """The same for a page with an untouched form, in which every visitor gets her own token."""
    kept = _kept(facts, make, around=generate_csrf())
    if kept is None or len(kept.parts) != 2:
        return current_app.make_response(make())
    return current_app.make_response(generate_csrf().encode().join(kept.parts))


def around(words: str, facts: Hashable, make: Callable[[str], str]) -> Response:
    """The same for a page that repeats some words of its reader's own: `make` is told what to say in their place."""
    kept = _kept(facts, lambda: make(_BLANK), around=_BLANK)
    if kept is None:
        return current_app.make_response(make(words))
    return current_app.make_response(str(escape(words)).encode().join(kept.parts))


def part(facts: Hashable, make: Callable[[], str]) -> Markup:
    """A part of pages that depends on these facts and the language alone, whatever page it stands on."""
    parts: dict[Hashable, Markup] = current_app.extensions.setdefault(PARTS, {})
    key = (facts, speech.language())
    found = parts.get(key)
    if found is None:
        if len(parts) >= MOST:
            parts.clear()
        found = parts[key] = Markup(make())  # noqa: S704 - a template of ours made it
    return found


def _kept(facts: Hashable, make: Callable[[], str], around: str | None = None) -> Kept | None:
    if "_flashes" in session or not request.args.keys() <= ASKED:
        return None
    return _stored(facts, lambda: _made(facts, make().encode(), around))


def _kept_file(facts: Hashable, make: Callable[[], Made]) -> Kept:
    def whole() -> Kept:
        made = make()
        return replace(_made(facts, made.body, None), parts=(), changed_at=made.changed_at)  # it may be a long one

    return _stored(facts, whole) if request.args.keys() <= ASKED else whole()


def _stored(facts: Hashable, make: Callable[[], Kept]) -> Kept:
    pages: dict[Hashable, Kept] = current_app.extensions.setdefault(EXTENSION, {})
    key = (request.full_path, speech.language())
    found = pages.get(key)
    if found is None or found.facts != facts:
        if len(pages) >= MOST:
            pages.clear()
        found = pages[key] = make()
    return found


def _made(facts: Hashable, body: bytes, around: str | None) -> Kept:
    parts = (body,) if around is None else tuple(body.split(around.encode()))
    packed = gzip.compress(body, mtime=0) if around is None else b""
    return Kept(facts=facts, parts=parts, packed=packed, tag=hashlib.sha256(body).hexdigest()[:16])
