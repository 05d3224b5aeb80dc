"""Facts → the three texts of a letter, by the templates of `templates/mail/`, in the language spoken."""

from __future__ import annotations

import secrets
from collections.abc import Hashable, Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import escape

from courseapp import template_words
from courseapp.speech import language, ngettext, said

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"
MOST = 300
_BLANK = f"blank-{secrets.token_hex(8)}-"
"""How a place for somebody's own words begins; nobody outside this process can write one."""
_filled_in: dict[Hashable, tuple[str, str, str]] = {}


def for_one(occasion: str, own: Mapping[str, str], **facts: Hashable) -> tuple[str, str, str]:
    """The same as `rendered` with the facts and what is one reader's own, which her letter may only repeat.

    What the facts make of the letter is kept, with blanks for her own words: a rush of sign-ups writes the same few
    letters over and over.
    """
    key = (occasion, language(), *own, *facts.items())
    blank = _filled_in.get(key)
    if blank is None:
        if len(_filled_in) >= MOST:
            _filled_in.clear()
        blank = _filled_in[key] = rendered(occasion, **{name: f"{_BLANK}{name}." for name in own}, **facts)
    subject, text, html = blank
    for name, value in own.items():
        place = f"{_BLANK}{name}."
        subject, text, html = (
            subject.replace(place, value),
            text.replace(place, value),
            html.replace(place, escape(value)),
        )
    return subject, text, html


def rendered(occasion: str, **facts: object) -> tuple[str, str, str]:
    """(subject, text, html). The subject is one line."""
    subject, text, html = (
        _templates().get_template(f"mail/{occasion}/{part}").render(facts)
        for part in ("subject.txt", "body.txt", "body.html")
    )
    return " ".join(subject.split()), text.strip() + "\n", html


@cache
def _templates() -> Environment:
    """The letters' own template environment: undefined names are errors, html is escaped, text is not."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
    )
    made.install_gettext_callables(said, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.filters.update(template_words.FILTERS)
    made.globals.update(template_words.GLOBALS)
    return made
