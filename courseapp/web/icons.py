"""Icons of one family, drawn inside the page: no request more, in the colour and size of the words beside them."""

from __future__ import annotations

import re
from functools import cache

from flask import Flask
from markupsafe import Markup

from courseapp.web import assets

FOLDER = "vendor/lucide"
_DRAWING = re.compile(r"<svg\b[^>]*>(.*)</svg>", re.DOTALL)
_BETWEEN_TAGS = re.compile(r"\s+(?=<|/>)|(?<=>)\s+")
_SHELL = (
    '<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" '
    'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{}</svg>'
)


@cache
def icon(name: str) -> Markup:
    """The icon of that name, hidden from screen readers: it always stands beside words that say the same.

    Raises LookupError for one that is not there, so no page has a hole where a drawing should be.
    """
    file = assets.load(f"{FOLDER}/{name}.svg")
    drawing = _DRAWING.search(file.content.decode()) if file else None
    if drawing is None:
        raise LookupError(name)
    return Markup(_SHELL.format(_BETWEEN_TAGS.sub("", drawing[1])))  # noqa: S704 - a file of ours


def names() -> list[str]:
    """Every icon there is."""
    return sorted(file.stem for file in (assets.FOLDER / FOLDER).glob("*.svg"))


def attach(app: Flask) -> None:
    """Give templates `icon()`."""
    app.jinja_env.globals["icon"] = icon
